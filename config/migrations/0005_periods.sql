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
ALTER TABLE "exports" ADD COLUMN "supplement" integer;--> statement-breakpoint
ALTER TABLE "appeal_decisions" ADD CONSTRAINT "appeal_decisions_appeal_id_appeals_id_fk" FOREIGN KEY ("appeal_id") REFERENCES "public"."appeals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performance_results" ADD CONSTRAINT "performance_results_run_id_performance_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."performance_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performance_runs" ADD CONSTRAINT "performance_runs_period_id_performance_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."performance_periods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performance_rule_draft_rows" ADD CONSTRAINT "performance_rule_draft_rows_draft_id_performance_rule_drafts_id_fk" FOREIGN KEY ("draft_id") REFERENCES "public"."performance_rule_drafts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "appeals_no" ON "appeals" USING btree ("no");--> statement-breakpoint
CREATE UNIQUE INDEX "appeals_of_day" ON "appeals" USING btree ("campaign_id","employee_id","day");--> statement-breakpoint
CREATE INDEX "appeals_by_age" ON "appeals" USING btree ("at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "performance_periods_first" ON "performance_periods" USING btree ("campaign_id","from_day");--> statement-breakpoint
CREATE UNIQUE INDEX "performance_results_of_employee" ON "performance_results" USING btree ("run_id","employee_id");--> statement-breakpoint
CREATE UNIQUE INDEX "performance_runs_open" ON "performance_runs" USING btree ("period_id") WHERE "performance_runs"."state" = 'requested';--> statement-breakpoint
CREATE UNIQUE INDEX "performance_runs_revision" ON "performance_runs" USING btree ("period_id","revision");--> statement-breakpoint
CREATE INDEX "performance_runs_of_period" ON "performance_runs" USING btree ("period_id","id");--> statement-breakpoint
CREATE INDEX "performance_rule_drafts_of_campaign" ON "performance_rule_drafts" USING btree ("campaign_id","id");