import { createHash } from 'node:crypto';
import { z } from 'zod';
import { callsBack, readCard, type SimCard } from './cards.ts';
import { type RateCounter, rateCounter } from './rates.ts';
import { fine, refused } from './replies.ts';
import {
  cutBytes,
  deliver,
  newResponseCode,
  newSimId,
  personOf,
  type SimContent,
  type SimDelivery,
  type SimSent,
  type World,
} from './world.ts';

const TEXT_BYTES = 2048;
const MEDIA_LIFE_MS = 3 * 86_400_000;
const CODE_LIFE_MS = 72 * 3_600_000;
const RECALL_MS = 24 * 3_600_000;

const sendBody = z.looseObject({
  touser: z.string().default(''),
  toparty: z.string().default(''),
  totag: z.string().default(''),
  agentid: z.coerce.number().int().optional(),
  msgtype: z.string(),
  enable_duplicate_check: z.literal([0, 1]).default(0),
  duplicate_check_interval: z.number().int().min(1).max(14_400).default(1800),
});

export interface Messages {
  send(raw: string): Record<string, unknown>;
  recall(raw: string): Record<string, unknown>;
  update(raw: string): Record<string, unknown>;
}

export function createMessages(world: World): Messages {
  const perPerson = rateCounter(world, [
    [60, 30],
    [3600, 1000],
  ]);
  const perDay = rateCounter(world, [[86_400, world.accountLimit * 200]]);
  const bodies = new Map<string, number>();
  return {
    send: (raw) => send(world, { perPerson, perDay, bodies }, raw),
    recall: (raw) => recall(world, raw),
    update: (raw) => update(world, raw),
  };
}

interface Memory {
  perPerson: RateCounter;
  perDay: RateCounter;
  /** Until when the same JSON is not delivered again. */
  bodies: Map<string, number>;
}

function send(world: World, memory: Memory, raw: string): Record<string, unknown> {
  if (/\\u[\da-f]{4}/i.test(raw)) return refused(40_033);
  const parsed = sendBody.safeParse(json(raw));
  if (!parsed.success) return refused(40_058);
  const body = parsed.data;
  if (body.agentid === undefined) return refused(40_056);
  if (body.agentid !== world.agentId) return refused(301_002);
  const ids = body.touser === '@all' ? rangeOf(world) : split(body.touser);
  if (body.touser !== '@all' && ids.length > 1000) return refused(40_032);
  if (split(body.toparty).length > 100) return refused(82_002);
  if (split(body.totag).length > 100) return refused(82_003);
  if (ids.length === 0) return refused(82_001);
  const content = contentOf(world, body.msgtype, body[body.msgtype]);
  if (typeof content === 'number') return refused(content);
  const card = content.msgtype === 'template_card' ? (content.body as SimCard) : undefined;
  const interactive = card !== undefined && callsBack(card);
  if (interactive && world.callbackUrl === undefined) return refused(43_012);
  if (body.enable_duplicate_check === 1) {
    const hash = createHash('sha256').update(raw).digest('hex');
    if ((memory.bodies.get(hash) ?? 0) > world.now()) return fine({ msgid: '' });
    memory.bodies.set(hash, world.now() + body.duplicate_check_interval * 1000);
  }
  if (card?.task_id !== undefined && world.taskIds.has(card.task_id)) return refused(42_014);
  if (!memory.perDay.take('app', ids.length)) {
    world.throttled += 1;
    return refused(45_009);
  }
  return deliverTo(world, memory, ids, content, interactive, card?.task_id);
}

function deliverTo(
  world: World,
  memory: Memory,
  ids: readonly string[],
  content: SimContent,
  interactive: boolean,
  taskId: string | undefined,
): Record<string, unknown> {
  const msgid = newSimId();
  const sent: SimSent = { msgid, agentid: world.agentId, sentAt: world.now(), recipients: new Set(), taskId };
  const invalid: string[] = [];
  const unlicensed: string[] = [];
  for (const id of ids) {
    const key = id.toLowerCase();
    const person = personOf(world, id);
    if (person === undefined || !person.inRange || person.status === 5) invalid.push(key);
    else if (!person.licensed) unlicensed.push(key);
    else if (!memory.perPerson.take(key)) world.dropped += 1;
    else {
      sent.recipients.add(key);
      deliver(world.chats, key, { msgid, content });
    }
  }
  const lists = {
    ...(invalid.length === 0 ? {} : { invaliduser: invalid.join('|') }),
    ...(unlicensed.length === 0 ? {} : { unlicenseduser: unlicensed.join('|') }),
  };
  if (invalid.length === ids.length) return refused(81_013, lists);
  world.sent.set(msgid, sent);
  if (taskId !== undefined) world.taskIds.set(taskId, sent);
  return fine({
    ...lists,
    msgid,
    ...(interactive ? { response_code: newResponseCode(world, sent) } : {}),
  });
}

/** What one of the types may hold, or the code that refuses it. */
export function contentOf(world: World, msgtype: string, given: unknown): SimContent | number {
  const body = z.record(z.string(), z.unknown()).safeParse(given);
  if (!body.success) return KNOWN.includes(msgtype) ? 40_058 : 40_008;
  const words = typeof body.data['content'] === 'string' ? body.data['content'] : '';
  switch (msgtype) {
    case 'text':
      if (words === '') return 44_004;
      return { msgtype, body: { ...body.data, content: cutBytes(words, TEXT_BYTES) } };
    case 'markdown':
      if (words === '') return 44_004;
      return Buffer.byteLength(words) > TEXT_BYTES ? 45_002 : { msgtype, body: body.data };
    case 'textcard':
      return typeof body.data['url'] === 'string' && body.data['url'] !== ''
        ? { msgtype, body: body.data }
        : 40_058;
    case 'news': {
      const articles = Array.isArray(body.data['articles']) ? body.data['articles'].length : 0;
      return articles < 1 || articles > 8 ? 45_008 : { msgtype, body: body.data };
    }
    case 'image':
    case 'file': {
      const media = world.media.get(String(body.data['media_id']));
      const known =
        media?.type === msgtype && media.webhook === undefined && world.now() - media.madeAt < MEDIA_LIFE_MS;
      return known ? { msgtype, body: body.data } : 40_007;
    }
    case 'template_card': {
      const card = readCard(body.data);
      return typeof card === 'number' ? card : { msgtype, body: card };
    }
    default:
      return 40_008;
  }
}
const KNOWN = ['text', 'markdown', 'textcard', 'news', 'image', 'file', 'template_card'];

function recall(world: World, raw: string): Record<string, unknown> {
  const { msgid } = z.object({ msgid: z.string() }).catch({ msgid: '' }).parse(json(raw));
  const sent = world.sent.get(msgid);
  if (sent === undefined) return refused(40_058);
  if (world.now() - sent.sentAt > RECALL_MS) return refused(42_052);
  for (const delivery of copiesOf(world, sent, sent.recipients)) delivery.recalled = true;
  return fine();
}

const updateBody = z.looseObject({
  userids: z.array(z.string()).max(1000).optional(),
  atall: z.literal([0, 1]).optional(),
  agentid: z.coerce.number().int(),
  response_code: z.string(),
  button: z.object({ replace_name: z.string().min(1) }).optional(),
  template_card: z.looseObject({ replace_text: z.string().optional() }).optional(),
});

function update(world: World, raw: string): Record<string, unknown> {
  const parsed = updateBody.safeParse(json(raw));
  if (!parsed.success) return refused(40_058);
  const { userids = [], atall = 0, agentid, response_code, button, template_card } = parsed.data;
  const code = world.codes.get(response_code);
  if (code === undefined || code.used || world.now() - code.madeAt > CODE_LIFE_MS) return refused(60_140);
  if (agentid !== code.sent.agentid) return refused(42_015);
  if (userids.length === 0 && atall !== 1) return refused(40_058);
  if ((button === undefined) === (template_card === undefined)) return refused(40_058);
  const card = template_card === undefined ? undefined : readCard(template_card);
  if (typeof card === 'number') return refused(card);
  const wanted = atall === 1 ? code.sent.recipients : new Set(userids.map((id) => id.toLowerCase()));
  const invalid = [...wanted].filter((id) => !code.sent.recipients.has(id));
  if (invalid.length === wanted.size) return refused(82_101);
  code.used = true;
  for (const delivery of copiesOf(world, code.sent, wanted)) {
    const greyed = button?.replace_name ?? template_card?.replace_text;
    if (greyed === undefined) delete delivery.greyed;
    else delivery.greyed = greyed;
    if (card !== undefined) delivery.content = { msgtype: 'template_card', body: card };
  }
  return fine({ invaliduser: invalid });
}

function* copiesOf(world: World, sent: SimSent, people: Iterable<string>): Iterable<SimDelivery> {
  for (const id of people) {
    const copy = world.chats.get(id)?.findLast(({ msgid }) => msgid === sent.msgid);
    if (copy !== undefined) yield copy;
  }
}

function rangeOf(world: World): string[] {
  return [...world.people.values()].filter(({ inRange }) => inRange).map(({ userid }) => userid);
}

const split = (text: string): string[] => text.split('|').filter((part) => part !== '');

export function json(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
