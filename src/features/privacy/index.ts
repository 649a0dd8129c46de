import type { ScheduledJob } from '../../kernel/jobs.ts';
import { localDay } from '../../kernel/time.ts';
import { campaignById, membersOf } from '../campaigns/index.ts';
import type { Feature } from '../feature.ts';
import { privacyCommands } from './privacy.chat.ts';
import { showTo } from './privacy.notice.ts';

export { publishNotice, withNotice } from './privacy.notice.ts';
export { cleanUp } from './privacy.retention.ts';

/** The notice before anything is collected, and a person's own data in their own hands. */
export function privacy(deps: { fileRoot: string }): Feature {
  return { name: 'privacy', commands: privacyCommands(deps) };
}

/** The daily tip, with the notice ahead of it for whoever has not seen the version in force. */
export function aheadOfTips(job: ScheduledJob<{ campaignId: string; zone: string }>): typeof job {
  return {
    ...job,
    async run(tx, payload, context) {
      const outcome = await job.run(tx, payload, context);
      const campaign = await campaignById(tx, payload.campaignId);
      if (outcome.kind !== 'fired' || campaign === undefined) return outcome;
      const day = localDay(context.slot, payload.zone);
      const members = await membersOf(tx, campaign, { day, zone: payload.zone });
      await showTo(tx, members, { at: context.now, priority: 'campaign' });
      return outcome;
    },
  };
}
