DROP INDEX "point_entries_of_account";--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "expected" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "exports" ADD COLUMN "person" uuid;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "made_by" uuid;--> statement-breakpoint
CREATE INDEX "excused_days_of_day" ON "excused_days" USING btree ("day","employee_id");--> statement-breakpoint
CREATE INDEX "deliveries_states" ON "deliveries" USING btree ("state","message_id");--> statement-breakpoint
CREATE INDEX "outbox_messages_purpose" ON "outbox_messages" USING btree ("purpose","id");--> statement-breakpoint
CREATE INDEX "outbox_messages_not_answers" ON "outbox_messages" USING btree ("id") WHERE "outbox_messages"."priority" <> 'answer';--> statement-breakpoint
CREATE INDEX "point_entries_of_account" ON "point_entries" USING btree ("account_id","at","amount","reason");