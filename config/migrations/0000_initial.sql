CREATE TABLE "audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_days" (
	"campaign_id" uuid NOT NULL,
	"day" date NOT NULL,
	"workday" boolean NOT NULL,
	"ordinal" integer NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "campaign_days_campaign_id_day_pk" PRIMARY KEY("campaign_id","day")
);
--> statement-breakpoint
CREATE TABLE "campaign_phases" (
	"campaign_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"focus" text NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	CONSTRAINT "campaign_phases_campaign_id_position_pk" PRIMARY KEY("campaign_id","position")
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"goal" text NOT NULL,
	"zone" text NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"tip_time" text NOT NULL,
	"reminder_time" text NOT NULL,
	"audience" jsonb NOT NULL,
	"tasks" jsonb NOT NULL,
	"targets" jsonb NOT NULL,
	"points" jsonb NOT NULL,
	"no_repeat_days" integer NOT NULL,
	"tip_order" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"calendar_id" uuid NOT NULL,
	CONSTRAINT "campaigns_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "checkins" (
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"day" date NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"zone" text NOT NULL,
	"grade" text NOT NULL,
	"channel" text NOT NULL,
	"tip_id" uuid,
	CONSTRAINT "checkins_campaign_id_employee_id_day_pk" PRIMARY KEY("campaign_id","employee_id","day")
);
--> statement-breakpoint
CREATE TABLE "streaks" (
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"current" integer NOT NULL,
	"best" integer NOT NULL,
	"counted" integer NOT NULL,
	"last_day" date NOT NULL,
	CONSTRAINT "streaks_campaign_id_employee_id_pk" PRIMARY KEY("campaign_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "task_completions" (
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"day" date NOT NULL,
	"task" text NOT NULL,
	"grade" text NOT NULL,
	"tip_id" uuid,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"channel" text NOT NULL,
	"event_key" text NOT NULL,
	"detail" jsonb,
	CONSTRAINT "task_completions_campaign_id_employee_id_day_task_pk" PRIMARY KEY("campaign_id","employee_id","day","task")
);
--> statement-breakpoint
CREATE TABLE "departments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"parent_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "departments_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "employee_roles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"role" text NOT NULL,
	"department_id" uuid,
	"from_day" date NOT NULL,
	"to_day" date
);
--> statement-breakpoint
CREATE TABLE "employee_zones" (
	"employee_id" uuid NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"zone" text NOT NULL,
	CONSTRAINT "employee_zones_employee_id_since_pk" PRIMARY KEY("employee_id","since")
);
--> statement-breakpoint
CREATE TABLE "employees" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"name" text NOT NULL,
	"position" text,
	"locale" text NOT NULL,
	"zone" text NOT NULL,
	"level" text NOT NULL,
	"joined_on" date,
	"left_on" date,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "employees_number_unique" UNIQUE("number")
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"platform_id" text NOT NULL,
	"employee_id" uuid NOT NULL,
	CONSTRAINT "identities_channel_account_platform_id_pk" PRIMARY KEY("channel","account","platform_id")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"department_id" uuid NOT NULL,
	"main" boolean NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date
);
--> statement-breakpoint
CREATE TABLE "faq_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"question" text NOT NULL,
	"similar" text[] NOT NULL,
	"answer" text NOT NULL,
	"tags" text[] NOT NULL,
	"product_version" text,
	"departments" text[] NOT NULL,
	"valid_from" date,
	"valid_until" date,
	"review" text NOT NULL,
	"active" boolean NOT NULL,
	"version" integer NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone,
	CONSTRAINT "faq_entries_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "faq_feedback" (
	"id" uuid PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"employee_id" uuid NOT NULL,
	"thumb" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "faq_misses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"department" text,
	"context" text NOT NULL,
	"outcome" text NOT NULL,
	"candidates" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "faq_revision" (
	"id" integer PRIMARY KEY NOT NULL,
	"revision" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "faq_versions" (
	"entry_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "faq_versions_entry_id_version_pk" PRIMARY KEY("entry_id","version")
);
--> statement-breakpoint
CREATE TABLE "exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"format" text NOT NULL,
	"part" text,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"state" text NOT NULL,
	"requested_by_kind" text NOT NULL,
	"requested_by" text NOT NULL,
	"answer_to" jsonb,
	"attempts" integer DEFAULT 0 NOT NULL,
	"file_name" text NOT NULL,
	"path" text,
	"people" integer,
	"rows" integer,
	"bytes" integer,
	"sha256" text,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "point_balances" (
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"balance" integer NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "point_balances_campaign_id_employee_id_pk" PRIMARY KEY("campaign_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "point_entries" (
	"transfer_id" uuid NOT NULL,
	"key" text NOT NULL,
	"account_kind" text NOT NULL,
	"account_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"amount" integer NOT NULL,
	"reason" text NOT NULL,
	"reverses" uuid,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "point_entries_key_account_kind_pk" PRIMARY KEY("key","account_kind")
);
--> statement-breakpoint
CREATE TABLE "tip_days" (
	"campaign_id" uuid NOT NULL,
	"day" date NOT NULL,
	"track" text NOT NULL,
	"tip_id" uuid NOT NULL,
	"chosen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "tip_days_campaign_id_day_track_pk" PRIMARY KEY("campaign_id","day","track")
);
--> statement-breakpoint
CREATE TABLE "tip_reactions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tip_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"reaction" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tips" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"try_now" text NOT NULL,
	"feature" text NOT NULL,
	"area" text NOT NULL,
	"scene" text NOT NULL,
	"tags" text[] NOT NULL,
	"level" text NOT NULL,
	"version" text,
	"departments" text[] NOT NULL,
	"question" jsonb,
	"owner" text,
	"valid_until" date,
	"retired_at" timestamp with time zone,
	"position" integer NOT NULL,
	CONSTRAINT "tips_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "credentials_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "idempotent_writes" (
	"credential_id" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"content_type" text,
	"body" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotent_writes_credential_id_key_pk" PRIMARY KEY("credential_id","key")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"event_key" text NOT NULL,
	"employee_id" uuid,
	"command" text,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "inbox_channel_account_event_key_pk" PRIMARY KEY("channel","account","event_key")
);
--> statement-breakpoint
CREATE TABLE "manual_clock" (
	"id" integer PRIMARY KEY NOT NULL,
	"now" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"message_id" uuid NOT NULL,
	"recipient" text NOT NULL,
	"employee_id" uuid,
	"address_kind" text NOT NULL,
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"platform_id" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"stop_key" text,
	"expires_at" timestamp with time zone,
	"batch_id" uuid,
	"attempts" integer DEFAULT 0 NOT NULL,
	"platform_message_id" text,
	"planned_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "deliveries_message_id_recipient_pk" PRIMARY KEY("message_id","recipient")
);
--> statement-breakpoint
CREATE TABLE "outbox_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"priority" text NOT NULL,
	"content" jsonb NOT NULL,
	"campaign_id" uuid,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_groups" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_members" (
	"group_id" text NOT NULL,
	"platform_id" text NOT NULL,
	"read_through" uuid,
	CONSTRAINT "sandbox_members_group_id_platform_id_pk" PRIMARY KEY("group_id","platform_id")
);
--> statement-breakpoint
CREATE TABLE "sandbox_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chat_id" text NOT NULL,
	"sender" text NOT NULL,
	"content" jsonb NOT NULL,
	"dispatch_key" text NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	"recalled_at" timestamp with time zone,
	CONSTRAINT "sandbox_messages_once" UNIQUE("dispatch_key")
);
--> statement-breakpoint
CREATE TABLE "schedule_runs" (
	"schedule_id" uuid NOT NULL,
	"schedule_key" text NOT NULL,
	"slot" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "schedule_runs_schedule_id_slot_pk" PRIMARY KEY("schedule_id","slot")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"job" text NOT NULL,
	"payload" jsonb NOT NULL,
	"cron" text,
	"zone" text NOT NULL,
	"calendar" text NOT NULL,
	"misfire" jsonb NOT NULL,
	"next_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp with time zone,
	"until" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "schedules_key_unique" UNIQUE("key")
);
--> statement-breakpoint
ALTER TABLE "campaign_days" ADD CONSTRAINT "campaign_days_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_phases" ADD CONSTRAINT "campaign_phases_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employee_roles" ADD CONSTRAINT "employee_roles_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employee_roles" ADD CONSTRAINT "employee_roles_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employee_zones" ADD CONSTRAINT "employee_zones_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_feedback" ADD CONSTRAINT "faq_feedback_entry_id_faq_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."faq_entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_versions" ADD CONSTRAINT "faq_versions_entry_id_faq_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."faq_entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tip_days" ADD CONSTRAINT "tip_days_tip_id_tips_id_fk" FOREIGN KEY ("tip_id") REFERENCES "public"."tips"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tip_reactions" ADD CONSTRAINT "tip_reactions_tip_id_tips_id_fk" FOREIGN KEY ("tip_id") REFERENCES "public"."tips"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_message_id_outbox_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."outbox_messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sandbox_members" ADD CONSTRAINT "sandbox_members_group_id_sandbox_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."sandbox_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at");--> statement-breakpoint
CREATE INDEX "campaign_days_ordinal" ON "campaign_days" USING btree ("campaign_id","ordinal");--> statement-breakpoint
CREATE INDEX "checkins_of_day" ON "checkins" USING btree ("campaign_id","day");--> statement-breakpoint
CREATE INDEX "departments_parent" ON "departments" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "employee_roles_of_employee" ON "employee_roles" USING btree ("employee_id");--> statement-breakpoint
CREATE INDEX "employees_zone" ON "employees" USING btree ("zone");--> statement-breakpoint
CREATE INDEX "identities_of_employee" ON "identities" USING btree ("employee_id");--> statement-breakpoint
CREATE INDEX "memberships_of_employee" ON "memberships" USING btree ("employee_id","from_day");--> statement-breakpoint
CREATE INDEX "memberships_of_department" ON "memberships" USING btree ("department_id") WHERE "memberships"."to_day" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_one_main" ON "memberships" USING btree ("employee_id") WHERE "memberships"."main" and "memberships"."to_day" is null;--> statement-breakpoint
CREATE INDEX "faq_feedback_of_entry" ON "faq_feedback" USING btree ("entry_id","version");--> statement-breakpoint
CREATE INDEX "faq_misses_by_time" ON "faq_misses" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "exports_requested" ON "exports" USING btree ("created_at") WHERE "exports"."state" = 'requested';--> statement-breakpoint
CREATE INDEX "exports_expiring" ON "exports" USING btree ("expires_at") WHERE "exports"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "point_balances_ranking" ON "point_balances" USING btree ("campaign_id","balance","changed_at");--> statement-breakpoint
CREATE INDEX "point_entries_of_account" ON "point_entries" USING btree ("account_id","at");--> statement-breakpoint
CREATE INDEX "tip_reactions_of_tip" ON "tip_reactions" USING btree ("tip_id","employee_id","at");--> statement-breakpoint
CREATE INDEX "idempotent_writes_at" ON "idempotent_writes" USING btree ("at");--> statement-breakpoint
CREATE INDEX "deliveries_planned" ON "deliveries" USING btree ("planned_at") WHERE "deliveries"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "deliveries_batch" ON "deliveries" USING btree ("batch_id") WHERE "deliveries"."state" in ('queued', 'sending');--> statement-breakpoint
CREATE INDEX "deliveries_stop" ON "deliveries" USING btree ("stop_key","employee_id") WHERE "deliveries"."state" in ('planned', 'queued');--> statement-breakpoint
CREATE INDEX "deliveries_of_employee" ON "deliveries" USING btree ("employee_id","planned_at");--> statement-breakpoint
CREATE INDEX "deliveries_platform_message" ON "deliveries" USING btree ("channel","platform_message_id");--> statement-breakpoint
CREATE INDEX "outbox_messages_campaign" ON "outbox_messages" USING btree ("campaign_id","created_at") WHERE "outbox_messages"."campaign_id" is not null;--> statement-breakpoint
CREATE INDEX "sandbox_members_person" ON "sandbox_members" USING btree ("platform_id");--> statement-breakpoint
CREATE INDEX "sandbox_messages_chat" ON "sandbox_messages" USING btree ("chat_id","id");--> statement-breakpoint
CREATE INDEX "sandbox_messages_unread" ON "sandbox_messages" USING btree ("chat_id") WHERE "sandbox_messages"."read_at" is null and "sandbox_messages"."sender" = 'bot';--> statement-breakpoint
CREATE INDEX "schedule_runs_at" ON "schedule_runs" USING btree ("at");--> statement-breakpoint
CREATE INDEX "schedules_next" ON "schedules" USING btree ("next_at") WHERE "schedules"."next_at" is not null;