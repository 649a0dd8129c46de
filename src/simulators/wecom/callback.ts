import { randomBytes } from 'node:crypto';
import { encrypt, getSignature } from '@wecom/crypto';
import type { World } from './world.ts';

/** A child of the message: text, or children of its own; a list repeats the element. */
export type XmlValue = string | number | XmlTree | XmlTree[];
export interface XmlTree {
  [name: string]: XmlValue | undefined;
}

/** The message as WeCom writes it: strings in CDATA, numbers bare. */
export function xmlOf(tree: XmlTree): string {
  return `<xml>${childrenOf(tree)}</xml>`;
}

function childrenOf(tree: XmlTree): string {
  return Object.entries(tree)
    .flatMap(([name, value]) => (value === undefined ? [] : elementsOf(name, value)))
    .join('');
}

function elementsOf(name: string, value: XmlValue): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => elementsOf(name, one));
  if (typeof value === 'object') return [`<${name}>${childrenOf(value)}</${name}>`];
  if (typeof value === 'number') return [`<${name}>${value}</${name}>`];
  return [`<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`];
}

export interface Pushed {
  /** How often it was delivered, and what came back at last; undefined when nothing did. */
  attempts: number;
  status: number | undefined;
  body: string;
}

export interface PushOptions {
  /** In all; production says three. */
  attempts?: number;
  timeoutMs?: number;
  /** Changes what goes over the wire: for replays, and for tests of what must be refused. */
  url?: string;
}

/**
 * Pushes one message to the callback: encrypted, signed, with a new nonce for each attempt and the same plaintext.
 * Repeats after a timeout, a broken connection or a status other than 200.
 */
export async function push(world: World, plain: string, options: PushOptions = {}): Promise<Pushed> {
  const { attempts: most = 3, timeoutMs = 5_000, url = world.callbackUrl } = options;
  if (url === undefined) throw new Error('the app has no callback URL');
  let last: Pushed = { attempts: 0, status: undefined, body: '' };
  for (let attempt = 1; attempt <= most; attempt += 1) {
    last = { attempts: attempt, ...(await deliverOnce(world, url, plain, timeoutMs)) };
    if (last.status === 200) break;
  }
  return last;
}

async function deliverOnce(
  world: World,
  url: string,
  plain: string,
  timeoutMs: number,
): Promise<Omit<Pushed, 'attempts'>> {
  const { query, body } = envelope(world, plain);
  try {
    const answer = await fetch(`${url}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return { status: undefined, body: '' };
  }
}

export interface Envelope {
  query: string;
  body: string;
}

export interface EnvelopeOptions {
  receiveId?: string;
  timestamp?: number;
  agentId?: number | undefined;
}

/** What one delivery looks like on the wire. */
export function envelope(world: World, plain: string, options: EnvelopeOptions = {}): Envelope {
  const encrypted = encrypt(world.aesKey, plain, options.receiveId ?? world.corpId);
  const timestamp = String(options.timestamp ?? Math.floor(Date.now() / 1000));
  const nonce = randomBytes(8).toString('hex');
  const msg_signature = getSignature(world.token, timestamp, nonce, encrypted);
  const agentId = 'agentId' in options ? options.agentId : world.agentId;
  return {
    query: new URLSearchParams({ msg_signature, timestamp, nonce }).toString(),
    body: xmlOf({
      ToUserName: world.corpId,
      AgentID: agentId === undefined ? undefined : String(agentId),
      Encrypt: encrypted,
    }),
  };
}

/** What saving a callback URL does: one GET, within a second. Answers whether WeCom would take it. */
export async function verifyUrl(world: World, url: string): Promise<boolean> {
  const expected = String(BigInt(`0x${randomBytes(7).toString('hex')}`));
  const echostr = encrypt(world.aesKey, expected, world.corpId);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomBytes(8).toString('hex');
  const msg_signature = getSignature(world.token, timestamp, nonce, echostr);
  const query = new URLSearchParams({ msg_signature, timestamp, nonce, echostr });
  try {
    const answer = await fetch(`${url}?${query.toString()}`, { signal: AbortSignal.timeout(1_000) });
    return answer.status === 200 && (await answer.text()) === expected;
  } catch {
    return false;
  }
}
