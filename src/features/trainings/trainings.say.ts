import type { Reply, Turn } from '../../chat/command.ts';
import type { Locale } from '../../chat/locale.ts';
import { type Card, card, text as words } from '../../chat/message.ts';
import { localDay, Temporal, wallTime } from '../../kernel/time.ts';
import type { AttendOutcome } from './trainings.attend.ts';
import { calendarMessage, whenInWords } from './trainings.calendar.ts';
import { CHANGE, cancelButton, noteCard, SIGN_UP, signUpButton, trainingFacts } from './trainings.cards.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import type { CancelOutcome, ChangeOutcome, SignUpOutcome } from './trainings.signup.ts';
import type { Training } from './trainings.store.ts';
import { text } from './trainings.text.ts';

export const privately = (...messages: NonNullable<Reply['messages']>): Reply => ({
  messages,
  inPrivate: true,
});

/** A sentence: beside the button that was pressed, or as a message to what was typed. */
export function say(turn: Turn, sentence: string): Reply {
  return turn.action === undefined ? privately(words(sentence)) : { toast: sentence };
}

/** A card; whoever pressed a button hears its title at once. */
function show(turn: Turn, content: Card, ...more: NonNullable<Reply['messages']>): Reply {
  const reply = privately(card(content), ...more);
  return turn.action === undefined ? reply : { ...reply, toast: content.title };
}

const readerOf = ({ actor: { locale, zone } }: Turn) => ({ locale, zone });

export function signUpReply(deps: TrainingDeps, turn: Turn, outcome: SignUpOutcome): Reply {
  const { locale } = turn.actor;
  const t = text[locale];
  const { training } = outcome;
  switch (outcome.kind) {
    case 'closed':
      return say(turn, t.closed(training.title));
    case 'already':
      return say(turn, t.already[outcome.state]);
    case 'conflict':
      return show(turn, conflictCard(turn, training, outcome.other));
    case 'in':
      return show(
        turn,
        noteCard(training, readerOf(turn), {
          title: t.inTitle(training.title),
          tone: 'good',
          body: t.inBody,
        }),
        calendarMessage(deps, training, locale, turn.event.channel),
      );
    case 'waiting': {
      const body = outcome.byQuota ? t.quotaWaitBody(outcome.place) : t.waitBody(outcome.place);
      const buttons = [cancelButton(training, locale)];
      return show(
        turn,
        noteCard(training, readerOf(turn), {
          title: t.waitTitle(training.title),
          tone: 'notice',
          body,
          buttons,
        }),
      );
    }
  }
}

function conflictCard(turn: Turn, training: Training, other: Training): Card {
  const { locale, zone } = turn.actor;
  const t = text[locale];
  const facts = trainingFacts(training, { locale, zone });
  return {
    title: t.conflictTitle,
    tone: 'notice',
    body: t.conflictBody(training.title, other.title, whenInWords(other, zone, locale)),
    ...(facts === undefined ? {} : { facts }),
    buttons: [
      {
        label: t.changeTo(training.no),
        tone: 'primary',
        action: { name: CHANGE, data: { f: other.id, t: training.id }, anybody: true },
        word: `${t.word.change} ${other.no} ${training.no}`,
      },
      {
        label: t.signUpStill,
        action: { name: SIGN_UP, data: { t: training.id, d: true }, anybody: true },
        word: `${t.word.signUp} ${training.no} ${t.word.still}`,
      },
    ],
  };
}

export function cancelReply(turn: Turn, { kind, training }: CancelOutcome): Reply {
  const t = text[turn.actor.locale];
  switch (kind) {
    case 'cancelled':
      return say(turn, t.cancelled(training.title));
    case 'not-in':
      return say(turn, t.notIn(training.title));
    case 'closed':
      return say(turn, t.closed(training.title));
  }
}

export function changeReply(deps: TrainingDeps, turn: Turn, outcome: ChangeOutcome): Reply {
  const { locale } = turn.actor;
  const t = text[locale];
  switch (outcome.kind) {
    case 'changed': {
      const { from, to } = outcome;
      const body = t.changed(from.title, to.title);
      return show(
        turn,
        noteCard(to, readerOf(turn), { title: t.inTitle(to.title), tone: 'good', body }),
        calendarMessage(deps, to, locale, turn.event.channel),
      );
    }
    case 'full':
      return say(turn, t.changeFull(outcome.to.title, outcome.from.title));
    case 'not-in':
      return say(turn, t.notIn(outcome.training.title));
    case 'closed':
      return say(turn, t.closed(outcome.training.title));
    case 'already':
      return say(turn, t.already[outcome.state]);
    case 'conflict':
      return show(turn, conflictCard(turn, outcome.training, outcome.other));
  }
}

export function attendReply(turn: Turn, outcome: AttendOutcome): Reply {
  const { locale, zone } = turn.actor;
  const t = text[locale].attend;
  switch (outcome.kind) {
    case 'recorded': {
      const { training, at, late, walkedIn } = outcome;
      const sentence = late ? t.late : walkedIn ? t.walkedIn : t.recorded;
      return say(turn, sentence(training.title, wallTime(at, zone)));
    }
    case 'already':
      return say(turn, t.already(outcome.training.title, timeOf(outcome.at, turn, zone, locale)));
    case 'not-signed-up':
      return say(turn, t.notSignedUp(outcome.training.title));
    case 'waiting':
      return say(turn, t.waiting(outcome.training.title));
    case 'full':
      return say(turn, t.full(outcome.training.title));
    case 'old':
      return say(turn, t.old);
    case 'used-scan':
      return say(turn, t.usedScan);
    case 'unknown':
      return say(turn, t.unknown);
    case 'too-many':
      return say(turn, t.tooMany);
    case 'none-now':
      return say(turn, t.noneNow);
  }
}

/** With the day where it was another one. */
function timeOf(at: Temporal.Instant, turn: Turn, zone: string, locale: Locale): string {
  const day = localDay(at, zone);
  const sameDay = Temporal.PlainDate.compare(day, localDay(turn.at, zone)) === 0;
  return sameDay ? wallTime(at, zone) : `${text[locale].day(day)} ${wallTime(at, zone)}`;
}

/** Up to six buttons for classes, to choose one. */
export function chooseButtons(
  trainings: readonly Training[],
  locale: Locale,
  what: 'sign-up' | 'cancel',
): NonNullable<Card['buttons']> {
  const t = text[locale];
  return trainings
    .slice(0, 6)
    .map((one) =>
      what === 'sign-up'
        ? signUpButton(one, locale, t.signUpNo(one.no))
        : cancelButton(one, locale, t.cancelNo(one.no)),
    );
}
