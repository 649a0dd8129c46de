ALTER TABLE "performance_runs" ADD COLUMN "campaign_name" text;--> statement-breakpoint
UPDATE "performance_runs" r SET "campaign_name" = c."name"
FROM "performance_periods" p JOIN "campaigns" c ON c."id" = p."campaign_id"
WHERE p."id" = r."period_id" AND r."state" = 'done';
