CREATE TABLE "exclusions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date,
	"created_at" timestamp with time zone NOT NULL,
	"by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "message_wishes" (
	"employee_id" uuid PRIMARY KEY NOT NULL,
	"muted_from" timestamp with time zone,
	"muted_until" timestamp with time zone,
	"preferred_time" text,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quiet_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"department_id" uuid,
	"employee_id" uuid,
	"quiet" jsonb NOT NULL,
	"workdays" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channel_health" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"failures" integer NOT NULL,
	"rests_until" timestamp with time zone,
	"reason" text,
	CONSTRAINT "channel_health_channel_account_pk" PRIMARY KEY("channel","account")
);
--> statement-breakpoint
CREATE TABLE "quota_use" (
	"account" text NOT NULL,
	"quota" text NOT NULL,
	"span" text NOT NULL,
	"used" integer NOT NULL,
	CONSTRAINT "quota_use_account_quota_span_pk" PRIMARY KEY("account","quota","span")
);
--> statement-breakpoint
CREATE TABLE "send_batches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"way" text NOT NULL,
	"priority" text NOT NULL,
	"message_id" uuid,
	"calls" integer NOT NULL,
	"state" text NOT NULL,
	"calling" uuid,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "send_stops" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"scope" text NOT NULL,
	"subject" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"backlog" text
);
--> statement-breakpoint
DROP INDEX "deliveries_planned";--> statement-breakpoint
DROP INDEX "deliveries_batch";--> statement-breakpoint
DROP INDEX "deliveries_stop";--> statement-breakpoint
DROP INDEX "deliveries_platform_message";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "not_before" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "way" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "counts_on" date;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "digest_id" uuid;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "sent_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "called_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "confirm_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "importance" smallint DEFAULT 5 NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "pass_reason" text;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "personal" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "content_hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "exclusions" ADD CONSTRAINT "exclusions_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_wishes" ADD CONSTRAINT "message_wishes_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiet_rules" ADD CONSTRAINT "quiet_rules_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiet_rules" ADD CONSTRAINT "quiet_rules_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "exclusions_of_employee" ON "exclusions" USING btree ("employee_id","from_day");--> statement-breakpoint
CREATE UNIQUE INDEX "quiet_rules_department" ON "quiet_rules" USING btree ("department_id") WHERE "quiet_rules"."department_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "quiet_rules_employee" ON "quiet_rules" USING btree ("employee_id") WHERE "quiet_rules"."employee_id" is not null;--> statement-breakpoint
CREATE INDEX "send_batches_open" ON "send_batches" USING btree ("channel","account") WHERE "send_batches"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "send_batches_done" ON "send_batches" USING btree ("done_at") WHERE "send_batches"."state" = 'done';--> statement-breakpoint
CREATE INDEX "send_stops_active" ON "send_stops" USING btree ("since") WHERE "send_stops"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "deliveries_held" ON "deliveries" USING btree ("not_before") WHERE "deliveries"."state" = 'held';--> statement-breakpoint
CREATE INDEX "deliveries_budget" ON "deliveries" USING btree ("employee_id","counts_on") WHERE "deliveries"."counts_on" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_called" ON "deliveries" USING btree ("platform_id","called_at") WHERE "deliveries"."called_at" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_confirm" ON "deliveries" USING btree ("confirm_at") WHERE "deliveries"."confirm_at" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_planned" ON "deliveries" USING btree ("channel","account","message_id") WHERE "deliveries"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "deliveries_batch" ON "deliveries" USING btree ("batch_id") WHERE "deliveries"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "deliveries_stop" ON "deliveries" USING btree ("stop_key","employee_id") WHERE "deliveries"."stop_key" is not null and "deliveries"."state" in ('planned', 'held', 'queued');--> statement-breakpoint
CREATE INDEX "deliveries_platform_message" ON "deliveries" USING btree ("channel","platform_message_id") WHERE "deliveries"."platform_message_id" is not null;