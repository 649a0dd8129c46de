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
CREATE INDEX "wecom_response_codes_task" ON "wecom_response_codes" USING btree ("task_id","received_at");--> statement-breakpoint
CREATE INDEX "wecom_response_codes_msgid" ON "wecom_response_codes" USING btree ("msgid");--> statement-breakpoint
CREATE INDEX "wecom_sends_tried_at" ON "wecom_sends" USING btree ("tried_at");