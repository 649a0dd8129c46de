CREATE TABLE "question_versions" (
	"question_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "question_versions_question_id_version_pk" PRIMARY KEY("question_id","version")
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"feature" text NOT NULL,
	"area" text NOT NULL,
	"level" text NOT NULL,
	"tags" text[] NOT NULL,
	"review" text NOT NULL,
	"content" jsonb NOT NULL,
	"version" integer NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone,
	CONSTRAINT "questions_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "quiz_answers" (
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"position" integer NOT NULL,
	"given" jsonb NOT NULL,
	"share" double precision NOT NULL,
	"answered_at" timestamp with time zone NOT NULL,
	"taken_ms" integer NOT NULL,
	"channel" text NOT NULL,
	"event_key" text NOT NULL,
	CONSTRAINT "quiz_answers_quiz_id_employee_id_attempt_position_pk" PRIMARY KEY("quiz_id","employee_id","attempt","position")
);
--> statement-breakpoint
CREATE TABLE "quiz_papers" (
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"items" jsonb NOT NULL,
	"at" integer NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "quiz_papers_quiz_id_employee_id_attempt_pk" PRIMARY KEY("quiz_id","employee_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "quiz_questions" (
	"quiz_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"question_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"slot" integer NOT NULL,
	"day" date,
	"tip" text,
	CONSTRAINT "quiz_questions_quiz_id_position_pk" PRIMARY KEY("quiz_id","position")
);
--> statement-breakpoint
CREATE TABLE "quiz_rescores" (
	"quiz_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"employee_id" uuid NOT NULL,
	"score_before" integer NOT NULL,
	"score_after" integer NOT NULL,
	"rank_before" integer NOT NULL,
	"rank_after" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "quiz_rescores_quiz_id_position_employee_id_pk" PRIMARY KEY("quiz_id","position","employee_id")
);
--> statement-breakpoint
CREATE TABLE "quiz_scores" (
	"quiz_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"score" integer NOT NULL,
	"right" integer NOT NULL,
	"answered" integer NOT NULL,
	"asked" integer NOT NULL,
	"taken_ms" integer NOT NULL,
	"last_at" timestamp with time zone,
	"rank" integer NOT NULL,
	CONSTRAINT "quiz_scores_quiz_id_employee_id_pk" PRIMARY KEY("quiz_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "quiz_withdrawals" (
	"quiz_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "quiz_withdrawals_quiz_id_position_pk" PRIMARY KEY("quiz_id","position")
);
--> statement-breakpoint
CREATE TABLE "quizzes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"campaign_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"file" jsonb NOT NULL,
	"state" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"published_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"approved_at" timestamp with time zone,
	"live_position" integer,
	"live_opened_at" timestamp with time zone,
	"live_closes_at" timestamp with time zone,
	"live_revealed_at" timestamp with time zone,
	CONSTRAINT "quizzes_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "employee_badges" (
	"campaign_id" uuid NOT NULL,
	"employee_id" uuid NOT NULL,
	"badge" text NOT NULL,
	"source" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "employee_badges_campaign_id_employee_id_badge_pk" PRIMARY KEY("campaign_id","employee_id","badge")
);
--> statement-breakpoint
ALTER TABLE "question_versions" ADD CONSTRAINT "question_versions_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_answers" ADD CONSTRAINT "quiz_answers_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_papers" ADD CONSTRAINT "quiz_papers_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_questions" ADD CONSTRAINT "quiz_questions_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_questions" ADD CONSTRAINT "quiz_questions_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_scores" ADD CONSTRAINT "quiz_scores_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_withdrawals" ADD CONSTRAINT "quiz_withdrawals_quiz_id_quizzes_id_fk" FOREIGN KEY ("quiz_id") REFERENCES "public"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quizzes" ADD CONSTRAINT "quizzes_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "questions_drawn" ON "questions" USING btree ("area","level") WHERE "questions"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "quiz_answers_of_question" ON "quiz_answers" USING btree ("quiz_id","position");--> statement-breakpoint
CREATE INDEX "quiz_papers_open" ON "quiz_papers" USING btree ("employee_id") WHERE "quiz_papers"."finished_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "quiz_questions_of_day" ON "quiz_questions" USING btree ("quiz_id","day","tip");--> statement-breakpoint
CREATE INDEX "quiz_scores_ranking" ON "quiz_scores" USING btree ("quiz_id","rank","employee_id");--> statement-breakpoint
CREATE INDEX "quizzes_published" ON "quizzes" USING btree ("campaign_id") WHERE "quizzes"."state" = 'published';