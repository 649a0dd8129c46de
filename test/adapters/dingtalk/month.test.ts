import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { examineDingtalk } from '#src/adapters/dingtalk/index.ts';
import { forecastMonth } from '#src/adapters/dingtalk/month.ts';
import { systemClock, Temporal } from '#src/kernel/time.ts';
import type { DingtalkSimulator } from '#src/simulators/dingtalk/index.ts';
import { settingsFor, startOffice } from './office.ts';

/** Workdays of November 2026. */
const workdays = Array.from({ length: 30 }, (_, index) =>
  Temporal.PlainDate.from('2026-11-01').add({ days: index }),
).filter(({ dayOfWeek }) => dayOfWeek <= 5);
const free = { callsAMonth: 5_000, messagesAMonth: 3_000, callsUsed: 0, messagesUsed: 0 };

it.each([
  ['a thousand people with links', 1_000, false, '2026-11-04', '2026-11-05'],
  ['a thousand people with a template', 1_000, true, '2026-11-05', '2026-11-05'],
  ['a hundred with a template', 100, true, undefined, undefined],
  ['a hundred and fifty with a template', 150, true, undefined, '2026-11-30'],
])('%s on the free plan', (_name, people, template, callsOut, messagesOut) => {
  const { calls, messages } = forecastMonth({ people, workdays, template }, free);
  expect([calls.runsOutOn?.toString(), messages.runsOutOn?.toString()]).toEqual([callsOut, messagesOut]);
});

it('the plan fits exactly when the month takes no more than it has', () => {
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.nat(20_000),
      fc.nat(5_000),
      fc.boolean(),
      (people, callsAMonth, used, template) => {
        const callsUsed = Math.min(used, callsAMonth);
        const { calls } = forecastMonth({ people, workdays, template }, { ...free, callsAMonth, callsUsed });
        expect(calls.runsOutOn === undefined).toBe(calls.atTheEnd <= callsAMonth);
      },
    ),
  );
});

let simulator: DingtalkSimulator;
beforeAll(async () => {
  simulator = await startOffice();
});
afterAll(() => simulator.close());

const soFar = { people: 1_000, workdays, callsUsed: 0, messagesUsed: 0 };

it('the doctor says on which day the month is over, and makes no metered call', async () => {
  const settings = { ...settingsFor(simulator), callsAMonth: 5_000, messagesAMonth: 3_000 };
  const finding = await examineDingtalk(settings, { clock: systemClock, soFar });
  expect(finding.state).toBe('warning');
  expect(finding.sentence).toContain('5000 API calls of this month are used up on 2026-11-04');
  expect(finding.sentence).toContain(
    '3000 stream and webhook messages of this month are used up on 2026-11-05',
  );
  expect(simulator.counts.metered).toBe(0);
});

it('the doctor warns from four fifths of a meter on', async () => {
  const settings = { ...settingsFor(simulator), callsAMonth: 1_000 };
  const quiet = { people: 1, workdays: [], callsUsed: 800, messagesUsed: 0 };
  const finding = await examineDingtalk(settings, { clock: systemClock, soFar: quiet });
  expect(finding).toMatchObject({
    state: 'warning',
    sentence: expect.stringContaining('800 of the 1000 API calls'),
  });
  const fine = await examineDingtalk(settings, { clock: systemClock, soFar: { ...quiet, callsUsed: 799 } });
  expect(fine.state).toBe('ok');
});

it.each([
  ['a wrong secret', { clientSecret: 'wrong' }, 'the client id or the secret is wrong'],
  ['an address where nobody answers', { baseUrl: 'http://127.0.0.1:1' }, 'cannot be reached from here'],
])('the doctor says what to do about %s', async (_name, wrong, words) => {
  const finding = await examineDingtalk(
    { ...settingsFor(simulator), ...wrong },
    { clock: systemClock, soFar },
  );
  expect(finding).toMatchObject({ state: 'problem', sentence: expect.stringContaining(words) });
});

it('the doctor says what to do about a missing permission', async () => {
  simulator.breaks({ path: /listsub/, kind: 'permission' });
  const finding = await examineDingtalk(settingsFor(simulator), { clock: systemClock, soFar });
  expect(finding.sentence).toContain('apply for the permissions');
});
