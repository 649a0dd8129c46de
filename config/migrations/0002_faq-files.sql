CREATE TABLE "faq_asked" (
	"id" uuid PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"outcome" text NOT NULL,
	"entry_key" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "faq_entries" ADD COLUMN "steps" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "faq_entries" ADD COLUMN "attachments" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "faq_feedback" ADD COLUMN "comment" text;--> statement-breakpoint
CREATE INDEX "faq_asked_by_time" ON "faq_asked" USING btree ("at");