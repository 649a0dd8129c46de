CREATE TABLE "health_minutes" (
	"minute" timestamp with time zone NOT NULL,
	"subject" text NOT NULL,
	"process" text NOT NULL,
	"ok" boolean NOT NULL,
	"reason" text,
	CONSTRAINT "health_minutes_minute_subject_process_pk" PRIMARY KEY("minute","subject","process")
);
