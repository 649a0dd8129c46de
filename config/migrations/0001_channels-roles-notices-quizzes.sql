CREATE TABLE "dingtalk_cards" (
	"out_track_id" text PRIMARY KEY NOT NULL,
	"carrier_id" text,
	"conversation_id" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dingtalk_sessions" (
	"account" text NOT NULL,
	"place" text NOT NULL,
	"webhook" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "dingtalk_sessions_account_place_pk" PRIMARY KEY("account","place")
);
--> statement-breakpoint
CREATE TABLE "dingtalk_words" (
	"token" text PRIMARY KEY NOT NULL,
	"action_id" text NOT NULL,
	"inputs" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wecom_chats" (
	"chat_id" text PRIMARY KEY NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wecom_response_codes" (
	"code" text PRIMARY KEY NOT NULL,
	"task_id" text NOT NULL,
	"msgid" text,
	"received_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "wecom_robot_calls" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"call" jsonb NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"taken_at" timestamp with time zone,
	"answer" jsonb
);
--> statement-breakpoint
CREATE TABLE "wecom_sends" (
	"key" text PRIMARY KEY NOT NULL,
	"call_id" text NOT NULL,
	"media_id" text,
	"result" jsonb,
	"tried_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "open_questions" (
	"employee_id" uuid NOT NULL,
	"chat" text NOT NULL,
	"command" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "open_questions_employee_id_chat_pk" PRIMARY KEY("employee_id","chat")
);
--> statement-breakpoint
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
CREATE TABLE "audit_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"place" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "department_identities" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"platform_id" text NOT NULL,
	"department_id" uuid NOT NULL,
	CONSTRAINT "department_identities_channel_account_platform_id_pk" PRIMARY KEY("channel","account","platform_id")
);
--> statement-breakpoint
CREATE TABLE "directory_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"cause" text NOT NULL,
	"state" text NOT NULL,
	"cursor" text,
	"claimed_until" timestamp with time zone,
	"failures" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"removed" integer DEFAULT 0 NOT NULL,
	"held" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "directory_seen" (
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"platform_id" text NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "directory_seen_run_id_kind_platform_id_pk" PRIMARY KEY("run_id","kind","platform_id")
);
--> statement-breakpoint
CREATE TABLE "faq_calibrations" (
	"version" integer PRIMARY KEY NOT NULL,
	"calibration" jsonb NOT NULL,
	"thresholds" jsonb NOT NULL,
	"report" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "faq_turns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"place" text NOT NULL,
	"text" text NOT NULL,
	"outcome" text NOT NULL,
	"entries" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link_arrivals" (
	"code" text NOT NULL,
	"employee_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "link_arrivals_code_employee_id_pk" PRIMARY KEY("code","employee_id")
);
--> statement-breakpoint
CREATE TABLE "link_scans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"visitor" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "links" (
	"code" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"medium" text NOT NULL,
	"target" text,
	"campaign_id" uuid,
	"by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "department_groups" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"chat_id" text NOT NULL,
	"department_id" uuid NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "department_groups_channel_account_chat_id_pk" PRIMARY KEY("channel","account","chat_id")
);
--> statement-breakpoint
CREATE TABLE "notice_drafts" (
	"employee_id" uuid PRIMARY KEY NOT NULL,
	"step" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"template" text,
	"values" jsonb NOT NULL,
	"departments" jsonb NOT NULL,
	"to_groups" boolean NOT NULL,
	"needs_acknowledgement" boolean NOT NULL,
	"send_at" timestamp with time zone,
	"saw_preview" boolean NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notice_files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"mime" text NOT NULL,
	"path" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notice_messages" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"notice_id" uuid NOT NULL,
	"part" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notice_recipients" (
	"notice_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"department_id" uuid,
	CONSTRAINT "notice_recipients_notice_id_employee_id_pk" PRIMARY KEY("notice_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "notice_responses" (
	"notice_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"response" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "notice_responses_notice_id_employee_id_response_pk" PRIMARY KEY("notice_id","employee_id","response")
);
--> statement-breakpoint
CREATE TABLE "notice_steps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"notice_id" uuid NOT NULL,
	"step" text NOT NULL,
	"by" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notice_templates" (
	"key" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"needs_acknowledgement" boolean NOT NULL,
	"position" integer NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"no" serial NOT NULL,
	"kind" text NOT NULL,
	"format" text NOT NULL,
	"state" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"values" jsonb NOT NULL,
	"fields" jsonb NOT NULL,
	"issuer" text,
	"document_number" text,
	"signatories" jsonb NOT NULL,
	"attachments" jsonb NOT NULL,
	"link" jsonb,
	"needs_acknowledgement" boolean NOT NULL,
	"takes_sign_up" boolean NOT NULL,
	"audience" jsonb NOT NULL,
	"to_groups" boolean NOT NULL,
	"urgent_reason" text,
	"campaign_id" uuid,
	"ladder" jsonb NOT NULL,
	"send_at" timestamp with time zone,
	"sends_when_approved" boolean NOT NULL,
	"corrects" uuid,
	"by_liaison" uuid,
	"prepared_by" jsonb NOT NULL,
	"reviewed_by" jsonb,
	"approved_by" jsonb,
	"approval_until" timestamp with time zone,
	"approved_for" integer,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	CONSTRAINT "notices_no_unique" UNIQUE("no")
);
--> statement-breakpoint
CREATE TABLE "question_versions" (
	"question_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "question_versions_question_id_version_pk" PRIMARY KEY("question_id","version")
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"feature" text NOT NULL,
	"area" text NOT NULL,
	"level" text NOT NULL,
	"tags" text[] NOT NULL,
	"review" text NOT NULL,
	"content" jsonb NOT NULL,
	"version" integer NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone,
	CONSTRAINT "questions_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "quiz_answers" (
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"position" integer NOT NULL,
	"given" jsonb NOT NULL,
	"share" double precision NOT NULL,
	"answered_at" timestamp with time zone NOT NULL,
	"taken_ms" integer NOT NULL,
	"channel" text NOT NULL,
	"event_key" text NOT NULL,
	CONSTRAINT "quiz_answers_quiz_id_employee_id_attempt_position_pk" PRIMARY KEY("quiz_id","employee_id","attempt","position")
);
--> statement-breakpoint
CREATE TABLE "quiz_papers" (
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"items" jsonb NOT NULL,
	"at" integer NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "quiz_papers_quiz_id_employee_id_attempt_pk" PRIMARY KEY("quiz_id","employee_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "quiz_questions" (
	"quiz_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"question_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"slot" integer NOT NULL,
	"day" date,
	"tip" text,
	CONSTRAINT "quiz_questions_quiz_id_position_pk" PRIMARY KEY("quiz_id","position")
);
--> statement-breakpoint
CREATE TABLE "quiz_rescores" (
	"quiz_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"employee_id" uuid NOT NULL,
	"score_before" integer NOT NULL,
	"score_after" integer NOT NULL,
	"rank_before" integer NOT NULL,
	"rank_after" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "quiz_rescores_quiz_id_position_employee_id_pk" PRIMARY KEY("quiz_id","position","employee_id")
);
--> statement-breakpoint
CREATE TABLE "quiz_scores" (
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"score" integer NOT NULL,
	"right" integer NOT NULL,
	"answered" integer NOT NULL,
	"asked" integer NOT NULL,
	"taken_ms" integer NOT NULL,
	"last_at" timestamp with time zone,
	"rank" integer NOT NULL,
	CONSTRAINT "quiz_scores_quiz_id_employee_id_pk" PRIMARY KEY("quiz_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "quiz_withdrawals" (
	"quiz_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "quiz_withdrawals_quiz_id_position_pk" PRIMARY KEY("quiz_id","position")
);
--> statement-breakpoint
CREATE TABLE "quizzes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"campaign_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"file" jsonb NOT NULL,
	"state" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"published_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"approved_at" timestamp with time zone,
	"live_position" integer,
	"live_opened_at" timestamp with time zone,
	"live_closes_at" timestamp with time zone,
	"live_revealed_at" timestamp with time zone,
	CONSTRAINT "quizzes_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "employee_badges" (
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"badge" text NOT NULL,
	"source" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "employee_badges_campaign_id_employee_id_badge_pk" PRIMARY KEY("campaign_id","employee_id","badge")
);
--> statement-breakpoint
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
CREATE TABLE "duty_roster" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"days" text NOT NULL,
	"from_time" text NOT NULL,
	"to_time" text NOT NULL,
	"from_day" date,
	"to_day" date
);
--> statement-breakpoint
CREATE TABLE "ticket_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"actor_id" uuid,
	"text" text,
	"detail" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" integer GENERATED ALWAYS AS IDENTITY (sequence name "tickets_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"state" text NOT NULL,
	"priority" text NOT NULL,
	"question" text NOT NULL,
	"asker_id" uuid NOT NULL,
	"department" text,
	"channel" text,
	"account" text,
	"platform_id" text,
	"transcript" jsonb NOT NULL,
	"facts" jsonb NOT NULL,
	"assignee_id" uuid,
	"merged_into" uuid,
	"opened_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"claimed_at" timestamp with time zone,
	"first_reply_at" timestamp with time zone,
	"escalated_at" timestamp with time zone,
	"solved_at" timestamp with time zone,
	"solution" text,
	"score" integer,
	"comment" text,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"owner" uuid NOT NULL,
	"until" timestamp with time zone NOT NULL
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
DROP INDEX "checkins_of_day";--> statement-breakpoint
DROP INDEX "deliveries_planned";--> statement-breakpoint
DROP INDEX "deliveries_batch";--> statement-breakpoint
DROP INDEX "deliveries_stop";--> statement-breakpoint
DROP INDEX "deliveries_platform_message";--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "place" bigint;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "hash" text;--> statement-breakpoint
ALTER TABLE "faq_misses" ADD COLUMN "state" text DEFAULT 'open' NOT NULL;--> statement-breakpoint
ALTER TABLE "faq_misses" ADD COLUMN "entry_key" text;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "employee_id" uuid;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "roles" text[] DEFAULT '{"admin"}' NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "department_codes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "way" text DEFAULT 'server' NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "renewed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "previous_hash" text;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "not_before" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "way" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "counts_on" date;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "digest_id" uuid;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "sent_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "called_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "confirm_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "importance" smallint DEFAULT 5 NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "pass_reason" text;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "content_hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "audience_members" ADD CONSTRAINT "audience_members_audience_id_audiences_id_fk" FOREIGN KEY ("audience_id") REFERENCES "public"."audiences"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audience_members" ADD CONSTRAINT "audience_members_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employee_tags" ADD CONSTRAINT "employee_tags_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "department_identities" ADD CONSTRAINT "department_identities_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "directory_seen" ADD CONSTRAINT "directory_seen_run_id_directory_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."directory_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_arrivals" ADD CONSTRAINT "link_arrivals_code_links_code_fk" FOREIGN KEY ("code") REFERENCES "public"."links"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_arrivals" ADD CONSTRAINT "link_arrivals_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_scans" ADD CONSTRAINT "link_scans_code_links_code_fk" FOREIGN KEY ("code") REFERENCES "public"."links"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "department_groups" ADD CONSTRAINT "department_groups_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_drafts" ADD CONSTRAINT "notice_drafts_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_messages" ADD CONSTRAINT "notice_messages_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_recipients" ADD CONSTRAINT "notice_recipients_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_recipients" ADD CONSTRAINT "notice_recipients_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_recipients" ADD CONSTRAINT "notice_recipients_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_responses" ADD CONSTRAINT "notice_responses_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_responses" ADD CONSTRAINT "notice_responses_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_steps" ADD CONSTRAINT "notice_steps_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_by_liaison_employees_id_fk" FOREIGN KEY ("by_liaison") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_versions" ADD CONSTRAINT "question_versions_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_answers" ADD CONSTRAINT "quiz_answers_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_papers" ADD CONSTRAINT "quiz_papers_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_questions" ADD CONSTRAINT "quiz_questions_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_questions" ADD CONSTRAINT "quiz_questions_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_scores" ADD CONSTRAINT "quiz_scores_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_withdrawals" ADD CONSTRAINT "quiz_withdrawals_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quizzes" ADD CONSTRAINT "quizzes_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exclusions" ADD CONSTRAINT "exclusions_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_wishes" ADD CONSTRAINT "message_wishes_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiet_rules" ADD CONSTRAINT "quiet_rules_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiet_rules" ADD CONSTRAINT "quiet_rules_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_roster" ADD CONSTRAINT "duty_roster_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_events" ADD CONSTRAINT "ticket_events_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_asker_id_employees_id_fk" FOREIGN KEY ("asker_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_assignee_id_employees_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dingtalk_cards_carrier" ON "dingtalk_cards" USING btree ("carrier_id");--> statement-breakpoint
CREATE INDEX "dingtalk_cards_created" ON "dingtalk_cards" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "dingtalk_words_created" ON "dingtalk_words" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "wecom_response_codes_task" ON "wecom_response_codes" USING btree ("task_id","received_at");--> statement-breakpoint
CREATE INDEX "wecom_response_codes_msgid" ON "wecom_response_codes" USING btree ("msgid");--> statement-breakpoint
CREATE INDEX "wecom_sends_tried_at" ON "wecom_sends" USING btree ("tried_at");--> statement-breakpoint
CREATE INDEX "employee_tags_of_employee" ON "employee_tags" USING btree ("employee_id");--> statement-breakpoint
CREATE UNIQUE INDEX "directory_runs_walking" ON "directory_runs" USING btree ("channel","account") WHERE "directory_runs"."state" = 'walking';--> statement-breakpoint
CREATE INDEX "directory_runs_newest" ON "directory_runs" USING btree ("channel","account","id");--> statement-breakpoint
CREATE INDEX "faq_turns_of_employee" ON "faq_turns" USING btree ("employee_id","place","at");--> statement-breakpoint
CREATE INDEX "faq_turns_by_time" ON "faq_turns" USING btree ("at");--> statement-breakpoint
CREATE INDEX "link_scans_of_code" ON "link_scans" USING btree ("code","at");--> statement-breakpoint
CREATE INDEX "department_groups_of_department" ON "department_groups" USING btree ("department_id");--> statement-breakpoint
CREATE INDEX "notice_messages_of_notice" ON "notice_messages" USING btree ("notice_id","part");--> statement-breakpoint
CREATE INDEX "notice_recipients_of_employee" ON "notice_recipients" USING btree ("employee_id");--> statement-breakpoint
CREATE INDEX "notice_steps_of_notice" ON "notice_steps" USING btree ("notice_id","id");--> statement-breakpoint
CREATE INDEX "notices_of_liaison" ON "notices" USING btree ("by_liaison","sent_at") WHERE "notices"."by_liaison" is not null;--> statement-breakpoint
CREATE INDEX "notices_state" ON "notices" USING btree ("state");--> statement-breakpoint
CREATE INDEX "questions_drawn" ON "questions" USING btree ("area","level") WHERE "questions"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "quiz_answers_of_question" ON "quiz_answers" USING btree ("quiz_id","position");--> statement-breakpoint
CREATE INDEX "quiz_papers_open" ON "quiz_papers" USING btree ("employee_id") WHERE "quiz_papers"."finished_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "quiz_questions_of_day" ON "quiz_questions" USING btree ("quiz_id","day","tip");--> statement-breakpoint
CREATE INDEX "quiz_scores_ranking" ON "quiz_scores" USING btree ("quiz_id","rank","employee_id");--> statement-breakpoint
CREATE INDEX "quizzes_published" ON "quizzes" USING btree ("campaign_id") WHERE "quizzes"."state" = 'published';--> statement-breakpoint
CREATE INDEX "exclusions_of_employee" ON "exclusions" USING btree ("employee_id","from_day");--> statement-breakpoint
CREATE UNIQUE INDEX "quiet_rules_department" ON "quiet_rules" USING btree ("department_id") WHERE "quiet_rules"."department_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "quiet_rules_employee" ON "quiet_rules" USING btree ("employee_id") WHERE "quiet_rules"."employee_id" is not null;--> statement-breakpoint
CREATE INDEX "ticket_events_of_ticket" ON "ticket_events" USING btree ("ticket_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_number" ON "tickets" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_one_open" ON "tickets" USING btree ("asker_id") WHERE "tickets"."state" in ('waiting', 'claimed');--> statement-breakpoint
CREATE INDEX "tickets_by_state" ON "tickets" USING btree ("state","opened_at");--> statement-breakpoint
CREATE INDEX "tickets_of_asker" ON "tickets" USING btree ("asker_id","opened_at");--> statement-breakpoint
CREATE INDEX "tickets_merged" ON "tickets" USING btree ("merged_into") WHERE "tickets"."merged_into" is not null;--> statement-breakpoint
CREATE INDEX "send_batches_open" ON "send_batches" USING btree ("channel","account") WHERE "send_batches"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "send_batches_done" ON "send_batches" USING btree ("done_at") WHERE "send_batches"."state" = 'done';--> statement-breakpoint
CREATE INDEX "send_stops_active" ON "send_stops" USING btree ("since") WHERE "send_stops"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "audit_of_actor" ON "audit" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_of_action" ON "audit" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "credentials_previous" ON "credentials" USING btree ("previous_hash");--> statement-breakpoint
CREATE INDEX "credentials_of_employee" ON "credentials" USING btree ("employee_id");--> statement-breakpoint
CREATE INDEX "deliveries_held" ON "deliveries" USING btree ("not_before") WHERE "deliveries"."state" = 'held';--> statement-breakpoint
CREATE INDEX "deliveries_budget" ON "deliveries" USING btree ("employee_id","counts_on") WHERE "deliveries"."counts_on" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_called" ON "deliveries" USING btree ("platform_id","called_at") WHERE "deliveries"."called_at" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_confirm" ON "deliveries" USING btree ("confirm_at") WHERE "deliveries"."confirm_at" is not null;--> statement-breakpoint
CREATE INDEX "checkins_of_day" ON "checkins" USING btree ("campaign_id","day","employee_id");--> statement-breakpoint
CREATE INDEX "deliveries_planned" ON "deliveries" USING btree ("channel","account","message_id") WHERE "deliveries"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "deliveries_batch" ON "deliveries" USING btree ("batch_id") WHERE "deliveries"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "deliveries_stop" ON "deliveries" USING btree ("stop_key","employee_id") WHERE "deliveries"."stop_key" is not null and "deliveries"."state" in ('planned', 'held', 'queued');--> statement-breakpoint
CREATE INDEX "deliveries_platform_message" ON "deliveries" USING btree ("channel","platform_message_id") WHERE "deliveries"."platform_message_id" is not null;--> statement-breakpoint
ALTER TABLE "audit" ADD CONSTRAINT "audit_place_unique" UNIQUE("place");--> statement-breakpoint
-- What 0.1 was sending when it was stopped: nobody knows whether it arrived.
UPDATE "deliveries" SET "state" = 'unknown', "reason" = 'answer-lost' WHERE "state" = 'sending';--> statement-breakpoint
-- Batches are rows of their own from now on; what waited for its job is planned anew.
UPDATE "deliveries" SET "state" = 'planned', "batch_id" = NULL WHERE "state" = 'queued';
