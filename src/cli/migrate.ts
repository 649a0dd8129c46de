import { print, withDatabase } from './context.ts';

/** Opening the database migrates it. */
export async function migrateCommand(): Promise<void> {
  await withDatabase(async ({ kind }) => {
    print(`The ${kind === 'embedded' ? 'embedded' : 'given'} database is up to date.`);
  });
}
