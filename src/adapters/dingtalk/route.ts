import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type DingtalkClient, type Meter, parse } from './client.ts';
import type { DingtalkSettings } from './settings.ts';

/** How a card says where its buttons report to; resolves once that is known to the platform. */
export type CallbackRoute = () => Promise<object>;

const registered = z.object({
  result: z.object({ callbackUrl: z.string(), apiSecret: z.string().nullish() }),
});

/** The same in every process, and nobody else can work it out. */
export const apiSecretOf = ({ clientSecret }: Pick<DingtalkSettings, 'clientSecret'>): string =>
  createHmac('sha256', clientSecret).update('cuhuo card callbacks').digest('base64url');

/**
 * With the stream nothing is to be registered. With webhooks the address is registered once by each process before
 * its first card, and anew where another one stands under the key.
 * Source: D:register-card-callback-address, read 2026-11-22.
 */
export function createCallbackRoute(deps: {
  client: DingtalkClient;
  settings: DingtalkSettings;
  callbackUrl: string;
  meter: Meter;
}): CallbackRoute {
  const { client, settings, callbackUrl } = deps;
  // Upper case, and never absent: without it a button does nothing at all.
  if (settings.mode === 'stream') return async () => ({ callbackType: 'STREAM' });
  const callbackRouteKey = `cuhuo-${settings.clientId}`;
  const apiSecret = apiSecretOf(settings);
  const path = '/v1.0/card/callbacks/register';
  let known: Promise<object> | undefined;

  async function ask(forceUpdate: boolean) {
    deps.meter('card/callbacks/register');
    const body = { callbackRouteKey, callbackUrl, apiSecret, forceUpdate };
    return parse(registered, { json: await client.api({ method: 'POST', path, body }) }, path).result;
  }

  async function register(): Promise<object> {
    const found = await ask(false);
    if (found.callbackUrl !== callbackUrl || found.apiSecret !== apiSecret) await ask(true);
    return { callbackType: 'HTTP', callbackRouteKey };
  }

  return () => {
    known ??= register().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
