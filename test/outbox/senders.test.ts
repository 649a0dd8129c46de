import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { playSenders } from './senders.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

// The whole year is `npm run chaos -- year`; here are the weeks with National Day, its worked weekends and a clock change.
it('lets twelve senders reach nobody at a bad hour, over budget, twice or never', async () => {
  const played = await playSenders(database, { from: '2026-09-14', days: 56, seed: 20260914 });
  expect(played.wrong).toEqual([]);
  expect(played.digests).toBeGreaterThan(20);
}, 240_000);
