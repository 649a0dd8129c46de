CREATE TABLE "training_attendance" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"training_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"present" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"day" date NOT NULL,
	"late" boolean NOT NULL,
	"minutes" integer,
	"source" text NOT NULL,
	"grade" text NOT NULL,
	"by" jsonb NOT NULL,
	"reason" text,
	"corrects" uuid,
	"channel" text,
	"event_key" text
);
--> statement-breakpoint
CREATE TABLE "training_code_misses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_materials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"no" serial NOT NULL,
	"training_id" uuid NOT NULL,
	"label" text NOT NULL,
	"owner_id" uuid,
	"done_at" timestamp with time zone,
	"done_by" jsonb,
	"gap_reason" text,
	"gap_by" jsonb,
	"gap_at" timestamp with time zone,
	CONSTRAINT "training_materials_no_unique" UNIQUE("no")
);
--> statement-breakpoint
CREATE TABLE "training_quotas" (
	"training_id" uuid NOT NULL,
	"department_id" uuid NOT NULL,
	"seats" integer NOT NULL,
	CONSTRAINT "training_quotas_training_id_department_id_pk" PRIMARY KEY("training_id","department_id")
);
--> statement-breakpoint
CREATE TABLE "training_ratings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"training_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"score" smallint NOT NULL,
	"comment" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_scans" (
	"code" text PRIMARY KEY NOT NULL,
	"training_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"used_by" uuid
);
--> statement-breakpoint
CREATE TABLE "training_series" (
	"id" uuid PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_signup_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"training_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_signups" (
	"training_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"state" text NOT NULL,
	"turn" uuid NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "training_signups_training_id_employee_id_pk" PRIMARY KEY("training_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "trainings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"no" serial NOT NULL,
	"series_id" uuid,
	"title" text NOT NULL,
	"about" text NOT NULL,
	"kind" text NOT NULL,
	"form" text NOT NULL,
	"scope" text NOT NULL,
	"lecturer" text NOT NULL,
	"place" text,
	"link" text,
	"zone" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"seats" integer,
	"walk_ins" boolean NOT NULL,
	"late_after_minutes" integer NOT NULL,
	"least_minutes" integer NOT NULL,
	"reminders" jsonb NOT NULL,
	"material_links" jsonb NOT NULL,
	"quiz_key" text,
	"recording_url" text,
	"recording_told_at" timestamp with time zone,
	"state" text NOT NULL,
	"link_code" text,
	"revision" integer DEFAULT 0 NOT NULL,
	"changed_at" timestamp with time zone,
	"cancel_reason" text,
	"ready_at" timestamp with time zone,
	"ready_by" jsonb,
	"opened_at" timestamp with time zone,
	"wrapped_up_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" jsonb NOT NULL,
	CONSTRAINT "trainings_no_unique" UNIQUE("no")
);
--> statement-breakpoint
ALTER TABLE "training_attendance" ADD CONSTRAINT "training_attendance_training_id_trainings_id_fk" FOREIGN KEY ("training_id") REFERENCES "public"."trainings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_attendance" ADD CONSTRAINT "training_attendance_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_materials" ADD CONSTRAINT "training_materials_training_id_trainings_id_fk" FOREIGN KEY ("training_id") REFERENCES "public"."trainings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_materials" ADD CONSTRAINT "training_materials_owner_id_employees_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_quotas" ADD CONSTRAINT "training_quotas_training_id_trainings_id_fk" FOREIGN KEY ("training_id") REFERENCES "public"."trainings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_quotas" ADD CONSTRAINT "training_quotas_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_ratings" ADD CONSTRAINT "training_ratings_training_id_trainings_id_fk" FOREIGN KEY ("training_id") REFERENCES "public"."trainings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_ratings" ADD CONSTRAINT "training_ratings_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_scans" ADD CONSTRAINT "training_scans_training_id_trainings_id_fk" FOREIGN KEY ("training_id") REFERENCES "public"."trainings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_signup_events" ADD CONSTRAINT "training_signup_events_training_id_trainings_id_fk" FOREIGN KEY ("training_id") REFERENCES "public"."trainings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_signup_events" ADD CONSTRAINT "training_signup_events_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_signups" ADD CONSTRAINT "training_signups_training_id_trainings_id_fk" FOREIGN KEY ("training_id") REFERENCES "public"."trainings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_signups" ADD CONSTRAINT "training_signups_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_series_id_training_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."training_series"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "training_attendance_first" ON "training_attendance" USING btree ("training_id","employee_id") WHERE "training_attendance"."corrects" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "training_attendance_corrects" ON "training_attendance" USING btree ("corrects") WHERE "training_attendance"."corrects" is not null;--> statement-breakpoint
CREATE INDEX "training_attendance_seq" ON "training_attendance" USING btree ("training_id","seq");--> statement-breakpoint
CREATE INDEX "training_attendance_of_employee" ON "training_attendance" USING btree ("employee_id","day");--> statement-breakpoint
CREATE INDEX "training_code_misses_of" ON "training_code_misses" USING btree ("employee_id","at");--> statement-breakpoint
CREATE INDEX "training_materials_of" ON "training_materials" USING btree ("training_id","no");--> statement-breakpoint
CREATE INDEX "training_materials_open" ON "training_materials" USING btree ("owner_id") WHERE "training_materials"."done_at" is null;--> statement-breakpoint
CREATE INDEX "training_ratings_of" ON "training_ratings" USING btree ("training_id","employee_id","id");--> statement-breakpoint
CREATE INDEX "training_signup_events_of" ON "training_signup_events" USING btree ("training_id","id");--> statement-breakpoint
CREATE INDEX "training_signups_of_employee" ON "training_signups" USING btree ("employee_id") WHERE "training_signups"."state" <> 'cancelled';--> statement-breakpoint
CREATE INDEX "trainings_starts" ON "trainings" USING btree ("starts_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "trainings_link" ON "trainings" USING btree ("link_code") WHERE "trainings"."link_code" is not null;