import type { MonthSoFar } from '../../chat/adapter.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { DingtalkSettings } from './settings.ts';

/** What a campaign of daily tips asks of an organisation's two monthly meters. */
export interface MonthPlan {
  people: number;
  /** The days on which a tip goes out, from the next one to the end of the month. */
  workdays: readonly Temporal.PlainDate[];
  /** With a card template a check-in is a click, answered without an API call. */
  template: boolean;
  /** Share of people who check in on a workday, and share who need a reminder: worst cases unless given. */
  checkInShare?: number;
  remindShare?: number;
}

interface Meters {
  callsAMonth: number;
  messagesAMonth: number;
  callsUsed: number;
  messagesUsed: number;
}

export interface MeterForecast {
  aDay: number;
  /** How much the month will have taken at its end. */
  atTheEnd: number;
  /** The day on which the meter is used up; undefined when the plan fits. */
  runsOutOn: Temporal.PlainDate | undefined;
}

/**
 * Says before the launch on which day a month's meter will be used up. Cards with buttons bound to a person go one by
 * one; with links each check-in is a message that is answered by another.
 */
export function forecastMonth(
  plan: MonthPlan,
  meters: Meters,
): { calls: MeterForecast; messages: MeterForecast } {
  const { people, workdays, template, checkInShare = 1, remindShare = 0.5 } = plan;
  const checkIns = Math.ceil(people * checkInShare);
  const reminders = Math.ceil(people * remindShare);
  const callsADay = people + reminders + (template ? 0 : checkIns);
  return {
    calls: forecast(callsADay, workdays, meters.callsAMonth - meters.callsUsed, meters.callsUsed),
    messages: forecast(checkIns, workdays, meters.messagesAMonth - meters.messagesUsed, meters.messagesUsed),
  };
}

/** The same for everybody with an account, by the organisation's own plan. */
export function monthAhead(
  { callsAMonth, messagesAMonth, cardTemplateId }: DingtalkSettings,
  { people, workdays, callsUsed, messagesUsed }: MonthSoFar,
) {
  const plan = { people, workdays, template: cardTemplateId !== undefined };
  return forecastMonth(plan, { callsAMonth, messagesAMonth, callsUsed, messagesUsed });
}

function forecast(
  aDay: number,
  workdays: readonly Temporal.PlainDate[],
  left: number,
  used: number,
): MeterForecast {
  const fullDays = aDay === 0 ? workdays.length : Math.max(0, Math.floor(left / aDay));
  return { aDay, atTheEnd: used + aDay * workdays.length, runsOutOn: workdays[fullDays] };
}
