CREATE TABLE "audit_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"place" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "place" bigint;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "hash" text;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "employee_id" uuid;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "roles" text[] DEFAULT '{"admin"}' NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "department_codes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "way" text DEFAULT 'server' NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "renewed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "previous_hash" text;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "seen_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "audit_of_actor" ON "audit" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_of_action" ON "audit" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "credentials_previous" ON "credentials" USING btree ("previous_hash");--> statement-breakpoint
CREATE INDEX "credentials_of_employee" ON "credentials" USING btree ("employee_id");--> statement-breakpoint
ALTER TABLE "audit" ADD CONSTRAINT "audit_place_unique" UNIQUE("place");