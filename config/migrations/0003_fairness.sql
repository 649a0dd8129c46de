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
ALTER TABLE "task_completions" DROP CONSTRAINT "task_completions_campaign_id_employee_id_day_task_pk";--> statement-breakpoint
ALTER TABLE "task_completions" ADD CONSTRAINT "task_completions_campaign_id_employee_id_day_task_grade_pk" PRIMARY KEY("campaign_id","employee_id","day","task","grade");--> statement-breakpoint
ALTER TABLE "makeup_decisions" ADD CONSTRAINT "makeup_decisions_request_id_makeup_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."makeup_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "foreign_taps_at" ON "foreign_taps" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "earn_backs_day" ON "earn_backs" USING btree ("campaign_id","employee_id","day");--> statement-breakpoint
CREATE INDEX "makeup_requests_of_employee" ON "makeup_requests" USING btree ("campaign_id","employee_id","day");--> statement-breakpoint
CREATE INDEX "excusals_revokes" ON "excusals" USING btree ("revokes") WHERE "excusals"."revokes" is not null;