import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { buildIndexInBackground, type Candidate, type EngineEntry, type Index } from './engine/index.ts';
import { type Calibration, ENGINE, usualCalibration } from './engine/weights.ts';
import type { EntryRow } from './faq.import.ts';
import { answerIn, defaultThresholds, type Thresholds } from './faq.rules.ts';
import { faqCalibrations, faqEntries, faqRevision } from './faq.tables.ts';

/** Who asks when, as far as an entry's scope is concerned. */
export interface Asker {
  today: Temporal.PlainDate;
  /** Codes of the asker's departments with all above them; undefined when nobody in particular asks. */
  departments: readonly string[] | undefined;
}

export interface Found {
  candidates: Candidate[];
  entries: ReadonlyMap<string, EntryRow>;
  thresholds: Thresholds;
}

/** The entries of this process with their index: read once, searched often, swapped when they change. */
export interface Knowledge {
  find(text: string, asker: Asker, limit: number): Promise<Found>;
  /** Reads the entries anew when another process, or this one, has changed them. */
  refresh(): Promise<void>;
}

interface Held {
  revision: number;
  index: Index;
  entries: Map<string, EntryRow>;
  calibration: Calibration;
  thresholds: Thresholds;
}

/** Asking waits for an index only the first time; later ones are built beside the one in use. */
export function createKnowledge({ db }: { db: Db }): Knowledge {
  let held: Held | undefined;
  let building: Promise<void> | undefined;

  async function build(): Promise<void> {
    const revision = await revisionOf(db);
    if (held?.revision === revision) return;
    const rows = await entriesInUse(db);
    const index = await buildIndexInBackground(rows.map(engineEntry));
    held = {
      revision,
      index,
      entries: new Map(rows.map((row) => [row.key, row])),
      ...(await calibrationIn(db)),
    };
  }

  /** One build at a time. Whoever comes while one is under way waits for another, which sees what they wrote. */
  async function refresh(): Promise<void> {
    const before = building;
    const mine = (before ?? Promise.resolve()).catch(() => undefined).then(build);
    building = mine;
    try {
      await mine;
    } finally {
      if (building === mine) building = undefined;
    }
  }

  return {
    refresh,
    async find(text, asker, limit) {
      if (held === undefined) await refresh();
      const { index, entries, calibration, thresholds } = held as Held;
      const candidates = index.search(text, {
        limit,
        calibration,
        allows(key) {
          const entry = entries.get(key);
          return entry !== undefined && isMeantFor(entry, asker);
        },
      });
      return { candidates, entries, thresholds };
    },
  };
}

/** The entries that may answer, whatever their dates and departments. */
async function entriesInUse(db: Db): Promise<EntryRow[]> {
  return db
    .select()
    .from(faqEntries)
    .where(and(isNull(faqEntries.retiredAt), eq(faqEntries.active, true), eq(faqEntries.review, 'reviewed')))
    .orderBy(faqEntries.key);
}

export async function engineEntries(db: Db): Promise<EngineEntry[]> {
  return (await entriesInUse(db)).map(engineEntry);
}

export function engineEntry({ key, question, similar, answer, steps, tags }: EntryRow): EngineEntry {
  return { id: key, question, similar, answer: answerIn({ answer, steps }), tags };
}

/** An entry answers only within its dates and only the people of its departments. */
export function isMeantFor(
  { departments, validFrom, validUntil }: Pick<EntryRow, 'departments' | 'validFrom' | 'validUntil'>,
  asker: Asker,
): boolean {
  const { today } = asker;
  if (validFrom !== null && today.until(validFrom).sign > 0) return false;
  if (validUntil !== null && today.until(validUntil).sign < 0) return false;
  return departments.length === 0 || departments.some((code) => asker.departments?.includes(code) === true);
}

/** What was fitted last; what the source gives when nobody has calibrated. */
export async function calibrationIn(
  db: Db,
): Promise<{ version: number; calibration: Calibration; thresholds: Thresholds }> {
  const { version, calibration, thresholds } = await newestCalibration(db);
  return { version, calibration, thresholds };
}

/** What holds, and the newest row. One that was fitted before an upgrade changed the search is set aside. */
export async function newestCalibration(db: Db) {
  const [newest] = await db.select().from(faqCalibrations).orderBy(desc(faqCalibrations.version)).limit(1);
  const inUse = newest?.calibration.engine === ENGINE;
  const { calibration, thresholds } =
    newest !== undefined && inUse ? newest : { calibration: usualCalibration, thresholds: defaultThresholds };
  return { version: newest?.version ?? 0, calibration, thresholds, newest, inUse };
}

async function revisionOf(db: Db): Promise<number> {
  const [row] = await db.select({ revision: faqRevision.revision }).from(faqRevision);
  return row?.revision ?? 0;
}
