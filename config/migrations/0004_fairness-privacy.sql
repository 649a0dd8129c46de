CREATE TABLE "data_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employee_id" uuid NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "privacy_notices" (
	"version" integer PRIMARY KEY NOT NULL,
	"basis" text NOT NULL,
	"texts" jsonb NOT NULL,
	"contact" text NOT NULL,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "privacy_shown" (
	"employee_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"channel" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "privacy_shown_employee_id_version_pk" PRIMARY KEY("employee_id","version")
);
--> statement-breakpoint
CREATE TABLE "retention_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"class" text NOT NULL,
	"keep_days" integer NOT NULL,
	"older_than" timestamp with time zone NOT NULL,
	"deleted" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "data_requests_of_employee" ON "data_requests" USING btree ("employee_id");