ALTER TABLE "faq_entries" ADD COLUMN "steps" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "faq_entries" ADD COLUMN "attachments" jsonb DEFAULT '[]'::jsonb NOT NULL;