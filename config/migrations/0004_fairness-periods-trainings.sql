CREATE TABLE "picture_keys" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"kind" text NOT NULL,
	"digest" text NOT NULL,
	"key" text NOT NULL,
	"until" timestamp with time zone,
	CONSTRAINT "picture_keys_channel_account_kind_digest_pk" PRIMARY KEY("channel","account","kind","digest")
);
--> statement-breakpoint
CREATE TABLE "faq_asked" (
	"id" uuid PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"outcome" text NOT NULL,
	"entry_key" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "evidence_flags" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"campaign_id" uuid,
	"employee_ids" uuid[] NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"times" integer NOT NULL,
	"detail" jsonb,
	"found_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"decided_by" text,
	"decided_reason" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "evidence_flags_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "foreign_taps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "health_minutes" (
	"minute" timestamp with time zone NOT NULL,
	"subject" text NOT NULL,
	"process" text NOT NULL,
	"ok" boolean NOT NULL,
	"reason" text,
	CONSTRAINT "health_minutes_minute_subject_process_pk" PRIMARY KEY("minute","subject","process")
);
--> statement-breakpoint
CREATE TABLE "earn_back_answers" (
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"tip_id" uuid NOT NULL,
	"day" date NOT NULL,
	"right" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "earn_back_answers_campaign_id_employee_id_day_tip_id_pk" PRIMARY KEY("campaign_id","employee_id","day","tip_id")
);
--> statement-breakpoint
CREATE TABLE "earn_backs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"day" date NOT NULL,
	"period_from" date NOT NULL,
	"answers" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "makeup_decisions" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"outcome" text NOT NULL,
	"by" text NOT NULL,
	"reason" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "makeup_drafts" (
	"employee_id" uuid PRIMARY KEY NOT NULL,
	"day" date,
	"request_id" uuid,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "makeup_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"day" date NOT NULL,
	"period_from" date NOT NULL,
	"reason" text NOT NULL,
	"approver" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "appeal_decisions" (
	"appeal_id" uuid PRIMARY KEY NOT NULL,
	"outcome" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"by_name" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "appeals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"no" serial NOT NULL,
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"day" date NOT NULL,
	"reason" text NOT NULL,
	"trail" jsonb NOT NULL,
	"answer_by" date NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "performance_periods" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"name" text NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"state" text NOT NULL,
	"objections_until" date,
	"prepared_by" text,
	"prepared_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "performance_results" (
	"run_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"employee_id" uuid NOT NULL,
	"row" jsonb NOT NULL,
	"receipt" text NOT NULL,
	CONSTRAINT "performance_results_run_id_place_pk" PRIMARY KEY("run_id","place")
);
--> statement-breakpoint
CREATE TABLE "performance_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"period_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"revision" integer,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"reason" text NOT NULL,
	"prepared_by" text NOT NULL,
	"confirmed_by" text,
	"requested_at" timestamp with time zone NOT NULL,
	"as_of" timestamp with time zone,
	"rule_version" integer,
	"calendar_id" uuid,
	"people" integer,
	"receipt" text,
	"corrects" text,
	"package_path" text,
	"package_bytes" integer,
	"package_sha256" text
);
--> statement-breakpoint
CREATE TABLE "performance_rule_draft_rows" (
	"draft_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"employee_id" uuid NOT NULL,
	"number" text NOT NULL,
	"name" text NOT NULL,
	"department" text,
	"period" text NOT NULL,
	"before" jsonb,
	"after" jsonb NOT NULL,
	"verdict" text NOT NULL,
	CONSTRAINT "performance_rule_draft_rows_draft_id_place_pk" PRIMARY KEY("draft_id","place")
);
--> statement-breakpoint
CREATE TABLE "performance_rule_drafts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"rule" jsonb NOT NULL,
	"from_day" date NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"against" integer,
	"counts" jsonb,
	"compared_at" timestamp with time zone,
	"published_version" integer
);
--> statement-breakpoint
CREATE TABLE "data_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "privacy_notices" (
	"version" integer PRIMARY KEY NOT NULL,
	"basis" text NOT NULL,
	"texts" jsonb NOT NULL,
	"contact" text NOT NULL,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "privacy_shown" (
	"employee_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"channel" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "privacy_shown_employee_id_version_pk" PRIMARY KEY("employee_id","version")
);
--> statement-breakpoint
CREATE TABLE "retention_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"class" text NOT NULL,
	"keep_days" integer NOT NULL,
	"older_than" timestamp with time zone NOT NULL,
	"deleted" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quiz_certificate_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"name" text NOT NULL,
	"locale" text NOT NULL,
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"platform_id" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "quiz_certificates" (
	"code" text PRIMARY KEY NOT NULL,
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ranking_wishes" (
	"employee_id" uuid PRIMARY KEY NOT NULL,
	"hidden" boolean NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
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
ALTER TABLE "task_completions" DROP CONSTRAINT "task_completions_campaign_id_employee_id_day_task_pk";--> statement-breakpoint
ALTER TABLE "task_completions" ADD CONSTRAINT "task_completions_campaign_id_employee_id_day_task_grade_pk" PRIMARY KEY("campaign_id","employee_id","day","task","grade");--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "tip_order_in_file" jsonb;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "hidden_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "faq_entries" ADD COLUMN "steps" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "faq_entries" ADD COLUMN "attachments" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "faq_feedback" ADD COLUMN "comment" text;--> statement-breakpoint
ALTER TABLE "notice_drafts" ADD COLUMN "corrects" uuid;--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "rings" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "supplement" integer;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "purpose" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "decided_by" uuid;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "decided_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "refusal" text;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "reply_to" text;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "rings" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "makeup_decisions" ADD CONSTRAINT "makeup_decisions_request_id_makeup_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."makeup_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeal_decisions" ADD CONSTRAINT "appeal_decisions_appeal_id_appeals_id_fk" FOREIGN KEY ("appeal_id") REFERENCES "public"."appeals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performance_results" ADD CONSTRAINT "performance_results_run_id_performance_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."performance_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performance_runs" ADD CONSTRAINT "performance_runs_period_id_performance_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."performance_periods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performance_rule_draft_rows" ADD CONSTRAINT "performance_rule_draft_rows_draft_id_performance_rule_drafts_id_fk" FOREIGN KEY ("draft_id") REFERENCES "public"."performance_rule_drafts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_certificate_requests" ADD CONSTRAINT "quiz_certificate_requests_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_certificates" ADD CONSTRAINT "quiz_certificates_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ranking_wishes" ADD CONSTRAINT "ranking_wishes_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
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
CREATE INDEX "faq_asked_by_time" ON "faq_asked" USING btree ("at");--> statement-breakpoint
CREATE INDEX "foreign_taps_at" ON "foreign_taps" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "earn_backs_day" ON "earn_backs" USING btree ("campaign_id","employee_id","day");--> statement-breakpoint
CREATE INDEX "makeup_requests_of_employee" ON "makeup_requests" USING btree ("campaign_id","employee_id","day");--> statement-breakpoint
CREATE UNIQUE INDEX "appeals_no" ON "appeals" USING btree ("no");--> statement-breakpoint
CREATE UNIQUE INDEX "appeals_of_day" ON "appeals" USING btree ("campaign_id","employee_id","day");--> statement-breakpoint
CREATE INDEX "appeals_by_age" ON "appeals" USING btree ("at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "performance_periods_first" ON "performance_periods" USING btree ("campaign_id","from_day");--> statement-breakpoint
CREATE UNIQUE INDEX "performance_results_of_employee" ON "performance_results" USING btree ("run_id","employee_id");--> statement-breakpoint
CREATE UNIQUE INDEX "performance_runs_open" ON "performance_runs" USING btree ("period_id") WHERE "performance_runs"."state" = 'requested';--> statement-breakpoint
CREATE UNIQUE INDEX "performance_runs_revision" ON "performance_runs" USING btree ("period_id","revision");--> statement-breakpoint
CREATE INDEX "performance_runs_of_period" ON "performance_runs" USING btree ("period_id","id");--> statement-breakpoint
CREATE INDEX "performance_rule_drafts_of_campaign" ON "performance_rule_drafts" USING btree ("campaign_id","id");--> statement-breakpoint
CREATE INDEX "data_requests_of_employee" ON "data_requests" USING btree ("employee_id");--> statement-breakpoint
CREATE INDEX "quiz_certificate_requests_open" ON "quiz_certificate_requests" USING btree ("id") WHERE "quiz_certificate_requests"."done_at" is null;--> statement-breakpoint
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
CREATE UNIQUE INDEX "trainings_link" ON "trainings" USING btree ("link_code") WHERE "trainings"."link_code" is not null;--> statement-breakpoint
ALTER TABLE "notice_drafts" ADD CONSTRAINT "notice_drafts_corrects_notices_id_fk" FOREIGN KEY ("corrects") REFERENCES "public"."notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exports" ADD CONSTRAINT "exports_decided_by_employees_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "excusals_revokes" ON "excusals" USING btree ("revokes") WHERE "excusals"."revokes" is not null;