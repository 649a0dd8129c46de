CREATE TABLE "quiz_certificate_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"name" text NOT NULL,
	"locale" text NOT NULL,
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"platform_id" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "quiz_certificates" (
	"code" text PRIMARY KEY NOT NULL,
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "quiz_certificate_requests" ADD CONSTRAINT "quiz_certificate_requests_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_certificates" ADD CONSTRAINT "quiz_certificates_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "quiz_certificate_requests_open" ON "quiz_certificate_requests" USING btree ("id") WHERE "quiz_certificate_requests"."done_at" is null;