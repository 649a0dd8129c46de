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
CREATE INDEX "dingtalk_cards_carrier" ON "dingtalk_cards" USING btree ("carrier_id");--> statement-breakpoint
CREATE INDEX "dingtalk_cards_created" ON "dingtalk_cards" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "dingtalk_words_created" ON "dingtalk_words" USING btree ("created_at");