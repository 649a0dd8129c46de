import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4 } from 'node:net';
import { callPlatform } from '../../../kernel/http-client.ts';

/** A model behind an OpenAI-compatible address in the customer's network. */
export interface Endpoint {
  /** Up to and with `/v1`. */
  url: string;
  model: string;
  key: string | undefined;
  /** For the whole call, the name's look-up included. */
  timeoutMs: number;
  /** The address may be one that the internet routes: some companies number their network so. */
  publicAddress: boolean;
}

/** Larger answers are none that we asked for. */
const MAX_BYTES = 1_000_000;

/**
 * Posts to the endpoint and resolves to the JSON of its answer. Rejects with an error whose message names no text, no
 * address and no key: when time is over, when the address lies outside of the network, with any status but 200.
 */
export async function postTo(endpoint: Endpoint, path: string, body: object): Promise<unknown> {
  const { url, key, timeoutMs, publicAddress } = endpoint;
  const call = async (): Promise<unknown> => {
    if (!publicAddress) await mustBeInside(new URL(url).hostname);
    const answer = await callPlatform({
      platform: 'model',
      call: path,
      url: `${url}${path}`,
      ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }),
      body,
      timeoutMs,
      maxBytes: MAX_BYTES,
    });
    if (answer.status !== 200) throw new Error(`the model answered with ${answer.status}`);
    return answer.json;
  };
  return within(timeoutMs, call());
}

const inside = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv4');
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');
inside.addAddress('::1', 'ipv6');

export function isInside(address: string): boolean {
  return inside.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** What people ask never leaves the customer's network, whatever a name resolves to today. */
async function mustBeInside(host: string): Promise<void> {
  const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true }).catch(() => {
    throw new Error('the name of the model is not known');
  });
  if (!found.every(({ address }) => isInside(address)))
    throw new Error('the model has an address outside of the network');
}

async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the model took too long')), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    // Whoever was late must not end the process.
    work.catch(() => undefined);
  }
}
