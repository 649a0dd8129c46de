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
ALTER TABLE "faq_misses" ADD COLUMN "state" text DEFAULT 'open' NOT NULL;--> statement-breakpoint
ALTER TABLE "faq_misses" ADD COLUMN "entry_key" text;--> statement-breakpoint
ALTER TABLE "duty_roster" ADD CONSTRAINT "duty_roster_employee_id_employees_id_fk" FOREIGN KEY ("employee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_events" ADD CONSTRAINT "ticket_events_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_asker_id_employees_id_fk" FOREIGN KEY ("asker_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_assignee_id_employees_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."employees"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "faq_turns_of_employee" ON "faq_turns" USING btree ("employee_id","place","at");--> statement-breakpoint
CREATE INDEX "faq_turns_by_time" ON "faq_turns" USING btree ("at");--> statement-breakpoint
CREATE INDEX "ticket_events_of_ticket" ON "ticket_events" USING btree ("ticket_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_number" ON "tickets" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_one_open" ON "tickets" USING btree ("asker_id") WHERE "tickets"."state" in ('waiting', 'claimed');--> statement-breakpoint
CREATE INDEX "tickets_by_state" ON "tickets" USING btree ("state","opened_at");--> statement-breakpoint
CREATE INDEX "tickets_of_asker" ON "tickets" USING btree ("asker_id","opened_at");--> statement-breakpoint
CREATE INDEX "tickets_merged" ON "tickets" USING btree ("merged_into") WHERE "tickets"."merged_into" is not null;