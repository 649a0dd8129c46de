import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq, isNull, lte } from 'drizzle-orm';
import { DRAFT, type ExportDeps, FOLDER } from './reports.service.ts';
import { exports } from './reports.tables.ts';

const DRAFT_LIFE_MS = 24 * 60 * 60 * 1000;

/**
 * Removes the files of exports past their time, and drafts that a killed process left behind; the rows stay. Bears to
 * run in several processes at once. Answers how many files went.
 */
export async function removeExpired(deps: Pick<ExportDeps, 'db' | 'clock' | 'fileRoot'>): Promise<number> {
  const now = deps.clock.now();
  const past = await deps.db
    .select({ id: exports.id, path: exports.path })
    .from(exports)
    .where(and(lte(exports.expiresAt, now), isNull(exports.removedAt)));
  for (const { id, path } of past) {
    // First the file: a crash in between leaves a row that is found again, not a file that nobody knows.
    if (path !== null) await rm(join(deps.fileRoot, path), { force: true });
    await deps.db.update(exports).set({ removedAt: now }).where(eq(exports.id, id));
  }
  await removeDrafts(join(deps.fileRoot, FOLDER));
  return past.length;
}

/** By the age on disk, because the clock of a rehearsal may stand still. */
async function removeDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(DRAFT))) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > DRAFT_LIFE_MS) await rm(path, { force: true });
  }
}
