ALTER TABLE "notices" ADD COLUMN "rings" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "reply_to" text;--> statement-breakpoint
ALTER TABLE "outbox_messages" ADD COLUMN "rings" boolean DEFAULT false NOT NULL;