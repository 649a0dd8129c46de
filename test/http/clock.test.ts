import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ClockControl, clockRoutes } from '#src/http/clock.routes.ts';
import { manualClock, systemClock } from '#src/kernel/time.ts';
import { asAdmin, type TestApi, testApi } from './test-api.ts';

let api: TestApi;
afterEach(() => api.close());

const START = '2026-03-02T01:00:00Z';
const post = (now: unknown) =>
  api.server.inject({ method: 'POST', url: '/api/v1/clock', headers: asAdmin, payload: { now } });
const get = async () => (await api.server.inject({ url: '/api/v1/clock', headers: asAdmin })).json();

/** A manual clock that notes what was asked of it and needs a moment for each step. */
function slowClock(): ClockControl & { steps: string[]; by: string[] } {
  const clock = manualClock(START);
  const steps: string[] = [];
  const by: string[] = [];
  return {
    mode: 'manual',
    now: () => clock.now(),
    steps,
    by,
    async advance(to, principal) {
      steps.push(`from ${clock.now().toString()}`);
      by.push(principal.id);
      await sleep(20);
      if (to.toString() === '2026-03-02T03:00:00Z') throw new Error('a job failed');
      clock.set(to);
      steps.push(`to ${clock.now().toString()}`);
    },
  };
}

describe('a manual clock', () => {
  it('says what time it is and moves on, by the name of who moves it', async () => {
    const clock = slowClock();
    api = await testApi({ routes: [clockRoutes(clock)] });
    expect(await get()).toEqual({ mode: 'manual', now: START });
    const response = await post('2026-03-02T10:00:00+08:00');
    expect([response.statusCode, response.json()]).toEqual([
      200,
      { mode: 'manual', now: '2026-03-02T02:00:00Z' },
    ]);
    expect(await get()).toEqual({ mode: 'manual', now: '2026-03-02T02:00:00Z' });
    expect(clock.by).toEqual(['bootstrap']);
  });

  it('refuses to go back and names both instants', async () => {
    api = await testApi({ routes: [clockRoutes(slowClock())] });
    const response = await post('2026-03-02T00:59:59Z');
    expect(response.json()).toMatchObject({
      status: 422,
      code: 'clock.backward',
      details: { now: START, requested: '2026-03-02T00:59:59Z' },
    });
    expect((await get()).now).toBe(START);
  });

  it('may be set to where it stands', async () => {
    api = await testApi({ routes: [clockRoutes(slowClock())] });
    expect((await post(START)).statusCode).toBe(200);
  });

  it('makes one step after the other, each from where the one before ended', async () => {
    const clock = slowClock();
    api = await testApi({ routes: [clockRoutes(clock)] });
    const later = ['2026-03-02T02:00:00Z', '2026-03-02T05:00:00Z', '2026-03-02T04:00:00Z'];
    const statuses = (await Promise.all(later.map(post))).map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([200, 200, 422]);
    expect(clock.steps).toEqual([`from ${START}`, `to ${later[0]}`, `from ${later[0]}`, `to ${later[1]}`]);
  });

  it('goes on after a step that failed', async () => {
    api = await testApi({ routes: [clockRoutes(slowClock())] });
    const [failed, next] = await Promise.all([post('2026-03-02T03:00:00Z'), post('2026-03-02T02:00:00Z')]);
    expect([failed.statusCode, next.statusCode]).toEqual([500, 200]);
  });

  it.each([undefined, 5, 'tomorrow', '2026-03-02', '2026-02-30T00:00:00Z', '2026-03-02T10:00:00'])(
    'does not understand %p',
    async (now) => {
      api = await testApi({ routes: [clockRoutes(slowClock())] });
      expect((await post(now)).json()).toMatchObject({ status: 400, errors: [{ path: 'body.now' }] });
    },
  );
});

it('the system clock can be read and not be moved', async () => {
  const advance = () => Promise.reject(new Error('never asked'));
  api = await testApi({ routes: [clockRoutes({ mode: 'system', now: () => systemClock.now(), advance })] });
  expect((await get()).mode).toBe('system');
  expect((await post('2099-01-01T00:00:00Z')).json()).toMatchObject({
    status: 409,
    code: 'clock.not-manual',
  });
});
