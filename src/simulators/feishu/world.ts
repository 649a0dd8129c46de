import { randomUUID } from 'node:crypto';

/** Somebody of the tenant. Ids are made up where they are not given. */
export interface Person {
  openId: string;
  unionId: string;
  userId: string;
  name: string;
  number: string | undefined;
  jobTitle: string | undefined;
  /** Open department ids; `0` is the root. The first is the main one. */
  departmentIds: string[];
  status: { is_frozen: boolean; is_resigned: boolean; is_activated: boolean; is_exited: boolean };
  /** In the app's visible range: may get messages. */
  available: boolean;
  /** In the app's contact scope: the directory API shows them. */
  inScope: boolean;
  /** Has stopped the bot. */
  stopped: boolean;
  /** Urgent messages that they have not looked at. */
  urgents: number;
}

export interface Department {
  id: string;
  name: string;
  parentId: string;
  deleted: boolean;
}

export interface Message {
  id: string;
  chatId: string;
  type: string;
  /** As the client would parse it: the JSON inside of `content`. */
  content: Record<string, unknown>;
  createdAtMs: number;
  updatedAtMs: number;
  edits: number;
  deleted: boolean;
  replyTo: string | undefined;
  /** Who has opened it, and when. */
  readers: Map<string, number>;
  /** Part of a batch: cannot be touched one by one. */
  batch: string | undefined;
}

export interface Chat {
  id: string;
  kind: 'p2p' | 'group';
  /** Open ids; of a private chat one. */
  members: Set<string>;
  botIn: boolean;
  messages: Message[];
}

export interface World {
  appId: string;
  tenantKey: string;
  botOpenId: string;
  people: Map<string, Person>;
  departments: Map<string, Department>;
  chats: Map<string, Chat>;
  messages: Map<string, Message>;
  /** What people said to the bot, by its id: the bot may reply to it. */
  said: Map<string, { chatId: string; recalled: boolean }>;
  /** Uploaded files and images by key. */
  files: Map<string, { name: string; bytes: Buffer; kind: 'file' | 'image'; type: string }>;
  addPerson(person: Partial<Person> & { name: string }): Person;
  addDepartment(department: Partial<Department> & { name: string }): Department;
  addGroup(members: readonly string[], options?: { id?: string; botIn?: boolean }): Chat;
  /** The private chat of the bot and this person; made when it is first needed. */
  privateChat(openId: string): Chat;
  post(chat: Chat, message: Pick<Message, 'type' | 'content'> & Partial<Message>): Message;
}

export const ROOT_DEPARTMENT = '0';

/** A new id in the platform's manner. From a generator of UUIDs, which asks for randomness by the page. */
export const newKey = (prefix: string, bytes = 16): string =>
  `${prefix}${randomUUID()
    .replaceAll('-', '')
    .slice(0, 2 * bytes)}`;

export function createWorld(options: { appId: string; now: () => number }): World {
  const { appId, now } = options;
  const people = new Map<string, Person>();
  const departments = new Map<string, Department>();
  const chats = new Map<string, Chat>();
  const privately = new Map<string, Chat>();
  const messages = new Map<string, Message>();

  function addChat(chat: Omit<Chat, 'messages'>): Chat {
    const added = { ...chat, messages: [] };
    chats.set(added.id, added);
    return added;
  }

  return {
    appId,
    tenantKey: newKey('', 8),
    botOpenId: newKey('ou_'),
    people,
    departments,
    chats,
    messages,
    said: new Map(),
    files: new Map(),
    addPerson(person) {
      const added: Person = {
        openId: newKey('ou_'),
        unionId: newKey('on_'),
        userId: newKey('', 4),
        number: undefined,
        jobTitle: undefined,
        departmentIds: [ROOT_DEPARTMENT],
        status: { is_frozen: false, is_resigned: false, is_activated: true, is_exited: false },
        available: true,
        inScope: true,
        stopped: false,
        urgents: 0,
        ...person,
      };
      people.set(added.openId, added);
      return added;
    },
    addDepartment(department) {
      const added = { id: newKey('od-'), parentId: ROOT_DEPARTMENT, deleted: false, ...department };
      departments.set(added.id, added);
      return added;
    },
    addGroup(members, { id = newKey('oc_'), botIn = true } = {}) {
      return addChat({ id, kind: 'group', members: new Set(members), botIn });
    },
    privateChat(openId) {
      const known = privately.get(openId);
      if (known !== undefined) return known;
      const chat = addChat({ id: newKey('oc_'), kind: 'p2p', members: new Set([openId]), botIn: true });
      privately.set(openId, chat);
      return chat;
    },
    post(chat, message) {
      const at = now();
      const posted: Message = {
        id: newKey('om_'),
        chatId: chat.id,
        createdAtMs: at,
        updatedAtMs: at,
        edits: 0,
        deleted: false,
        replyTo: undefined,
        readers: new Map(),
        batch: undefined,
        ...message,
      };
      chat.messages.push(posted);
      if (posted.batch === undefined) messages.set(posted.id, posted);
      return posted;
    },
  };
}
