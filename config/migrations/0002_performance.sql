CREATE TABLE "day_corrections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"day" date NOT NULL,
	"effect" text NOT NULL,
	"cause" text NOT NULL,
	"cause_id" uuid NOT NULL,
	"corrects" uuid,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "excusals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"reason" text NOT NULL,
	"reference" text NOT NULL,
	"source" text NOT NULL,
	"incident_id" uuid,
	"note" text,
	"revokes" uuid,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "excused_days" (
	"employee_id" uuid NOT NULL,
	"day" date NOT NULL,
	"reason" text NOT NULL,
	"excusal_id" uuid NOT NULL,
	CONSTRAINT "excused_days_employee_id_day_pk" PRIMARY KEY("employee_id","day")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"title" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"channel" text,
	"source" text NOT NULL,
	"state" text NOT NULL,
	"evidence" jsonb,
	"decided_by" text,
	"decided_reason" text,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "incidents_number_unique" UNIQUE("number")
);
--> statement-breakpoint
CREATE TABLE "performance_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"rule" jsonb NOT NULL,
	"from_day" date NOT NULL,
	"reason" text NOT NULL,
	"published_by" text NOT NULL,
	"published_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_days" (
	"employee_id" uuid NOT NULL,
	"day" date NOT NULL,
	"source" text NOT NULL,
	"amount" integer,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "usage_days_employee_id_day_source_pk" PRIMARY KEY("employee_id","day","source")
);
--> statement-breakpoint
ALTER TABLE "excusals" ADD CONSTRAINT "excusals_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "day_corrections_of_day" ON "day_corrections" USING btree ("campaign_id","employee_id","day","id");--> statement-breakpoint
CREATE UNIQUE INDEX "excusals_reference" ON "excusals" USING btree ("source","reference","employee_id");--> statement-breakpoint
CREATE INDEX "excusals_of_employee" ON "excusals" USING btree ("employee_id","from_day");--> statement-breakpoint
CREATE UNIQUE INDEX "performance_rules_version" ON "performance_rules" USING btree ("campaign_id","version");