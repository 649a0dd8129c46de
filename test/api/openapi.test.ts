import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Rest, rest } from './rest.ts';

interface Operation {
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string }[];
  responses: Record<
    string,
    { content?: Record<string, { schema: { properties?: Record<string, unknown> } }> }
  >;
}

let api: Rest;
let paths: Record<string, Record<string, Operation>>;
beforeAll(async () => {
  api = await rest();
  paths = (await api.server.inject('/api/openapi.json')).json().paths;
});
afterAll(() => api.close());

it.each([
  ['get', 'overview'],
  ['get', 'departments'],
  ['get', 'employees'],
  ['get', 'employees/{number}'],
  ['get', 'employees/{number}/evidence'],
  ['post', 'employees:import'],
  ['get', 'campaigns'],
  ['get', 'campaigns/{id}'],
  ['put', 'campaigns/{id}'],
  ['get', 'campaigns/{id}/tip-days'],
  ['get', 'tips'],
  ['get', 'tips/{key}'],
  ['put', 'tips/{key}'],
  ['delete', 'tips/{key}'],
  ['get', 'checkins'],
  ['get', 'streaks'],
  ['get', 'points'],
  ['get', 'deliveries'],
  ['get', 'deliveries/summary'],
  ['get', 'delivery-states'],
  ['get', 'schedules'],
  ['get', 'schedules/{key}/runs'],
  ['get', 'audit'],
])('describes %s %s', (method, path) => {
  const operation = paths[`/api/v1/${path}`]?.[method];
  expect(operation?.summary).toEqual(expect.any(String));
  expect(operation?.tags).toHaveLength(1);
});

it('gives every list a limit and a cursor, and every write a key', () => {
  for (const operations of Object.values(paths)) {
    for (const [method, { responses, parameters = [] }] of Object.entries(operations)) {
      const names = parameters.map(({ name }) => name);
      const answer = responses['200']?.content?.['application/json']?.schema.properties ?? {};
      if ('nextCursor' in answer) expect(names).toEqual(expect.arrayContaining(['limit', 'cursor']));
      if (method !== 'get') expect(names).toContain('idempotency-key');
    }
  }
});

it('shows the body of a campaign and of a tip as their files are', async () => {
  const { paths: raw } = (await api.server.inject('/api/openapi.json')).json();
  const bodyOf = (path: string) => raw[`/api/v1/${path}`].put.requestBody.content['application/json'].schema;
  expect(Object.keys(bodyOf('campaigns/{id}').properties)).toEqual(
    expect.arrayContaining(['id', 'phases', 'tasks', 'points']),
  );
  expect(bodyOf('tips/{key}').properties).toHaveProperty('try');
  expect(bodyOf('tips/{key}').additionalProperties).toBe(false);
});
