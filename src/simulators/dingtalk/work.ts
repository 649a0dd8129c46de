import type { Handler } from './calls.ts';
import { OapiRefusal } from './refusals.ts';
import { DAY_MS, dayOf } from './settings.ts';
import { put, type State, type WorkTask } from './state.ts';
import { objectIn, recordOf, say } from './values.ts';

const MOST_USERS = 100;
const MOST_MESSAGE_BYTES = 2048;
const MOST_A_PERSON_A_DAY = 500;
const ALL_RESULT_RECEIVERS = 100;

const NEEDED: Record<string, readonly string[]> = {
  text: ['content'],
  markdown: ['title', 'text'],
  file: ['media_id'],
  action_card: ['title', 'markdown'],
};

/** Work notices. Over their limits they still answer success: only `getsendresult` tells. */
export function workHandlers(state: State): Record<string, Handler> {
  const { settings } = state;
  const received = new Map<string, number>();
  const contents = new Set<string>();
  let minute = { at: 0, receivers: 0 };
  let day = '';

  function turn(now: number): void {
    if (dayOf(now) !== day) {
      day = dayOf(now);
      received.clear();
      contents.clear();
    }
    // The minute is that of the wall clock, as every limit of seconds.
    if (Date.now() - minute.at >= 60_000) minute = { at: Date.now(), receivers: 0 };
  }

  function checkAgent(body: Record<string, unknown>): void {
    if (say(body['agent_id']) !== settings.agentId) throw new OapiRefusal(40056, '不合法的agentid');
  }

  function taskOf(body: Record<string, unknown>, name = 'task_id'): WorkTask {
    checkAgent(body);
    const task = state.tasks.get(Number(body[name]));
    if (task === undefined || settings.now() - task.sentAt > DAY_MS)
      throw new OapiRefusal(400002, '无效的task_id');
    return task;
  }

  return {
    'POST /topapi/message/corpconversation/asyncsend_v2': ({ body }) => {
      checkAgent(body);
      const users = say(body['userid_list'])
        .split(',')
        .filter((id) => id !== '');
      if (users.length === 0 || users.length > MOST_USERS) throw new OapiRefusal(40035, 'userid_list 不合法');
      const msg = typeof body['msg'] === 'string' ? objectIn(body['msg']) : recordOf(body['msg']);
      const type = say(msg?.['msgtype']);
      const content = recordOf(msg?.[type]);
      const bytes = Buffer.byteLength(JSON.stringify(msg ?? ''));
      const complete = (NEEDED[type] ?? ['?']).every((key) => typeof content[key] === 'string');
      if (!complete || bytes > MOST_MESSAGE_BYTES) throw new OapiRefusal(40035, 'msg 不合法');
      if (type === 'text' && say(content['content']).length > 500) throw new OapiRefusal(40035, '文本过长');
      const now = settings.now();
      turn(now);
      state.serial += 1;
      const task: WorkTask = {
        id: 256_000_000_000 + state.serial,
        sentAt: now,
        invalid: [],
        forbidden: [],
        reached: [],
      };
      state.tasks.set(task.id, task);
      const key = String(task.id);
      for (const userid of new Set(users)) {
        const forbid = (code: string) => {
          task.forbidden.push({ code, userid });
          state.counts.dropped += 1;
        };
        const same = `${userid} ${JSON.stringify(msg)}`;
        minute.receivers += 1;
        if (!state.people.has(userid)) task.invalid.push(userid);
        else if (minute.receivers > settings.receiversAMinute) forbid('143103');
        else if ((received.get(userid) ?? 0) >= MOST_A_PERSON_A_DAY) forbid('143105');
        else if (contents.has(same)) forbid('143106');
        else {
          contents.add(same);
          received.set(userid, (received.get(userid) ?? 0) + 1);
          task.reached.push(userid);
          put(state, {
            key,
            shelf: `work:${userid}`,
            kind: 'work',
            type,
            content,
            sentAt: now,
            readBy: new Set(),
            recalled: false,
          });
        }
      }
      return { task_id: task.id };
    },

    'POST /topapi/message/corpconversation/getsendprogress': ({ body }) => {
      taskOf(body);
      return { progress: { progress_in_percent: 100, status: 2 } };
    },

    'POST /topapi/message/corpconversation/getsendresult': ({ body }) => {
      const task = taskOf(body);
      const all = task.reached.length + task.invalid.length + task.forbidden.length;
      if (all > ALL_RESULT_RECEIVERS) throw new OapiRefusal(15, 'isp.top-remote-connection-timeout');
      const messages = state.byKey.get(String(task.id)) ?? [];
      const readers = new Set(messages.flatMap(({ readBy }) => [...readBy]));
      return {
        send_result: {
          invalid_user_id_list: task.invalid,
          forbidden_user_id_list: task.forbidden.map(({ userid }) => userid),
          forbidden_list: task.forbidden.map((one) => ({ ...one, count: 1 })),
          failed_user_id_list: [],
          read_user_id_list: task.reached.filter((id) => readers.has(id)),
          unread_user_id_list: task.reached.filter((id) => !readers.has(id)),
          invalid_dept_id_list: [],
        },
      };
    },

    'POST /topapi/message/corpconversation/recall': ({ body }) => {
      const task = taskOf(body, 'msg_task_id');
      for (const message of state.byKey.get(String(task.id)) ?? []) message.recalled = true;
      return {};
    },
  };
}
