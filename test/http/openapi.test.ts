import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type ApiRoutes, instantInput } from '#src/http/api.ts';
import { pageOf, pageQuery } from '#src/http/paging.ts';
import { asAdmin, described, type TestApi, testApi } from './test-api.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const routes: ApiRoutes = (api) => {
  const thing = z.object({ id: z.string(), note: z.string().nullable() });
  const schema = { ...described(), querystring: pageQuery, response: { 200: pageOf(thing) } };
  api.get('/things', { schema }, async () => ({ items: [], nextCursor: null }));
  const params = z.object({ id: z.string() });
  const body = z.object({ at: instantInput });
  api.patch(
    '/things/:id',
    { schema: { ...described(), params, body, response: { 200: thing } } },
    async (request) => {
      return { id: request.params.id, note: request.body.at.toString() };
    },
  );
  // How a route takes files: a parser and one schema for each type, in a scope of its own.
  void api.register(async (scope: typeof api) => {
    scope.addContentTypeParser(
      ['text/csv', XLSX],
      { parseAs: 'buffer' },
      async (_request: unknown, bytes: Buffer) => bytes,
    );
    const file = { schema: z.instanceof(Buffer).meta({ type: 'string', format: 'binary' }) };
    const content = { 'application/json': { schema: z.array(thing) }, 'text/csv': file, [XLSX]: file };
    const answer = { 200: z.object({ bytes: z.number() }) };
    const options = { schema: { ...described(), body: { content }, response: answer }, bodyLimit: 5_000_000 };
    scope.post('/things::import', options, async ({ body: given }) => {
      return { bytes: Buffer.isBuffer(given) ? given.length : -1 };
    });
  });
};

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  security: unknown[];
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, object>; schemas: Record<string, unknown> };
}

let api: TestApi;
let document: OpenApi;
beforeAll(async () => {
  api = await testApi({ routes: [routes] });
  document = (await api.server.inject('/api/openapi.json')).json();
});
afterAll(() => api.close());

describe('the document', () => {
  it('is OpenAPI 3.1 and asks for a bearer token or a session', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Cuhuo 促活', version: '1.2.3' });
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie' },
    });
    expect(document.security).toEqual([{ bearer: [] }, { session: [] }]);
  });

  it('lists the API and nothing else', () => {
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/api/v1/session',
      '/api/v1/things',
      '/api/v1/things/{id}',
      '/api/v1/things:import',
    ]);
  });

  it('has a summary, a tag, an answer and a refusal for every operation', () => {
    for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
      expect(operation.summary).toEqual(expect.any(String));
      expect(operation.tags).toHaveLength(1);
      const statuses = Object.keys(operation.responses);
      expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
      expect(statuses).toEqual(expect.arrayContaining(['401', '4XX']));
      expect(operation.responses['401']?.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  });

  it('refers only to schemas that it contains', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(refs.length).toBeGreaterThan(0);
    for (const [, name] of refs) expect(document.components.schemas).toHaveProperty(name ?? '');
  });

  it('knows the query of lists and the key of writes', () => {
    const names = (path: string, method: string) =>
      document.paths[path]?.[method]?.parameters?.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(names('/api/v1/things', 'get')).toEqual(['query limit', 'query cursor']);
    expect(names('/api/v1/things/{id}', 'patch')).toEqual(['path id', 'header idempotency-key']);
  });

  it('shows an instant as a date-time, and each kind of file', () => {
    const body = document.paths['/api/v1/things/{id}']?.['patch']?.requestBody?.content['application/json'];
    expect(body?.schema).toMatchObject({ properties: { at: { type: 'string', format: 'date-time' } } });
    const files = document.paths['/api/v1/things:import']?.['post']?.requestBody?.content ?? {};
    expect(Object.keys(files)).toEqual(['application/json', 'text/csv', XLSX]);
    expect(files['text/csv']?.schema).toMatchObject({ type: 'string', format: 'binary' });
  });
});

describe('what it describes', () => {
  it('reads an instant', async () => {
    const payload = { at: '2026-03-02T09:00:00+08:00' };
    const response = await api.server.inject({
      method: 'PATCH',
      url: '/api/v1/things/1',
      headers: asAdmin,
      payload,
    });
    expect(response.json()).toEqual({ id: '1', note: '2026-03-02T01:00:00Z' });
  });

  it('takes a file larger than other bodies', async () => {
    const send = (contentType: string) =>
      api.server.inject({
        method: 'POST',
        url: '/api/v1/things:import',
        headers: { ...asAdmin, 'content-type': contentType },
        payload: Buffer.alloc(2_000_000, 'a'),
      });
    expect((await send('text/csv')).json()).toEqual({ bytes: 2_000_000 });
    expect((await send('text/html')).statusCode).toBe(415);
  });

  it('ends the start where a route does not describe itself', async () => {
    const silent: ApiRoutes = (scope) => {
      scope.get('/silent', { schema: { tags: ['x'], response: { 200: z.object({}) } } }, async () => ({}));
    };
    await expect(testApi({ routes: [silent] })).rejects.toThrow(
      'GET /api/v1/silent needs a summary, a tag and the shape',
    );
  });
});

describe('the pages about it', () => {
  it('come from our own files, under a policy that allows no script in the page', async () => {
    const page = await api.server.inject('/api/docs/');
    expect(page.statusCode).toBe(200);
    const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(3);
    expect(page.body).not.toMatch(/<script>|<script [^>]*>[^<\s]|onload=/);
    for (const source of sources) {
      expect(source).toMatch(/^\.\/static\//);
      expect((await api.server.inject(`/api/docs/${source.slice(2)}`)).statusCode).toBe(200);
    }
  });

  it('are protected like all others', async () => {
    const { headers } = await api.server.inject('/api/docs/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('https:');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });
});
