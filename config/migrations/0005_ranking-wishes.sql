CREATE TABLE "ranking_wishes" (
	"employee_id" uuid PRIMARY KEY NOT NULL,
	"hidden" boolean NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "ranking_wishes" ADD CONSTRAINT "ranking_wishes_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;