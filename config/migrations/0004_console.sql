CREATE TABLE "audit_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"place" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "place" bigint;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "hash" text;--> statement-breakpoint
CREATE INDEX "audit_of_actor" ON "audit" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_of_action" ON "audit" USING btree ("action","id");--> statement-breakpoint
ALTER TABLE "audit" ADD CONSTRAINT "audit_place_unique" UNIQUE("place");