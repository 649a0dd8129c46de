import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { type Clock, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import {
  exclusionEnd,
  exclusionInput,
  exclusionShape,
  exclusionsPage,
  exclusionsQuery,
  quietRuleInput,
  quietRuleRemoval,
  quietRulesShape,
} from './suppression.api.ts';
import {
  addExclusion,
  endExclusion,
  exclusionsAfter,
  listQuietRules,
  putQuietRule,
  type RuleOwner,
  removeQuietRule,
} from './suppression.lists.ts';
import type { CompanyHours } from './suppression.queries.ts';

export interface SuppressionRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  company: Pick<CompanyHours, 'quiet' | 'zone'>;
  /** Both reject when there is nobody, or no department, of that name. */
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
  departmentIdOf: (tx: Db, code: string) => Promise<string>;
}

const tags = ['suppression'];
const id = z.object({ id: z.uuid() });

/** When people are left in peace: hours of departments and shifts, and whom nothing reaches for some days. */
export function suppressionRoutes(deps: SuppressionRoutesDeps): ApiRoutes {
  const { db, clock, reading, company, employeeIdOf, departmentIdOf } = deps;

  async function ownerOf(
    tx: Db,
    { department, employee }: { department?: string | undefined; employee?: string | undefined },
  ): Promise<RuleOwner> {
    return {
      departmentId: department === undefined ? null : await departmentIdOf(tx, department),
      employeeId: employee === undefined ? null : await employeeIdOf(tx, employee),
    };
  }

  const record = (tx: Db, request: FastifyRequest, action: string, subject: string) =>
    recordAudit(tx, {
      at: clock.now(),
      actor: actorOf(request),
      action,
      subject,
    });

  return (api) => {
    api.get(
      '/quiet-rules',
      {
        schema: {
          summary: 'When nothing is sent: the company’s hours, and those of departments and shift workers',
          tags,
          querystring: z.strictObject({}),
          response: { 200: quietRulesShape },
        },
        config: { permission: 'suppression.read' },
      },
      async () => ({
        company: { quiet: [...company.quiet], zone: company.zone },
        items: await listQuietRules(db),
      }),
    );

    api.put(
      '/quiet-rules',
      {
        schema: {
          summary: 'Give a department or a person on shifts hours of their own',
          tags,
          body: quietRuleInput,
          response: { 204: z.undefined() },
        },
        config: { permission: 'suppression.write' },
      },
      async (request, reply) => {
        const { quiet, workdays, ...whose } = request.body;
        await db.transaction(async (tx) => {
          await putQuietRule(tx, await ownerOf(tx, whose), { quiet, workdays }, clock.now());
          await record(tx, request, 'quiet-rules.put', filtersIn(whose));
        });
        return reply.code(204).send();
      },
    );

    api.post(
      '/quiet-rules/remove',
      {
        schema: {
          summary: 'Let the rule of what stands above hold again',
          tags,
          body: quietRuleRemoval,
          response: { 204: z.undefined() },
        },
        config: { permission: 'suppression.write' },
      },
      async (request, reply) => {
        await db.transaction(async (tx) => {
          await removeQuietRule(tx, await ownerOf(tx, request.body));
          await record(tx, request, 'quiet-rules.remove', filtersIn(request.body));
        });
        return reply.code(204).send();
      },
    );

    api.get(
      '/exclusions',
      {
        schema: {
          summary: 'Whom nothing that Cuhuo starts reaches, and why',
          tags,
          querystring: exclusionsQuery,
          response: { 200: exclusionsPage },
        },
        config: { permission: 'exclusions.read' },
      },
      async (request) => {
        const { limit, cursor, employee, on } = request.query;
        const after = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const what = { action: 'exclusions.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const rows = await exclusionsAfter(tx, {
            employeeId: employee === undefined ? undefined : await employeeIdOf(tx, employee),
            on: on === undefined ? undefined : Temporal.PlainDate.from(on),
            after,
            limit: limit + 1,
          });
          return page(rows, limit, (row) => ({ id: row.id }));
        });
      },
    );

    api.post(
      '/exclusions',
      {
        schema: {
          summary: 'Leave somebody out for some days: leave, a trip, a shift without a PC',
          tags,
          body: exclusionInput,
          response: { 201: exclusionShape.pick({ id: true }) },
        },
        config: { permission: 'exclusions.write' },
      },
      async (request, reply) => {
        const { employee, reason, from, to } = request.body;
        const made = await db.transaction(async (tx) => {
          const exclusionId = await addExclusion(tx, {
            employeeId: await employeeIdOf(tx, employee),
            reason,
            from: Temporal.PlainDate.from(from),
            to: to === undefined ? null : Temporal.PlainDate.from(to),
            by: principalOf(request).id,
            at: clock.now(),
          });
          await record(tx, request, 'exclusions.add', exclusionId);
          return exclusionId;
        });
        return reply.code(201).send({ id: made });
      },
    );

    api.post(
      '/exclusions/:id/end',
      {
        schema: {
          summary: 'Say which day is the last of an exclusion',
          tags,
          params: id,
          body: exclusionEnd,
          response: { 204: z.undefined() },
        },
        config: { permission: 'exclusions.write' },
      },
      async (request, reply) => {
        await db.transaction(async (tx) => {
          await endExclusion(tx, request.params.id, Temporal.PlainDate.from(request.body.to));
          await record(tx, request, 'exclusions.end', request.params.id);
        });
        return reply.code(204).send();
      },
    );
  };
}
