CREATE TABLE "picture_keys" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"kind" text NOT NULL,
	"digest" text NOT NULL,
	"key" text NOT NULL,
	"until" timestamp with time zone,
	CONSTRAINT "picture_keys_channel_account_kind_digest_pk" PRIMARY KEY("channel","account","kind","digest")
);
