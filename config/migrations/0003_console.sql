ALTER TABLE "credentials" ADD COLUMN "employee_id" uuid;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "roles" text[] DEFAULT '{"admin"}' NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "department_codes" text[] DEFAULT '{}' NOT NULL;