import type { Locale } from '../../chat/locale.ts';
import type { Card } from '../../chat/message.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { TaskType } from '../campaigns/campaigns.schema.ts';
import type { Campaign } from '../campaigns/index.ts';
import { ASK, CHECK_IN, dayAction, type Tip } from '../tips/index.ts';
import { tasksToGo } from './checkins.rules.ts';
import { text } from './checkins.text.ts';

/** The name of the action that hands in a task other than the tap and the question. */
export const TASK = 'checkins.task';
export const NOTE_INPUT = 'note';

/** What is still to do before today counts, each with the button that does it. */
export function stepsCard(options: {
  campaign: Campaign;
  day: Temporal.PlainDate;
  tip: Tip | undefined;
  missing: readonly TaskType[];
  /** Whether the person has just handed something in. */
  noted: boolean;
  locale: Locale;
}): Card {
  const { campaign, day, tip, missing, noted, locale } = options;
  const t = text[locale];
  const bound = { campaignId: campaign.id, day, tipId: tip?.id };
  const handIn = (task: TaskType) => {
    const action = dayAction(TASK, bound);
    return { ...action, data: { ...action.data, k: task } };
  };
  const steps = missing.map((task) => t.task[task]);
  const sentence = t.more(steps, tasksToGo(campaign.tasks, campaign.targets, missing));
  const wantsNote = missing.includes('micro-task');
  return {
    title: t.moreTitle,
    tone: 'notice',
    body: noted ? `${t.noted}${sentence}` : sentence,
    ...(wantsNote
      ? {
          inputs: [
            {
              name: NOTE_INPUT,
              label: t.noteLabel,
              kind: 'text' as const,
              placeholder: t.notePlaceholder,
              maxLength: 200,
            },
          ],
        }
      : {}),
    buttons: [
      ...(missing.includes('learn-tip')
        ? [
            {
              label: t.checkIn,
              tone: 'primary' as const,
              action: dayAction(CHECK_IN, bound),
              word: t.checkInWord,
            },
          ]
        : []),
      ...(missing.includes('use-software')
        ? [{ label: t.used, tone: 'primary' as const, action: handIn('use-software') }]
        : []),
      ...(wantsNote ? [{ label: t.submit, tone: 'primary' as const, action: handIn('micro-task') }] : []),
      ...(missing.includes('answer') && tip?.question
        ? [{ label: t.askTitle, tone: 'primary' as const, action: dayAction(ASK, bound) }]
        : []),
    ],
  };
}
