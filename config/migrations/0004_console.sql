CREATE TABLE "audience_members" (
	"audience_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	CONSTRAINT "audience_members_audience_id_employee_id_pk" PRIMARY KEY("audience_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "audiences" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"mode" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone,
	CONSTRAINT "audiences_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "employee_tags" (
	"tag" text NOT NULL,
	"employee_id" uuid NOT NULL,
	CONSTRAINT "employee_tags_tag_employee_id_pk" PRIMARY KEY("tag","employee_id")
);
--> statement-breakpoint
ALTER TABLE "audience_members" ADD CONSTRAINT "audience_members_audience_id_audiences_id_fk" FOREIGN KEY ("audience_id") REFERENCES "public"."audiences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audience_members" ADD CONSTRAINT "audience_members_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employee_tags" ADD CONSTRAINT "employee_tags_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "employee_tags_of_employee" ON "employee_tags" USING btree ("employee_id");