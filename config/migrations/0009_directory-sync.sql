CREATE TABLE "department_identities" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"platform_id" text NOT NULL,
	"department_id" uuid NOT NULL,
	CONSTRAINT "department_identities_channel_account_platform_id_pk" PRIMARY KEY("channel","account","platform_id")
);
--> statement-breakpoint
CREATE TABLE "directory_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"cause" text NOT NULL,
	"state" text NOT NULL,
	"cursor" text,
	"claimed_until" timestamp with time zone,
	"failures" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"removed" integer DEFAULT 0 NOT NULL,
	"held" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "directory_seen" (
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"platform_id" text NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "directory_seen_run_id_kind_platform_id_pk" PRIMARY KEY("run_id","kind","platform_id")
);
--> statement-breakpoint
ALTER TABLE "department_identities" ADD CONSTRAINT "department_identities_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "directory_seen" ADD CONSTRAINT "directory_seen_run_id_directory_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."directory_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "directory_runs_walking" ON "directory_runs" USING btree ("channel","account") WHERE "directory_runs"."state" = 'walking';--> statement-breakpoint
CREATE INDEX "directory_runs_newest" ON "directory_runs" USING btree ("channel","account","id");