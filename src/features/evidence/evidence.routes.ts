import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { principalOf } from '../../http/auth.ts';
import type { Db } from '../../kernel/db.ts';
import type { Reading } from '../../kernel/reading.ts';
import { wordInput } from '../../kernel/shapes.ts';
import { type Clock, localDay, startOfDay, Temporal } from '../../kernel/time.ts';
import { departmentOn, zonesAt } from '../directory/index.ts';
import { type Evidence, evidenceQuery, evidenceShape } from './evidence.api.ts';
import { campaignOf, checkinsOn, completionsOn, deliveriesIn, pointsIn, spanOf } from './evidence.lists.ts';

export interface EvidenceRoutesDeps {
  clock: Clock;
  reading: Reading;
  /** Rejects when nobody has this number. */
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
  namesOf: (tx: Db, ids: readonly string[]) => Promise<Map<string, { number: string; name: string }>>;
}

/** The trail of a day: what somebody did, what they got for it, and what we sent them. */
export function evidenceRoutes(deps: EvidenceRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/employees/:number/evidence',
      {
        config: { permission: 'evidence.read' },
        schema: {
          summary: 'Everything about one person on one day',
          tags: ['check-ins'],
          params: z.object({ number: wordInput }),
          querystring: evidenceQuery,
          response: { 200: evidenceShape },
        },
      },
      async (request) => {
        const { number } = request.params;
        const { day } = request.query;
        const subject = `day=${day ?? 'today'} employee=${number}`;
        return deps.reading(principalOf(request), { action: 'evidence.read', subject }, (tx) =>
          trail(tx, number, day === undefined ? undefined : Temporal.PlainDate.from(day), deps),
        );
      },
    );
  };
}

async function trail(
  tx: Db,
  number: string,
  wanted: Temporal.PlainDate | undefined,
  { clock, employeeIdOf, namesOf }: EvidenceRoutesDeps,
): Promise<Evidence> {
  const id = await employeeIdOf(tx, number);
  const zoneNow = await zoneAt(tx, id, clock.now());
  const day = wanted ?? localDay(clock.now(), zoneNow);
  const checkins = await checkinsOn(tx, id, day);
  // The zone at the tap made the day; without a tap it is the one at noon.
  const zone = checkins[0]?.zone ?? (await zoneAt(tx, id, startOfDay(day, zoneNow).add({ hours: 12 })));
  const span = spanOf(day, zone);
  const department = await departmentOn(tx, id, day);
  return {
    employee: {
      number,
      name: (await namesOf(tx, [id])).get(id)?.name ?? '',
      department: department === null ? null : { code: department.code, name: department.name },
    },
    day: day.toString(),
    zone,
    campaign: await campaignOf(tx, id, day),
    completions: await completionsOn(tx, id, day),
    checkins,
    points: await pointsIn(tx, id, span),
    deliveries: await deliveriesIn(tx, id, span),
  };
}

async function zoneAt(tx: Db, employeeId: string, at: Temporal.Instant): Promise<string> {
  return (await zonesAt(tx, [employeeId], at)).get(employeeId) ?? 'UTC';
}
