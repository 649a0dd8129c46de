import { z } from 'zod';
import type { Confirmation, Confirming, SentDispatch } from '../../chat/adapter.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/time.ts';
import { type DingtalkClient, type Meter, parse } from './client.ts';
import { type MessageId, messageIdIn } from './ids.ts';
import { WAYS } from './limits.ts';
import type { DingtalkSettings } from './settings.ts';

const MINUTE_MS = 60_000;
/** Within this, `processQueryKey.expireTime` means that the key is not ready yet. */
const NOT_READY_MS = 10 * MINUTE_MS;

/** What one call tells: of each receiver, and of whoever is not named in it. */
interface Told {
  of: Map<string, Confirmation>;
  others: Confirmation;
}

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const readStatus = z.object({
  sendStatus: z.string(),
  messageReadInfoList: z.array(z.object({ userId: z.string(), readStatus: z.string() })).nullish(),
});
const groupStatus = z.object({ sendStatus: z.string() });
const sendResult = z.object({
  send_result: z.object({
    invalid_user_id_list: texts,
    failed_user_id_list: texts,
    forbidden_user_id_list: texts,
    forbidden_list: z
      .array(z.object({ code: z.union([z.string(), z.number()]).transform(String), userid: z.string() }))
      .nullish(),
    read_user_id_list: texts,
    unread_user_id_list: texts,
  }),
});

const untold: Confirmation = { kind: 'untold' };

/**
 * Asks once for each call that went to many or to a group, late enough for one answer to do: every question is metered like a send, and read
 * events come by themselves. Nothing is asked about replies within a session and about cards, whose delivery is known.
 * Sources: D:chatbot-batch-query-the-read-status-of-messages, D:chatbot-queries-the-read-status-of-a-message,
 * D:gets-the-result-of-sending-messages-asynchronously-to-the-enterprise (page of 2026-07-13), read 2026-11-22.
 */
export function createConfirming(deps: {
  client: DingtalkClient;
  settings: DingtalkSettings;
  clock: Clock;
  meter: Meter;
}): Confirming {
  const { client, settings, clock, meter } = deps;
  const { robotCode } = settings;

  async function askRobot(processQueryKey: string): Promise<Told> {
    const path = '/v1.0/robot/oToMessages/readStatus';
    meter('robot/oToMessages/readStatus');
    const json = await client.api({ method: 'GET', path, query: { robotCode, processQueryKey } });
    const { sendStatus, messageReadInfoList } = parse(readStatus, { json }, path);
    const status = statusOf(sendStatus);
    if (status !== 'sent') return { of: new Map(), others: status };
    const of = new Map<string, Confirmation>();
    for (const one of messageReadInfoList ?? [])
      of.set(one.userId, { kind: one.readStatus === 'READ' ? 'read' : 'delivered' });
    return { of, others: { kind: 'missing', reason: 'not-among-receivers' } };
  }

  async function askGroup(processQueryKey: string, openConversationId: string): Promise<Told> {
    const path = '/v1.0/robot/groupMessages/query';
    meter('robot/groupMessages/query');
    const body = { robotCode, openConversationId, processQueryKey, maxResults: 1 };
    const json = await client.api({ method: 'POST', path, body });
    const status = statusOf(parse(groupStatus, { json }, path).sendStatus);
    return { of: new Map(), others: status === 'sent' ? { kind: 'delivered' } : status };
  }

  async function askWork(taskId: string): Promise<Told> {
    const path = '/topapi/message/corpconversation/getsendresult';
    meter('corpconversation/getsendresult');
    const body = { agent_id: Number(settings.agentId), task_id: Number(taskId) };
    const json = await client.oapi({ method: 'POST', path, body });
    const result = parse(sendResult, { json }, path).send_result;
    const of = new Map<string, Confirmation>();
    for (const id of result.unread_user_id_list) of.set(id, { kind: 'delivered' });
    for (const id of result.read_user_id_list) of.set(id, { kind: 'read' });
    for (const id of result.failed_user_id_list) of.set(id, { kind: 'refused', reason: 'failed' });
    for (const id of result.forbidden_user_id_list) of.set(id, { kind: 'refused', reason: 'forbidden' });
    for (const { code, userid } of result.forbidden_list ?? [])
      of.set(userid, { kind: 'refused', reason: code });
    for (const id of result.invalid_user_id_list) of.set(id, { kind: 'unreachable', reason: 'user-unknown' });
    return { of, others: { kind: 'missing', reason: 'not-in-send-result' } };
  }

  /** What the platform will not tell any more is no reason to ask again. */
  async function ask(id: MessageId, sent: SentDispatch): Promise<Told> {
    try {
      switch (id.kind) {
        case 'robot':
          return await askRobot(id.processQueryKey);
        case 'group':
          return await askGroup(id.processQueryKey, id.conversationId);
        case 'work':
          return await askWork(id.taskId);
        case 'card':
        case 'session':
          return { of: new Map(), others: untold };
      }
    } catch (error) {
      if (!(error instanceof PlatformError) || error.fate !== 'give-up') throw error;
      const age = clock.now().epochMilliseconds - sent.sentAt.epochMilliseconds;
      const notReady = error.platformCode === 'processQueryKey.expireTime' && age < NOT_READY_MS;
      return { of: new Map(), others: notReady ? { kind: 'pending' } : untold };
    }
  }

  return {
    afterMs: 45 * MINUTE_MS,
    everyMs: 6 * 60 * MINUTE_MS,
    // Keys and tasks are known for 24 hours.
    withinMs: 23 * 60 * MINUTE_MS,
    batchSize: 100,
    findsLost: false,
    async ask(sent) {
      const told = new Map<string, Promise<Told>>();
      const answers: Confirmation[] = [];
      for (const one of sent) {
        const id = messageIdIn(one.platformMessageId ?? '');
        // A question about one person would cost as much as the message did; who reads it is told anyway.
        if (id === undefined || one.way === WAYS.one) {
          answers.push(untold);
          continue;
        }
        const call = callOf(id);
        const known = told.get(call) ?? ask(id, one);
        told.set(call, known);
        const { of, others } = await known;
        answers.push(of.get('userId' in id ? id.userId : '') ?? others);
      }
      return answers;
    },
  };
}

/** Messages of one call share its key. */
function callOf(id: MessageId): string {
  if ('processQueryKey' in id) return `${id.kind} ${id.processQueryKey}`;
  return 'taskId' in id ? `work ${id.taskId}` : id.kind;
}

/** The documentation's own sample writes SUCESS. */
function statusOf(status: string): 'sent' | Confirmation {
  if (/^SUC/i.test(status)) return 'sent';
  return /^PROC/i.test(status) ? { kind: 'pending' } : untold;
}
