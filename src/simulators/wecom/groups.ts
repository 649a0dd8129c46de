import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readCard } from './cards.ts';
import { contentOf, json } from './messages.ts';
import { rateCounter } from './rates.ts';
import { fine, refused } from './replies.ts';
import { deliver, newSimId, personOf, type World } from './world.ts';

const chatid = z.string().regex(/^[\da-zA-Z]{1,32}$/);
const createBody = z.object({
  name: z.string().max(50).optional(),
  owner: z.string().optional(),
  userlist: z.array(z.string()),
  chatid: chatid.optional(),
});
const updateBody = z.object({
  chatid: z.string(),
  name: z.string().max(50).optional(),
  owner: z.string().optional(),
  add_user_list: z.array(z.string()).default([]),
  del_user_list: z.array(z.string()).default([]),
});
const sendBody = z.looseObject({ chatid: z.string(), msgtype: z.string() });

const WEBHOOK_MARKDOWN_BYTES = 4096;
const WEBHOOK_TEXT_BYTES = 2048;

export interface Groups {
  create(raw: string): Record<string, unknown>;
  update(raw: string): Record<string, unknown>;
  get(chatid: string | null): Record<string, unknown>;
  send(raw: string): Record<string, unknown>;
  /** The group push: whoever knows the key may post. */
  post(key: string | null, raw: string): Record<string, unknown>;
}

/** App chats and group pushes. */
export function createGroups(world: World): Groups {
  const creations = rateCounter(world, [[86_400, 1000]]);
  const updates = rateCounter(world, [[3600, 1000]]);
  const personTimes = rateCounter(world, [[60, 20_000]]);
  const posts = rateCounter(world, [[60, 20]]);
  const perMember = rateCounter(world, [
    [60, 200],
    [86_400, 10_000],
  ]);

  function throttled(): Record<string, unknown> {
    world.throttled += 1;
    return refused(45_009);
  }

  function ours(id: string): { code: number } | { group: NonNullable<ReturnType<World['groups']['get']>> } {
    const group = world.groups.get(id);
    if (group === undefined || group.kind !== 'appchat') return { code: 86_008 };
    return { group };
  }

  return {
    create(raw) {
      if (!world.rootRange) return refused(48_002);
      const body = createBody.safeParse(json(raw));
      if (!body.success) return refused(40_058);
      const { userlist, owner, name = '群聊' } = body.data;
      const known = userlist.filter((id) => personOf(world, id) !== undefined);
      if (known.length < 2 || known.length > 2000) return refused(86_006);
      if (owner !== undefined && !userlist.includes(owner)) return refused(86_207);
      if (!creations.take('corp')) return throttled();
      const id =
        body.data.chatid ??
        newSimId()
          .replace(/[^\da-zA-Z]/g, '')
          .slice(0, 24);
      if (world.groups.has(id)) return refused(86_215);
      world.groups.set(id, {
        kind: 'appchat',
        name,
        members: new Set(known.map((one) => one.toLowerCase())),
        spoken: true,
        owner: owner ?? known[0] ?? '',
        agentid: world.agentId,
      });
      return fine({ chatid: id });
    },
    update(raw) {
      const body = updateBody.safeParse(json(raw));
      if (!body.success) return refused(40_058);
      const found = ours(body.data.chatid);
      if ('code' in found) return refused(found.code);
      if (!updates.take('corp')) return throttled();
      for (const id of body.data.add_user_list) found.group.members.add(id.toLowerCase());
      for (const id of body.data.del_user_list) found.group.members.delete(id.toLowerCase());
      if (body.data.name !== undefined) found.group.name = body.data.name;
      return fine();
    },
    get(id) {
      const found = ours(id ?? '');
      if ('code' in found) return refused(found.code);
      const { name, owner, members } = found.group;
      return fine({ chat_info: { chatid: id, name, owner, userlist: [...members], chat_type: 0 } });
    },
    send(raw) {
      const body = sendBody.safeParse(json(raw));
      if (!body.success) return refused(40_058);
      const { chatid: id, msgtype } = body.data;
      const found = ours(id);
      if ('code' in found) return refused(found.code);
      if (msgtype === 'template_card') return refused(40_008);
      const content = contentOf(world, msgtype, body.data[msgtype]);
      if (typeof content === 'number') return refused(content);
      if (!personTimes.take('corp', found.group.members.size)) return throttled();
      // A full member misses it while the others see it; the chat as a whole stands for those who do.
      const missing = [...found.group.members].filter((member) => !perMember.take(member));
      world.dropped += missing.length;
      deliver(world.groupChats, id, { msgid: newSimId(), content });
      return fine();
    },
    post(key, raw) {
      const group = world.groups.get(`webhook ${key}`);
      if (group === undefined) return refused(93_000);
      const body = z.looseObject({ msgtype: z.string() }).safeParse(json(raw));
      if (!body.success) return refused(40_058);
      const { msgtype } = body.data;
      const given = z.record(z.string(), z.unknown()).safeParse(body.data[msgtype]);
      if (!given.success) return refused(40_008);
      const content = postable(world, key ?? '', msgtype, given.data);
      if (typeof content === 'number') return refused(content);
      if (!posts.take(key ?? '')) return throttled();
      deliver(world.groupChats, `webhook ${key}`, { msgid: newSimId(), content: { msgtype, body: content } });
      return fine();
    },
  };
}

/** Before base64. */
const MOST_PICTURE_BYTES = 2 * 1024 * 1024;

function postable(
  world: World,
  key: string,
  msgtype: string,
  body: Record<string, unknown>,
): Record<string, unknown> | number {
  const words = typeof body['content'] === 'string' ? body['content'] : '';
  switch (msgtype) {
    case 'text':
      return words === '' || Buffer.byteLength(words) > WEBHOOK_TEXT_BYTES ? 40_058 : body;
    case 'markdown':
    case 'markdown_v2':
      return words === '' || Buffer.byteLength(words) > WEBHOOK_MARKDOWN_BYTES ? 40_058 : body;
    case 'file':
      return world.media.get(String(body['media_id']))?.webhook === key ? body : 40_007;
    case 'image': {
      const bytes = Buffer.from(String(body['base64']), 'base64');
      const md5 = createHash('md5').update(bytes).digest('hex');
      return bytes.length === 0 || bytes.length > MOST_PICTURE_BYTES || md5 !== body['md5'] ? 40_009 : body;
    }
    case 'template_card': {
      const card = readCard(body);
      if (typeof card === 'number') return card;
      return ['text_notice', 'news_notice'].includes(card.card_type) ? card : 42_031;
    }
    default:
      return 40_008;
  }
}
