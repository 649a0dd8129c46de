DROP INDEX "checkins_of_day";--> statement-breakpoint
CREATE INDEX "checkins_of_day" ON "checkins" USING btree ("campaign_id","day","employee_id");