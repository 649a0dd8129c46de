import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { callPlatform } from '#src/kernel/http-client.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function answering(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const call = { platform: 'wecom', call: 'message/send' };

it('sends an object as JSON and answers whatever status comes', async () => {
  const url = await answering((request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      response
        .writeHead(429, { 'x-reset': '3' })
        .end(JSON.stringify({ got: body, type: request.headers['content-type'] }));
    });
  });
  const answer = await callPlatform({ ...call, url, body: { a: '字' } });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('x-reset')).toBe('3');
  expect(answer.json).toEqual({ got: '{"a":"字"}', type: 'application/json; charset=utf-8' });
});

it('answers what is no JSON without failing', async () => {
  const url = await answering((_request, response) => response.end('<html>busy</html>'));
  expect(await callPlatform({ ...call, url })).toMatchObject({ status: 200, json: undefined });
});

it('says that nothing was sent when nobody listens', async () => {
  const url = await answering(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  await expect(callPlatform({ ...call, url })).rejects.toMatchObject({ fate: 'retry', unanswered: false });
});

it.each<[string, RequestListener, object]>([
  ['hangs up', (request) => request.socket.destroy(), {}],
  ['is silent', () => undefined, { timeoutMs: 50 }],
  [
    'never ends its answer',
    (_request, response) => void response.write('x'.repeat(2_000)),
    { maxBytes: 1_000 },
  ],
])('says that the call may have been taken when the platform %s', async (_name, listener, options) => {
  const url = await answering(listener);
  await expect(callPlatform({ ...call, ...options, url })).rejects.toMatchObject({
    platform: 'wecom',
    call: 'message/send',
    unanswered: true,
  });
});
