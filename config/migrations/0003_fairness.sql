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
ALTER TABLE "makeup_decisions" ADD CONSTRAINT "makeup_decisions_request_id_makeup_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."makeup_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "earn_backs_day" ON "earn_backs" USING btree ("campaign_id","employee_id","day");--> statement-breakpoint
CREATE INDEX "makeup_requests_of_employee" ON "makeup_requests" USING btree ("campaign_id","employee_id","day");--> statement-breakpoint
CREATE INDEX "excusals_revokes" ON "excusals" USING btree ("revokes") WHERE "excusals"."revokes" is not null;