CREATE TABLE "campaign_point_rules" (
	"campaign_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"rules" jsonb NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "campaign_point_rules_campaign_id_version_pk" PRIMARY KEY("campaign_id","version")
);
--> statement-breakpoint
CREATE TABLE "point_expiries" (
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"month" date NOT NULL,
	"amount" integer NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"expires_on" date NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "point_expiries_campaign_id_employee_id_month_pk" PRIMARY KEY("campaign_id","employee_id","month")
);
--> statement-breakpoint
DROP INDEX "point_entries_of_account";--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "expected" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "person" uuid;--> statement-breakpoint
ALTER TABLE "point_entries" ADD COLUMN "rule_version" integer;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "made_by" uuid;--> statement-breakpoint
ALTER TABLE "campaign_point_rules" ADD CONSTRAINT "campaign_point_rules_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "point_expiries_due" ON "point_expiries" USING btree ("campaign_id","expires_on") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "excused_days_of_day" ON "excused_days" USING btree ("day","employee_id");--> statement-breakpoint
CREATE INDEX "outbox_messages_purpose" ON "outbox_messages" USING btree ("purpose","id");--> statement-breakpoint
CREATE INDEX "outbox_messages_not_answers" ON "outbox_messages" USING btree ("id") WHERE "outbox_messages"."priority" <> 'answer';--> statement-breakpoint
CREATE INDEX "point_entries_of_account" ON "point_entries" USING btree ("account_id","at","amount","reason");--> statement-breakpoint
INSERT INTO "campaign_point_rules" ("campaign_id", "version", "rules", "since") SELECT "id", 1, "points", "created_at" FROM "campaigns";
