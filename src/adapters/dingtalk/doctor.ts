import type { MonthSoFar } from '../../chat/adapter.ts';
import { messageOf, PlatformError } from '../../kernel/errors.ts';
import type { Clock, Temporal } from '../../kernel/time.ts';
import { createClient } from './client.ts';
import { monthAhead } from './month.ts';
import { sentenceOf } from './sentences.ts';
import type { DingtalkSettings } from './settings.ts';

export interface DingtalkFinding {
  state: 'ok' | 'warning' | 'problem';
  sentence: string;
}

/** From this share of a meter on, an operator should know. */
const WARN_AT = 0.8;

/**
 * Signs in, reads the root of the directory, and compares the month's meters with what a campaign will ask of them.
 * Makes no metered call.
 */
export async function examineDingtalk(
  settings: DingtalkSettings,
  deps: { clock: Clock; soFar: MonthSoFar },
): Promise<DingtalkFinding> {
  const client = createClient({ settings, clock: deps.clock });
  try {
    await client.signIn();
    await client.oapi({ method: 'POST', path: '/topapi/v2/department/listsub', body: { dept_id: 1 } });
  } catch (error) {
    return {
      state: 'problem',
      sentence: error instanceof PlatformError ? sentenceOf(error) : messageOf(error),
    };
  }
  const buttons = settings.cardTemplateId === undefined ? 'links instead of buttons' : 'cards of a template';
  const reach = `connected by ${settings.mode}, ${buttons}, ${deps.soFar.people} people with an account`;
  const warning = meterWarning(settings, deps.soFar);
  return warning === undefined
    ? { state: 'ok', sentence: reach }
    : { state: 'warning', sentence: `${reach}; ${warning}` };
}

function meterWarning(settings: DingtalkSettings, soFar: MonthSoFar): string | undefined {
  const { callsAMonth, messagesAMonth } = settings;
  const { callsUsed, messagesUsed } = soFar;
  const { calls, messages } = monthAhead(settings, soFar);
  const lines = [
    ...lineOf('API calls', callsUsed, callsAMonth, calls.runsOutOn),
    ...lineOf('stream and webhook messages', messagesUsed, messagesAMonth, messages.runsOutOn),
  ];
  return lines.length === 0
    ? undefined
    : `${lines.join('; ')}; buy more in the developer console, or invite fewer people`;
}

function lineOf(
  what: string,
  used: number,
  most: number,
  runsOutOn: Temporal.PlainDate | undefined,
): string[] {
  if (runsOutOn !== undefined)
    return [
      `when everybody checks in daily, the ${most} ${what} of this month are used up on ${runsOutOn.toString()}`,
    ];
  return used >= most * WARN_AT ? [`${used} of the ${most} ${what} of this month are used`] : [];
}
