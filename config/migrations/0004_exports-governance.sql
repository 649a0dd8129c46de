ALTER TABLE "exports" ADD COLUMN "purpose" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "decided_by" uuid;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "decided_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "refusal" text;--> statement-breakpoint
ALTER TABLE "exports" ADD CONSTRAINT "exports_decided_by_employees_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;