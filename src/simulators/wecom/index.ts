import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SimClient, simClient } from './client.ts';
import { directoryCall } from './directory.ts';
import { createGroups } from './groups.ts';
import { download, upload, uploadPicture } from './media.ts';
import { createMessages, json } from './messages.ts';
import { rateCounter } from './rates.ts';
import { fine, refused, type SimReply } from './replies.ts';
import { createRobot, type Robot } from './robot.ts';
import { createTokens } from './tokens.ts';
import { createWorld, type SimFault, type World, type WorldOptions } from './world.ts';

export { verifyUrl } from './callback.ts';
export type { SimFault, World } from './world.ts';

export interface WecomSimulator {
  /** Origin of the API, and of the robot's long connection with `ws:`. */
  url: string;
  wsUrl: string;
  world: World;
  robot: Robot;
  /** What people do in their clients. */
  client: SimClient;
  /** The next call of this path goes wrong so. */
  fails(path: string, ...faults: SimFault[]): void;
  /** Every token that was handed out is invalid from now on (40014). */
  invalidateTokens(): void;
  /** How often a path such as `message/send` has been called. */
  calls(path: string): number;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** WeCom over loopback, written from the fact sheet: its API, its callbacks and the robot's long connection. */
export async function startWecomSimulator(
  options: WorldOptions & { port?: number } = {},
): Promise<WecomSimulator> {
  const world = createWorld(options);
  const tokens = createTokens(world);
  const messages = createMessages(world);
  const groups = createGroups(world);
  const basic = rateCounter(world, [
    [60, 10_000],
    [3600, 150_000],
  ]);

  async function answer(
    path: string,
    query: URLSearchParams,
    raw: Buffer,
    request: IncomingMessage,
  ): Promise<SimReply> {
    const text = () => raw.toString('utf8');
    const contentType = request.headers['content-type'] ?? '';
    if (path === 'gettoken') return tokens.get(query);
    if (path === 'webhook/send') return groups.post(query.get('key'), text());
    if (path === 'webhook/upload_media') {
      const key = query.get('key') ?? '';
      if (!world.groups.has(`webhook ${key}`)) return refused(93_000);
      return upload(world, raw, contentType, query.get('type') ?? '', key);
    }
    const owner = tokens.ownerOf(query.get('access_token'));
    if (typeof owner === 'number') return refused(owner);
    const ip = (request.socket.remoteAddress ?? '').replace('::ffff:', '');
    if (world.trustedIps.size > 0 && !world.trustedIps.has(ip)) return refused(60_020, {}, ip);
    if (path !== 'message/send' && !basic.take(path)) {
      world.throttled += 1;
      return refused(45_009);
    }
    const directory = directoryCall(world, owner, path, query, text());
    if (directory !== undefined) return directory;
    if (owner !== 'app') return refused(48_002);
    switch (path) {
      case 'message/send':
        return messages.send(text());
      case 'message/recall':
        return messages.recall(text());
      case 'message/update_template_card':
        return messages.update(text());
      case 'media/upload':
        return upload(world, raw, contentType, query.get('type') ?? '');
      case 'media/uploadimg':
        return uploadPicture(world, raw, contentType);
      case 'media/get':
        return download(world, query.get('media_id'));
      case 'appchat/create':
        return groups.create(text());
      case 'appchat/update':
        return groups.update(text());
      case 'appchat/get':
        return groups.get(query.get('chatid'));
      case 'appchat/send':
        return groups.send(text());
      case 'menu/create':
        if (query.get('agentid') !== String(world.agentId)) return refused(301_002);
        world.menu = json(text());
        return fine();
      case 'menu/get':
        return world.menu === undefined ? refused(46_003) : fine(world.menu as Record<string, unknown>);
      case 'getcallbackip':
        return fine({ ip_list: ['127.0.0.1'] });
      case 'agent/get':
        return fine({ agentid: world.agentId, name: '促活', allow_partys: { partyid: [1] }, close: 0 });
      default:
        return refused(40_058);
    }
  }

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://wecom');
    const path = url.pathname.replace(/^\/cgi-bin\//, '');
    world.calls.set(path, (world.calls.get(path) ?? 0) + 1);
    const raw = await bodyOf(request);
    const fault = world.faults.get(path)?.shift();
    if (fault?.kind === 'status') return void response.writeHead(fault.status).end();
    // The caller's own time limit ends it.
    if (fault?.kind === 'hang') return;
    const reply =
      fault?.kind === 'errcode' ? refused(fault.errcode) : await answer(path, url.searchParams, raw, request);
    if (fault?.kind === 'lost') return void response.destroy();
    write(response, reply);
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const robot = createRobot(world, server);
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    world,
    robot,
    client: simClient(world, robot),
    fails(path, ...faults) {
      world.faults.set(path, [...(world.faults.get(path) ?? []), ...faults]);
    },
    invalidateTokens: () => tokens.invalidate(),
    calls: (path) => world.calls.get(path) ?? 0,
    async close() {
      robot.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function write(response: ServerResponse, reply: SimReply): void {
  if ('raw' in reply && Buffer.isBuffer(reply.raw)) {
    response.writeHead(200, reply.headers as Record<string, string>).end(reply.raw);
    return;
  }
  const { errcode = 0 } = reply as { errcode?: number };
  response
    .writeHead(200, { 'content-type': 'application/json; charset=UTF-8', 'error-code': String(errcode) })
    .end(JSON.stringify(reply));
}
