import { ok, refuse, refuseOld, type SimAnswer, type SimRequest, wordIn } from './answers.ts';
import { cardFault } from './card-check.ts';
import { type Message, newKey, type World } from './world.ts';

interface Batch {
  id: string;
  type: string;
  content: Record<string, unknown>;
  /** Whom the platform will try to reach; empty until it has begun. */
  openIds: string[];
  begun: boolean;
  posted: Message[];
  atMs: number;
  recalled: boolean;
}

const MOST_A_DAY = 500_000;
const MOST_IDS = 200;
const DAY_MS = 86_400_000;
const KEPT_MS = 30 * DAY_MS;

/** `message/v4/batch_send`: taken at once, delivered one batch after the other. */
export function batchApi({
  world,
  now,
  recallWindowMs,
}: {
  world: World;
  now: () => number;
  recallWindowMs: number;
}) {
  const batches = new Map<string, Batch>();
  const queue: Batch[] = [];
  let working = false;
  let day = { number: 0, sent: 0 };

  /** Delivers what is queued; who is out of reach is left out and nobody is told. */
  function work(): void {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      batch.begun = true;
      if (batch.recalled) continue;
      for (const openId of batch.openIds) {
        const person = world.people.get(openId);
        if (person === undefined || !person.available || person.stopped || person.status.is_resigned)
          continue;
        const { id, type, content } = batch;
        batch.posted.push(world.post(world.privateChat(openId), { id, type, content, batch: id }));
      }
    }
    working = false;
  }

  function send({ json }: SimRequest): SimAnswer {
    const asked = json?.['open_ids'];
    const others = ['department_ids', 'user_ids', 'union_ids'].flatMap(
      (key) => (json?.[key] as unknown[]) ?? [],
    );
    if (json === undefined || others.length > 0) return refuseOld(10003, 'only open_ids are simulated');
    if (!Array.isArray(asked) || asked.length === 0 || asked.length > MOST_IDS) {
      return refuseOld(10003, 'open_ids: 1 to 200');
    }
    const type = wordIn(json['msg_type']);
    const content = (type === 'interactive' ? json['card'] : json['content']) as Record<string, unknown>;
    const fault = faultOf(type, content);
    if (fault !== undefined) return fault;
    const known = asked.map(wordIn).filter((id) => world.people.has(id));
    const today = Math.floor(now() / DAY_MS);
    if (day.number !== today) day = { number: today, sent: 0 };
    if (day.sent + known.length > MOST_A_DAY) return refuseOld(11247, 'the messages of the day are used up');
    day.sent += known.length;
    const batch: Batch = {
      id: newKey('bm-'),
      type,
      content,
      openIds: known,
      begun: false,
      posted: [],
      atMs: now(),
      recalled: false,
    };
    batches.set(batch.id, batch);
    queue.push(batch);
    if (!working) {
      working = true;
      setImmediate(work);
    }
    const data = {
      message_id: batch.id,
      invalid_department_ids: [],
      invalid_open_ids: asked.map(wordIn).filter((id) => !world.people.has(id)),
      invalid_user_ids: [],
      invalid_union_ids: [],
    };
    return { status: 200, body: { code: 0, msg: 'ok', data } };
  }

  function faultOf(type: string, content: unknown): SimAnswer | undefined {
    if (typeof content !== 'object' || content === null) return refuseOld(10003, 'content must be an object');
    if (Buffer.byteLength(JSON.stringify(content)) > (type === 'text' ? 150_000 : 30_000)) {
      return refuseOld(11246, 'content too long');
    }
    if (type === 'text') {
      const { text } = content as { text?: unknown };
      return typeof text === 'string' && text !== '' ? undefined : refuseOld(10003, 'text is empty');
    }
    if (type === 'post') {
      return JSON.stringify(content).includes('"tag":"md"')
        ? refuseOld(11246, 'md is not supported')
        : undefined;
    }
    if (type === 'image') {
      const key = wordIn((content as { image_key?: unknown }).image_key);
      return world.files.get(key)?.kind === 'image' ? undefined : refuseOld(11227, 'image key is invalid');
    }
    if (type !== 'interactive') return refuseOld(10003, 'msg_type');
    const fault = cardFault(content, world.files);
    return fault === undefined
      ? undefined
      : refuseOld(
          11246,
          `Failed to create card content, ext=ErrCode: ${fault.code}; ErrMsg: ${fault.message};`,
        );
  }

  const of = ({ params }: SimRequest): Batch | undefined => {
    const batch = batches.get(params['id'] ?? '');
    return batch === undefined || now() - batch.atMs > KEPT_MS ? undefined : batch;
  };
  const unknown = refuse(230030, 'The batch message id is unknown.');

  return {
    send,
    progress(request: SimRequest): SimAnswer {
      const batch = of(request);
      if (batch === undefined) return unknown;
      const live = batch.posted.filter(({ deleted }) => !deleted);
      return ok({
        batch_message_send_progress: {
          valid_user_ids_count: batch.begun ? batch.openIds.length : 0,
          success_user_ids_count: batch.posted.length,
          read_user_ids_count: live.filter(({ readers }) => readers.size > 0).length,
        },
        batch_message_recall_progress: {
          recall: batch.recalled,
          recall_count: batch.posted.length - live.length,
        },
      });
    },
    readers(request: SimRequest): SimAnswer {
      const batch = of(request);
      if (batch === undefined) return unknown;
      const read = batch.posted.filter(({ readers }) => readers.size > 0).length;
      return ok({ read_user: { read_count: String(read), total_count: String(batch.posted.length) } });
    },
    recall(request: SimRequest): SimAnswer {
      const batch = of(request);
      if (batch === undefined) return unknown;
      if (now() - batch.atMs > recallWindowMs)
        return refuse(230009, 'The message is too old to be recalled.');
      batch.recalled = true;
      for (const message of batch.posted) message.deleted = true;
      return ok();
    },
    /** Resolves when everything taken so far is delivered. */
    async settled(): Promise<void> {
      while (working) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
