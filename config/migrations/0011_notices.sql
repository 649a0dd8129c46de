CREATE TABLE "open_questions" (
	"employee_id" uuid NOT NULL,
	"chat" text NOT NULL,
	"command" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "open_questions_employee_id_chat_pk" PRIMARY KEY("employee_id","chat")
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
CREATE INDEX "link_scans_of_code" ON "link_scans" USING btree ("code","at");--> statement-breakpoint
CREATE INDEX "department_groups_of_department" ON "department_groups" USING btree ("department_id");--> statement-breakpoint
CREATE INDEX "notice_messages_of_notice" ON "notice_messages" USING btree ("notice_id","part");--> statement-breakpoint
CREATE INDEX "notice_recipients_of_employee" ON "notice_recipients" USING btree ("employee_id");--> statement-breakpoint
CREATE INDEX "notice_steps_of_notice" ON "notice_steps" USING btree ("notice_id","id");--> statement-breakpoint
CREATE INDEX "notices_of_liaison" ON "notices" USING btree ("by_liaison","sent_at") WHERE "notices"."by_liaison" is not null;--> statement-breakpoint
CREATE INDEX "notices_state" ON "notices" USING btree ("state");