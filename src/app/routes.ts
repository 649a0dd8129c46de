import type { ChannelAdapter } from '../chat/adapter.ts';
import { audienceProblems } from '../features/audiences/audiences.problems.ts';
import { audienceRoutes } from '../features/audiences/audiences.routes.ts';
import { auditRoutes } from '../features/audit/audit.routes.ts';
import { recordAudit } from '../features/audit/index.ts';
import { campaignBy } from '../features/campaigns/campaigns.lists.ts';
import { campaignProblems } from '../features/campaigns/campaigns.problems.ts';
import { campaignRoutes } from '../features/campaigns/campaigns.routes.ts';
import { checkinRoutes } from '../features/checkins/checkins.routes.ts';
import {
  departmentIdOf,
  departmentIdsBelow,
  employeeIdOf,
  namesOf,
} from '../features/directory/directory.lists.ts';
import { directoryProblems } from '../features/directory/directory.problems.ts';
import { directoryRoutes } from '../features/directory/directory.routes.ts';
import { evidenceRoutes } from '../features/evidence/evidence.routes.ts';
import { excusalProblems } from '../features/excusals/excusals.problems.ts';
import { excusalRoutes } from '../features/excusals/excusals.routes.ts';
import { flagProblems } from '../features/flags/flags.problems.ts';
import { flagRoutes } from '../features/flags/flags.routes.ts';
import { incidentProblems } from '../features/incidents/incidents.problems.ts';
import { makeupProblems } from '../features/makeups/makeups.problems.ts';
import { makeupRoutes } from '../features/makeups/makeups.routes.ts';
import { missingRoutes } from '../features/overview/missing.routes.ts';
import { overviewRoutes } from '../features/overview/overview.routes.ts';
import { privacyProblems } from '../features/privacy/privacy.problems.ts';
import { privacyRoutes } from '../features/privacy/privacy.routes.ts';
import { rewardProblems } from '../features/rewards/rewards.problems.ts';
import { rewardRoutes } from '../features/rewards/rewards.routes.ts';
import { type CompanyHours, suppressionProblems } from '../features/suppression/index.ts';
import { suppressionRoutes } from '../features/suppression/suppression.routes.ts';
import { tipProblems } from '../features/tips/tips.problems.ts';
import { tipRoutes } from '../features/tips/tips.routes.ts';
import { usageRoutes } from '../features/usage/usage.routes.ts';
import type { ApiRoutes } from '../http/api.ts';
import { type Actor, actorBehind } from '../http/auth.ts';
import type { ProblemTable } from '../http/problems.table.ts';
import type { Db } from '../kernel/db.ts';
import type { Reading } from '../kernel/reading.ts';
import type { Clock } from '../kernel/time.ts';
import type { WorkdayCalendar } from '../kernel/workdays.ts';
import { messageRoutes } from '../outbox/messages.routes.ts';
import { outboxProblems } from '../outbox/outbox.problems.ts';
import { outboxRoutes } from '../outbox/outbox.routes.ts';
import { schedulerProblems } from '../scheduler/scheduler.problems.ts';
import { schedulerRoutes } from '../scheduler/scheduler.routes.ts';
import { dingtalkMonth } from './dingtalk-meter.ts';
import { looksOf } from './looks.ts';

export interface ApiDeps {
  db: Db;
  clock: Clock;
  calendar: WorkdayCalendar;
  /** Where the company is. */
  zone: string;
  /** Puts the schedules that follow from campaigns and people; called after each change of either. */
  refreshSchedules: () => Promise<void>;
  adapters: readonly ChannelAdapter[];
  /** When nothing is sent to whoever has no rule of their own. */
  company: Pick<CompanyHours, 'quiet' | 'zone'>;
  /** Lets the relay look at once. */
  nudge: () => void;
}

/** What the slices add to `/api/v1`. Hand `apiProblems` to the server with them. */
export function apiRoutes(deps: ApiDeps): ApiRoutes[] {
  const given = {
    ...deps,
    looksOf,
    reading: auditedReading(deps),
    campaignBy,
    employeeIdOf,
    departmentIdsBelow,
    namesOf,
  };
  const audit = async (
    tx: Db,
    actor: Actor,
    what: { action: string; subject: string; detail?: Record<string, unknown> },
  ) => recordAudit(tx, { at: deps.clock.now(), actor, ...what });
  return [
    overviewRoutes(given),
    missingRoutes(given),
    directoryRoutes(given),
    campaignRoutes(given),
    tipRoutes(given),
    checkinRoutes(given),
    evidenceRoutes(given),
    excusalRoutes(given),
    privacyRoutes(given),
    flagRoutes(given),
    usageRoutes(given),
    makeupRoutes(given),
    rewardRoutes(given),
    outboxRoutes(given),
    messageRoutes({
      ...given,
      audit,
      // DingTalk alone counts by the month.
      monthSoFar: (tx, account) => dingtalkMonth(tx, account, deps),
    }),
    suppressionRoutes({ ...given, departmentIdOf }),
    schedulerRoutes(given),
    auditRoutes(given),
    audienceRoutes(given),
  ];
}

/** The codes that these routes answer with, each with status and title. */
export const apiProblems: readonly ProblemTable[] = [
  audienceProblems,
  directoryProblems,
  campaignProblems,
  tipProblems,
  rewardProblems,
  schedulerProblems,
  outboxProblems,
  suppressionProblems,
  excusalProblems,
  makeupProblems,
  incidentProblems,
  flagProblems,
  privacyProblems,
];

/**
 * The line first, in a transaction of its own: whoever gets an answer stands in the audit, and a reader does not hold up
 * the others who write to it. A read that then fails has left the line of an attempt.
 */
export function auditedReading({ db, clock }: Pick<ApiDeps, 'db' | 'clock'>): Reading {
  return async (by, { action, subject }, read) => {
    await recordAudit(db, { at: clock.now(), actor: actorBehind(by), action, subject });
    return db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' });
  };
}
