import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  path: string;
  authorization: string | undefined;
  body: { messages?: { role: string; content: string }[]; input?: string[] };
}

export interface FakeModel {
  url: string;
  asked: Asked[];
  /** What it answers from now on: an object as JSON, a text as it is (`hang`: never), a number as a status. */
  answers(how: (asked: Asked) => object | string | number): void;
  close(): Promise<void>;
}

/** Speaks enough of the OpenAI protocol over loopback for a test to say what a model would. */
export async function fakeModel(): Promise<FakeModel> {
  const asked: Asked[] = [];
  let how: Parameters<FakeModel['answers']>[0] = () => 500;
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const one = { path: request.url ?? '', authorization: request.headers.authorization, body };
      asked.push(one);
      answer(response, how(one));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    answers(next) {
      how = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<Asked['body']> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Asked['body'];
}

function answer(response: ServerResponse, what: object | string | number): void {
  if (what === 'hang') return;
  if (typeof what === 'number')
    response.writeHead(what, what === 302 ? { location: 'http://127.0.0.1/' } : {});
  else response.writeHead(200, { 'content-type': 'application/json' });
  response.end(typeof what === 'object' ? JSON.stringify(what) : typeof what === 'string' ? what : '{}');
}

/** A chat completion that says this. */
export const saying = (content: string) => ({ choices: [{ message: { role: 'assistant', content } }] });
/** Embeddings, in order. */
export const vectors = (...all: number[][]) => ({
  data: all.map((embedding, index) => ({ index, embedding })),
});
