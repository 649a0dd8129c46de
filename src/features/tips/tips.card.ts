import type { Locale } from '../../chat/locale.ts';
import type { Action, Card } from '../../chat/message.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Tip } from './tips.service.ts';
import { text } from './tips.text.ts';

/** The names of actions which the slice of check-ins answers to, one slice further on. */
export const CHECK_IN = 'checkins.check-in';
export const ASK = 'checkins.ask';

/** Binds a button to campaign, day and tip: a card of yesterday cannot pass for one of today. */
export function dayAction(
  name: string,
  bound: { campaignId: string; day: Temporal.PlainDate; tipId: string | undefined },
): Action {
  const { campaignId, day, tipId } = bound;
  return { name, data: { c: campaignId, d: day.toString(), ...(tipId === undefined ? {} : { t: tipId }) } };
}

/**
 * The tip as a card. Until somebody has checked in it ends with the button to do so; afterwards `done` says what was
 * recorded and the reactions stand alone.
 */
export function tipCard(options: {
  tip: Tip;
  campaignId: string;
  day: Temporal.PlainDate;
  locale: Locale;
  done?: { footer: string; progress?: NonNullable<Card['progress']> };
}): Card {
  const { tip, campaignId, day, done } = options;
  const t = text[options.locale];
  const bound = { campaignId, day, tipId: tip.id };
  const react = (reaction: string, label: string) => ({
    label,
    tone: 'quiet' as const,
    action: { name: 'tips.react', data: { t: tip.id, r: reaction } },
  });
  return {
    title: t.cardTitle(tip.title),
    tone: done === undefined ? 'plain' : 'good',
    body: [
      tip.body.trim(),
      '',
      t.tryNow(tip.tryNow),
      ...(tip.version === null ? [] : ['', t.version(tip.version)]),
    ].join('\n'),
    ...(done?.progress === undefined ? {} : { progress: done.progress }),
    buttons: [
      ...(done === undefined
        ? [
            {
              label: t.checkIn,
              tone: 'primary' as const,
              action: dayAction(CHECK_IN, bound),
              word: t.checkInWord,
            },
          ]
        : []),
      ...(tip.question === null ? [] : [{ label: t.quiz, action: dayAction(ASK, bound) }]),
      react('useful', t.useful),
      react('known', t.known),
      react('not-for-me', t.notForMe),
    ],
    ...(done === undefined ? {} : { footer: done.footer }),
  };
}
