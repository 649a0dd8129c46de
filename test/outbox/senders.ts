import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { ChannelAdapter } from '#src/chat/adapter.ts';
import { text } from '#src/chat/message.ts';
import { randomFrom } from '#src/kernel/random.ts';
import { localDay, manualClock, Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { promise } from '#src/outbox/outbox.ts';
import { firstOpenMoment, type PersonRules } from '#src/outbox/suppression.rules.ts';
import type { TestDatabase } from '../support/database.ts';
import { engine } from './engine.ts';

interface Arrival {
  employeeId: string;
  at: Temporal.Instant;
  words: string;
}

export interface SendersPlayed {
  promised: number;
  arrivals: number;
  digests: number;
  /** Sentences; empty when every promise held. */
  wrong: string[];
}

const time = (words: string): Temporal.PlainTime => Temporal.PlainTime.from(words);
const SENDERS = 12;
const PER_DAY = 2;
const PER_WEEK = 8;

/** Who they are: nine to five, a night shift, another continent with clock changes, a chosen hour, a long lunch. */
function cast(): Map<string, PersonRules> {
  const calendar = workdayCalendar();
  const company: PersonRules = {
    zone: 'Asia/Shanghai',
    quiet: [
      { from: time('20:30'), to: time('08:00') },
      { from: time('12:00'), to: time('13:30') },
    ],
    worksOn: calendar.isWorkday,
    mute: undefined,
    preferredTime: undefined,
    excluded: undefined,
    departments: [],
  };
  const shift = new Set([3, 4, 5, 6, 7]);
  return new Map(
    [
      company,
      {
        ...company,
        quiet: [{ from: time('07:00'), to: time('16:00') }],
        worksOn: (day: Temporal.PlainDate) => shift.has(day.dayOfWeek),
      },
      { ...company, zone: 'America/New_York' },
      { ...company, preferredTime: time('15:10') },
      { ...company, quiet: [...company.quiet, { from: time('13:30'), to: time('15:00') }] },
    ].map((rules) => [randomUUID() as string, rules]),
  );
}

/**
 * Twelve senders write to five people at all hours, without knowing of one another. The clock stops at everything that
 * falls due. Afterwards what arrived is held against the rules.
 */
export async function playSenders(
  database: TestDatabase,
  { from, days, seed }: { from: string; days: number; seed: number },
): Promise<SendersPlayed> {
  const random = randomFrom(seed);
  const first = Temporal.PlainDate.from(from);
  const clock = manualClock(first.toZonedDateTime('Asia/Shanghai').toInstant());
  const people = cast();
  const arrivals: Arrival[] = [];
  const adapter = recorder(arrivals, () => clock.now());
  const it = engine({
    database,
    clock,
    adapters: [adapter],
    suppression: {
      rulesOf: async () => people,
      budget: { perDay: PER_DAY, perWeek: PER_WEEK, digestAt: time('17:30') },
      digestCards: async (_tx, all) =>
        new Map(
          [...all].map(([id, items]) => [
            id,
            { title: 'digest', body: items.map(({ title }) => title).join('\n') },
          ]),
        ),
    },
  });
  const promised = new Map<string, string[]>();
  for (let n = 0; n < days; n += 1) {
    const moments = Array.from({ length: 3 }, () => Math.floor(random() * 24 * 60)).sort((a, b) => a - b);
    for (const minute of moments) {
      const midnight = first.add({ days: n }).toZonedDateTime('Asia/Shanghai').toInstant();
      await it.advance(midnight.add({ minutes: minute }));
      for (let sender = 0; sender < SENDERS; sender += 1) {
        if (random() > 0.2) continue;
        const words = `sender ${sender}, ${n}-${minute}`;
        const readers = [...people.keys()].filter(() => random() < 0.8);
        promised.set(words, readers);
        await promise(database.db, {
          purpose: `sender.${sender}`,
          priority: 'campaign',
          importance: 1 + (sender % 9),
          content: text(words),
          recipients: readers.map((employeeId) => ({
            employeeId,
            address: { channel: 'sandbox', account: 'fake', platformId: employeeId },
          })),
          at: clock.now(),
        });
      }
      await it.work();
    }
  }
  // Until everything that was held has left.
  await it.advance(clock.now().add({ hours: 24 * 21 }));
  const open = await database.db.execute(sql`
    select 1 from deliveries where state not in ('delivered', 'digested')`);
  const wrong = judge(people, promised, arrivals);
  if (open.rows.length > 0) wrong.push(`${open.rows.length} deliveries never left`);
  const digests = arrivals.filter(({ words }) => words.startsWith('digest')).length;
  return { promised: [...promised.values()].flat().length, arrivals: arrivals.length, digests, wrong };
}

function recorder(arrivals: Arrival[], now: () => Temporal.Instant): ChannelAdapter {
  return {
    channel: 'sandbox',
    account: 'fake',
    limits: { maxTextBytes: 4_000, maxCardBytes: 4_000 },
    ways: [
      {
        name: 'send',
        batchSize: 100,
        ownContents: true,
        repeatsSafely: false,
        serves: 'single',
        takes: () => true,
      },
    ],
    quotas: [],
    send: async (dispatches) =>
      dispatches.map(({ to, message, key }) => {
        const words =
          message.kind === 'card'
            ? `${message.card.title}\n${message.card.body}`
            : message.kind === 'text'
              ? message.text
              : '';
        arrivals.push({ employeeId: to.kind === 'person' ? to.platformId : to.chatId, at: now(), words });
        return { kind: 'delivered' as const, platformMessageId: key };
      }),
    update: () => Promise.resolve(),
    recall: () => Promise.resolve('recalled'),
    readiness: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

function judge(
  people: ReadonlyMap<string, PersonRules>,
  promised: ReadonlyMap<string, string[]>,
  arrivals: readonly Arrival[],
): string[] {
  const wrong: string[] = [];
  const perDay = new Map<string, number>();
  const seen = new Map<string, number>();
  for (const { employeeId, at, words } of arrivals) {
    const rules = people.get(employeeId) as PersonRules;
    if (firstOpenMoment(rules, at).reason !== undefined)
      wrong.push(`${words} arrived at ${at.toString()}, which is no time for ${rules.zone}`);
    const day = `${employeeId} ${localDay(at, rules.zone).toString()}`;
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
    for (const line of words.split('\n').filter((one) => one.startsWith('sender'))) {
      const key = `${employeeId} ${line}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  // What the budget kept back comes as one more message a day at the most.
  for (const [day, n] of perDay) if (n > PER_DAY + 1) wrong.push(`${n} messages on ${day}`);
  for (const [words, readers] of promised) {
    for (const employeeId of readers) {
      const times = seen.get(`${employeeId} ${words}`) ?? 0;
      if (times !== 1) wrong.push(`${words} reached ${employeeId} ${times} times`);
    }
  }
  return wrong;
}
