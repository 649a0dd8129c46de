import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import { day, instant } from '../../kernel/columns.ts';
import { departments, employees } from '../directory/directory.tables.ts';

export type TrainingKind = 'on-site' | 'remote' | 'external-event';
export type TrainingState = 'draft' | 'open' | 'cancelled';
export type Standing = 'in' | 'waiting' | 'cancelled';
export type AttendanceSource = 'code' | 'qr' | 'import' | 'manual';
/** How strong the evidence is: a code of the room at that moment, a meter of the meeting, somebody's word. */
export type AttendanceGrade = 'witnessed' | 'metered' | 'declared';
/** Who did something that is kept. */
export interface Doer {
  kind: 'employee' | 'token' | 'system';
  id: string;
  name: string;
}

/** Classes that belong together; each is a training of its own. */
export const trainingSeries = pgTable('training_series', {
  id: uuid('id').primaryKey(),
  title: text('title').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** One class, or one event of somebody else that we ride on. */
export const trainings = pgTable(
  'trainings',
  {
    id: uuid('id').primaryKey(),
    /** What people type: 报名 12. */
    no: serial('no').notNull().unique(),
    seriesId: uuid('series_id').references(() => trainingSeries.id),
    title: text('title').notNull(),
    about: text('about').notNull(),
    kind: text('kind').$type<TrainingKind>().notNull(),
    form: text('form').$type<'live' | 'recorded'>().notNull(),
    scope: text('scope').$type<'general' | 'special'>().notNull(),
    lecturer: text('lecturer').notNull(),
    place: text('place'),
    link: text('link'),
    /** Where it takes place; everybody reads the time on their own wall clock. */
    zone: text('zone').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    /** Null: as many as come. */
    seats: integer('seats'),
    /** Whether somebody who did not sign up may come while there is a seat. */
    walkIns: boolean('walk_ins').notNull(),
    lateAfterMinutes: integer('late_after_minutes').notNull(),
    /** Whoever was online for less does not count as present. */
    leastMinutes: integer('least_minutes').notNull(),
    /** `7d`, `3d`, `1d`, `1h`. */
    reminders: jsonb('reminders').$type<string[]>().notNull(),
    materialLinks: jsonb('material_links').$type<{ label: string; url: string }[]>().notNull(),
    /** The quiz round that opens after the class. */
    quizKey: text('quiz_key'),
    recordingUrl: text('recording_url'),
    recordingToldAt: instant('recording_told_at'),
    state: text('state').$type<TrainingState>().notNull(),
    /** The short link of posters and of other people's slides. */
    linkCode: text('link_code'),
    /** Counts the changes that people were told; the calendar's SEQUENCE. */
    revision: integer('revision').notNull().default(0),
    changedAt: instant('changed_at'),
    cancelReason: text('cancel_reason'),
    readyAt: instant('ready_at'),
    readyBy: jsonb('ready_by').$type<Doer>(),
    openedAt: instant('opened_at'),
    /** When everything that follows a class had been promised. */
    wrappedUpAt: instant('wrapped_up_at'),
    createdAt: instant('created_at').notNull(),
    createdBy: jsonb('created_by').$type<Doer>().notNull(),
  },
  (table) => [
    // What takes place when? (calendar, 培训)
    index('trainings_starts').on(table.startsAt, table.id),
    // Which class does this poster belong to?
    uniqueIndex('trainings_link').on(table.linkCode).where(sql`${table.linkCode} is not null`),
  ],
);

/** At most so many seats go to a department with everything below it. */
export const trainingQuotas = pgTable(
  'training_quotas',
  {
    trainingId: uuid('training_id')
      .notNull()
      .references(() => trainings.id),
    departmentId: uuid('department_id')
      .notNull()
      .references(() => departments.id),
    seats: integer('seats').notNull(),
  },
  (table) => [primaryKey({ columns: [table.trainingId, table.departmentId] })],
);

/** Where somebody stands with a class now; how it came to that stands in `training_signup_events`. */
export const trainingSignups = pgTable(
  'training_signups',
  {
    trainingId: uuid('training_id')
      .notNull()
      .references(() => trainings.id),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    state: text('state').$type<Standing>().notNull(),
    /** UUIDv7, drawn anew with each sign-up: the waiting list goes by it. */
    turn: uuid('turn').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.trainingId, table.employeeId] }),
    // What has this person signed up for?
    index('training_signups_of_employee').on(table.employeeId).where(sql`${table.state} <> 'cancelled'`),
  ],
);

export const signupEvents = ['signed-up', 'waits', 'moved-up', 'cancelled', 'walked-in'] as const;

/** Every step of every sign-up. Never changed. */
export const trainingSignupEvents = pgTable(
  'training_signup_events',
  {
    id: uuid('id').primaryKey(),
    trainingId: uuid('training_id')
      .notNull()
      .references(() => trainings.id),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    kind: text('kind').$type<(typeof signupEvents)[number]>().notNull(),
    at: instant('at').notNull(),
    by: jsonb('by').$type<Doer>().notNull(),
  },
  (table) => [index('training_signup_events_of').on(table.trainingId, table.id)],
);

/**
 * Who was there: evidence, never changed. A correction is a row that names the one it replaces; the newest row of a
 * chain counts.
 */
export const trainingAttendance = pgTable(
  'training_attendance',
  {
    id: uuid('id').primaryKey(),
    /** In the order of writing: the projector asks for what came after. */
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    trainingId: uuid('training_id')
      .notNull()
      .references(() => trainings.id),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    present: boolean('present').notNull(),
    at: instant('at').notNull(),
    /** The person's own day. */
    day: day('day').notNull(),
    late: boolean('late').notNull(),
    /** Time online, where a meter says so. */
    minutes: integer('minutes'),
    source: text('source').$type<AttendanceSource>().notNull(),
    grade: text('grade').$type<AttendanceGrade>().notNull(),
    by: jsonb('by').$type<Doer>().notNull(),
    reason: text('reason'),
    corrects: uuid('corrects'),
    channel: text('channel').$type<Channel>(),
    eventKey: text('event_key'),
  },
  (table) => [
    // One beginning a person and class: whoever comes second, in whichever process, finds it.
    uniqueIndex('training_attendance_first')
      .on(table.trainingId, table.employeeId)
      .where(sql`${table.corrects} is null`),
    // A row is corrected once.
    uniqueIndex('training_attendance_corrects').on(table.corrects).where(sql`${table.corrects} is not null`),
    // Who came since? (projector)
    index('training_attendance_seq').on(table.trainingId, table.seq),
    // When did this person attend? (performance rules)
    index('training_attendance_of_employee').on(table.employeeId, table.day),
  ],
);

/** What an event needs: 物料清单. */
export const trainingMaterials = pgTable(
  'training_materials',
  {
    id: uuid('id').primaryKey(),
    /** What owners type: 物料 7. */
    no: serial('no').notNull().unique(),
    trainingId: uuid('training_id')
      .notNull()
      .references(() => trainings.id),
    label: text('label').notNull(),
    ownerId: uuid('owner_id').references(() => employees.id),
    doneAt: instant('done_at'),
    doneBy: jsonb('done_by').$type<Doer>(),
    /** Why it may be missing, and who says so. */
    gapReason: text('gap_reason'),
    gapBy: jsonb('gap_by').$type<Doer>(),
    gapAt: instant('gap_at'),
  },
  (table) => [
    index('training_materials_of').on(table.trainingId, table.no),
    // What does this person still have to bring?
    index('training_materials_open').on(table.ownerId).where(sql`${table.doneAt} is null`),
  ],
);

/** What people thought of a class; the newest of a person counts. */
export const trainingRatings = pgTable(
  'training_ratings',
  {
    id: uuid('id').primaryKey(),
    trainingId: uuid('training_id')
      .notNull()
      .references(() => trainings.id),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    score: smallint('score').notNull(),
    comment: text('comment'),
    at: instant('at').notNull(),
  },
  (table) => [index('training_ratings_of').on(table.trainingId, table.employeeId, table.id)],
);

/** A scan of the code on the wall: good for one person, for some minutes. */
export const trainingScans = pgTable('training_scans', {
  code: text('code').primaryKey(),
  trainingId: uuid('training_id')
    .notNull()
    .references(() => trainings.id),
  at: instant('at').notNull(),
  usedBy: uuid('used_by'),
});

/** Codes that were none, so that nobody tries them all. */
export const trainingCodeMisses = pgTable(
  'training_code_misses',
  {
    id: uuid('id').primaryKey(),
    employeeId: uuid('employee_id').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('training_code_misses_of').on(table.employeeId, table.at)],
);
