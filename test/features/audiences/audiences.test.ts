import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { audienceOf, type Definition, definitionShape, peopleOf } from '#src/features/audiences/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { type Company, company } from '../../roles/company.ts';

let the: Company;
const at = Temporal.Instant.from('2026-09-18T02:00:00Z');
beforeAll(async () => {
  the = await company({ startAt: '2026-09-18T00:00:00Z' });
  await the.moveTo('2026-09-18T01:10:00Z');
  await the.as('E1').says('打卡');
  await the.moveTo('2026-09-18T02:00:00Z');
  await the.asks('admin', 'POST', '/api/v1/audience-tags', { tag: '种子用户', add: ['E2', 'E3', 'X9'] });
});
afterAll(() => the.close());

async function numbersOf(ids: readonly string[]): Promise<string[]> {
  const { rows } = await the.database.pool.query('select id, number from employees');
  const names = new Map(rows.map(({ id, number }) => [id, number]));
  return ids.map((id) => names.get(id) ?? '?');
}
const who = async (definition: Definition) => numbersOf(await audienceOf(the.database.db, definition, at));

describe('a definition reaches', () => {
  it.each<[string, Definition, string[]]>([
    ['everybody employed', { everyone: true }, ['E1', 'E2', 'E3', 'E4', 'E5']],
    ['a department with everything below it', { department: 'ROOT' }, ['E1', 'E2', 'E3', 'E4', 'E5']],
    ['second posts as well', { department: 'SALES' }, ['E2', 'E3', 'E4', 'E5']],
    ['nobody for a code that nobody has', { department: 'NONE' }, []],
    ['a role', { role: 'hr' }, ['E4']],
    ['a tag', { tag: '种子用户' }, ['E2', 'E3']],
    ['a platform', { platform: 'sandbox' }, ['E1', 'E2', 'E3', 'E4', 'E5']],
    ['a platform that nobody has', { platform: 'wecom' }, []],
    ['who checked in', { checkins: { lastDays: 7, atLeast: 1 } }, ['E1']],
    ['who did not', { checkins: { lastDays: 7, atMost: 0 } }, ['E2', 'E3', 'E4', 'E5']],
    ['nobody by another campaign', { checkins: { campaign: 'other', lastDays: 7, atLeast: 1 } }, []],
    [
      'what AND, OR and NOT say',
      {
        all: [
          { department: 'SALES' },
          { any: [{ tag: '种子用户' }, { role: 'hr' }] },
          { not: { level: 'advanced' } },
        ],
      },
      ['E2', 'E3'],
    ],
  ])('%s', async (_name, definition, expected) => {
    expect(await who(definition)).toEqual(expected);
  });
});

const leaf = fc.constantFrom<Definition>(
  { everyone: true },
  { department: 'RD' },
  { department: 'SALES' },
  { tag: '种子用户' },
  { role: 'hr' },
  { checkins: { lastDays: 3, atLeast: 1 } },
);
const definition = fc.letrec<{ one: Definition }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.record({ all: fc.array(tie('one'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('one'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('one') }),
  ),
})).one;

it('a definition and its opposite share nobody and leave nobody out', async () => {
  const everybody = await who({ everyone: true });
  await fc.assert(
    fc.asyncProperty(definition, async (one) => {
      const [inside, outside] = [await who(one), await who({ not: one })];
      expect([...inside, ...outside].toSorted()).toEqual(everybody);
    }),
    { numRuns: 40 },
  );
});

it('"all" is the overlap and "any" the union of its parts', async () => {
  await fc.assert(
    fc.asyncProperty(definition, definition, async (a, b) => {
      const [inA, inB] = [await who(a), await who(b)];
      expect(await who({ all: [a, b] })).toEqual(inA.filter((one) => inB.includes(one)));
      expect(await who({ any: [a, b] })).toEqual([...new Set([...inA, ...inB])].toSorted());
    }),
    { numRuns: 25 },
  );
});

describe('over the API', () => {
  const preview = (role: 'operator' | 'liaison', definition: unknown) =>
    the.asks(role, 'POST', '/api/v1/audiences:preview', { definition });

  it('an operator sees how many and samples at once', async () => {
    const { text } = await preview('operator', { department: 'SALES' });
    const { count, samples } = JSON.parse(text);
    expect(count).toBe(4);
    expect(samples[1]).toEqual({
      number: 'E3',
      name: 'Emily Carter',
      department: { code: 'SALES', name: '销售部' },
    });
  });

  it('a liaison reaches their own department, whatever the definition says', async () => {
    const { text } = await preview('liaison', { everyone: true });
    expect(JSON.parse(text)).toMatchObject({ count: 2, samples: [{ number: 'E1' }, { number: 'E2' }] });
  });

  it('a frozen audience keeps its people, a live one follows the day', async () => {
    const make = async (mode: string) => {
      const body = { name: mode, mode, definition: { checkins: { lastDays: 7, atMost: 0 } } };
      return JSON.parse((await the.asks('operator', 'POST', '/api/v1/audiences', body)).text).id as string;
    };
    const [live, frozen] = [await make('live'), await make('frozen')];
    await the.as('E2').says('打卡');
    const people = async (id: string) => numbersOf(await peopleOf(the.database.db, id, the.app.clock.now()));
    expect(await people(live)).toEqual(['E3', 'E4', 'E5']);
    expect(await people(frozen)).toEqual(['E2', 'E3', 'E4', 'E5']);
    const again = await the.asks('operator', 'POST', '/api/v1/audiences', {
      name: 'live',
      mode: 'live',
      definition: { everyone: true },
    });
    expect(again).toMatchObject({ status: 409, code: 'audience.name-taken' });
    expect((await the.asks('operator', 'DELETE', `/api/v1/audiences/${live}`)).status).toBe(200);
    expect((await the.asks('operator', 'GET', '/api/v1/audiences')).text).not.toContain(live);
  });

  it.each([
    ['an unknown part', { planet: 'Mars' }],
    ['two parts in one', { tag: 'a', role: 'hr' }],
    ['behaviour without a bound', { checkins: { lastDays: 7 } }],
    ['an empty list', { all: [] }],
    ['too many parts', { any: Array.from({ length: 20 }, () => ({ all: Array(5).fill({ tag: 'x' }) })) }],
    ['a well without a ground', JSON.parse(`${'{"not":'.repeat(500)}{"tag":"x"}${'}'.repeat(500)}`)],
  ])('refuses %s', async (_name, definition) => {
    expect(definitionShape.safeParse(definition).success).toBe(false);
    expect((await preview('operator', definition)).status).toBe(400);
  });
});
