import { type Pushed, push, type XmlTree, xmlOf } from './callback.ts';
import type { SimCard } from './cards.ts';
import type { Robot } from './robot.ts';
import {
  newResponseCode,
  newSimId,
  personOf,
  type SimDelivery,
  type SimDepartment,
  type SimPerson,
  type World,
} from './world.ts';

/** What people and administrators do: the other side of the API. */
export interface SimClient {
  addPerson(person: Partial<SimPerson> & { userid: string }): void;
  addDepartment(department: Partial<SimDepartment> & { id: number; name: string }): void;
  /** A group that the robot was put into. */
  addRobotGroup(chatid: string, name: string, members: readonly string[]): void;
  /** A group with a push of its own; whoever knows the key may post. */
  addWebhookGroup(key: string, name: string): void;
  /** What stands in somebody's chat with the app, oldest first. */
  chat(userid: string): SimDelivery[];
  groupChat(chatid: string): SimDelivery[];
  says(userid: string, text: string): Promise<Pushed>;
  sendsImage(userid: string): Promise<Pushed>;
  entersApp(userid: string): Promise<Pushed>;
  clicksMenu(userid: string, key: string): Promise<Pushed>;
  /** Presses a button in the chat with the app. `chosen`: option ids by question. */
  taps(
    userid: string,
    msgid: string,
    label: string,
    chosen?: Readonly<Record<string, readonly string[]>>,
  ): Promise<Pushed>;
  /** An event of contact-sync: its callbacks carry no AgentID. */
  contactChanges(change: XmlTree): Promise<Pushed>;
  /** Any message of this person to the app; what is common to all is filled in. */
  pushes(userid: string, fields: XmlTree): Promise<Pushed>;
  /** The last push once more: the same plaintext under a new nonce. */
  again(): Promise<Pushed>;
}

/** Labels of the buttons that can still be pressed. */
export function buttonsOf(delivery: SimDelivery): { label: string; key: string }[] {
  if (delivery.content.msgtype !== 'template_card' || delivery.greyed !== undefined) return [];
  const card = delivery.content.body as SimCard;
  return [
    ...(card.button_list ?? []).map(({ text, key }) => ({ label: text, key: key ?? '' })),
    ...(card.submit_button === undefined
      ? []
      : [{ label: card.submit_button.text, key: card.submit_button.key }]),
    ...(card.action_menu?.action_list.map(({ text, key }) => ({ label: text, key })) ?? []),
  ];
}

/** Everything that a card shows, except its buttons. */
export function wordsOf({ content }: SimDelivery): string {
  if (content.msgtype === 'template_card') return shownTexts(content.body).join('\n');
  const { content: words } = content.body;
  return typeof words === 'string' ? words : '';
}

const UNSEEN = ['key', 'question_key', 'id', 'task_id', 'card_type', 'url', 'button_list', 'submit_button'];

function shownTexts(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  if (Array.isArray(node)) return node.flatMap(shownTexts);
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([name, value]) => (UNSEEN.includes(name) ? [] : shownTexts(value)));
}

export function simClient(world: World, robot: Robot): SimClient {
  let last: string | undefined;

  async function pushes(userid: string, fields: XmlTree): Promise<Pushed> {
    const person = personOf(world, userid);
    last = xmlOf({
      ToUserName: world.corpId,
      FromUserName: person?.userid ?? userid,
      CreateTime: Math.floor(world.now() / 1000),
      ...fields,
      AgentID: world.agentId,
    });
    return push(world, last);
  }

  const messageId = () => String(BigInt(`0x${Buffer.from(newSimId()).toString('hex').slice(0, 14)}`));

  return {
    addPerson(person) {
      world.people.set(person.userid.toLowerCase(), {
        name: person.userid,
        departments: [1],
        position: '',
        status: 1,
        inRange: true,
        licensed: true,
        ...person,
      });
    },
    addDepartment(department) {
      world.departments.set(department.id, { parentid: 1, order: 1, ...department });
    },
    addRobotGroup(chatid, name, members) {
      world.groups.set(chatid, { kind: 'robot', name, members: new Set(members), spoken: false });
    },
    addWebhookGroup(key, name) {
      world.groups.set(`webhook ${key}`, { kind: 'webhook', name, members: new Set(), spoken: true });
    },
    chat: (userid) => world.chats.get(userid.toLowerCase()) ?? [],
    groupChat: (chatid) => world.groupChats.get(chatid) ?? [],
    says: (userid, text) => pushes(userid, { MsgType: 'text', Content: text, MsgId: messageId() }),
    sendsImage: (userid) =>
      pushes(userid, {
        MsgType: 'image',
        PicUrl: 'http://127.0.0.1/pic',
        MediaId: newSimId(),
        MsgId: messageId(),
      }),
    entersApp: (userid) => pushes(userid, { MsgType: 'event', Event: 'enter_agent', EventKey: '' }),
    clicksMenu: (userid, key) => pushes(userid, { MsgType: 'event', Event: 'click', EventKey: key }),
    async taps(userid, msgid, label, chosen = {}) {
      const delivery = world.chats.get(userid.toLowerCase())?.find((one) => one.msgid === msgid);
      const button = delivery && buttonsOf(delivery).find((one) => one.label === label);
      const sent = world.sent.get(msgid);
      if (delivery === undefined || button === undefined || sent === undefined)
        throw new Error(`no button ${label}`);
      const card = delivery.content.body as SimCard;
      const selected = Object.entries(chosen).map(([question, ids]) => ({
        QuestionKey: question,
        OptionIds: { OptionId: ids as unknown as XmlTree[] },
      }));
      return pushes(userid, {
        MsgType: 'event',
        Event: 'template_card_event',
        EventKey: button.key,
        TaskId: sent.taskId ?? '',
        CardType: card.card_type,
        ResponseCode: newResponseCode(world, sent),
        ...(selected.length === 0 ? {} : { SelectedItems: { SelectedItem: selected } }),
      });
    },
    async contactChanges(change) {
      last = xmlOf({
        ToUserName: world.corpId,
        FromUserName: 'sys',
        CreateTime: Math.floor(world.now() / 1000),
        MsgType: 'event',
        Event: 'change_contact',
        ...change,
      });
      return push(world, last);
    },
    pushes,
    async again() {
      if (last === undefined) {
        robot.again();
        return { attempts: 0, status: undefined, body: '' };
      }
      return push(world, last);
    },
  };
}
