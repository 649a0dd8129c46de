import { afterEach, describe, expect, it } from '@jest/globals';
import { type HealthCheck, readiness } from '#src/http/health.ts';
import { createMetrics } from '#src/http/metrics.ts';
import { asAdmin, type TestApi, testApi } from './test-api.ts';

const fine: HealthCheck = async () => ({ ok: true });
const never: HealthCheck = () => new Promise(() => undefined);

let api: TestApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

describe('/healthz', () => {
  it('says that the process is alive, whatever else is broken', async () => {
    api = await testApi({ checks: { database: never } });
    const response = await api.server.inject('/healthz');
    expect([response.statusCode, response.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('/readyz', () => {
  it('is 200 while everything works', async () => {
    api = await testApi({ checks: { database: fine, queue: fine } });
    const response = await api.server.inject('/readyz');
    expect([response.statusCode, response.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: { ok: true }, queue: { ok: true } } },
    ]);
  });

  it('is 503 with a reason for what does not', async () => {
    api = await testApi({
      checks: { database: fine, feishu: async () => ({ ok: false, reason: 'not connected' }) },
    });
    const response = await api.server.inject('/readyz');
    expect([response.statusCode, response.json()]).toEqual([
      503,
      {
        status: 'not-ready',
        checks: { database: { ok: true }, feishu: { ok: false, reason: 'not connected' } },
      },
    ]);
  });

  it('asks once for requests that come together, and again afterwards', async () => {
    let asked = 0;
    let arrived = 0;
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const counting: HealthCheck = async () => {
      asked += 1;
      await gate;
      return { ok: true };
    };
    api = await testApi({ checks: { database: counting } });
    const { server } = api;
    server.addHook('preHandler', async () => {
      arrived += 1;
      if (arrived === 20) setImmediate(open);
    });
    await Promise.all(Array.from({ length: 20 }, () => server.inject('/readyz')));
    expect(asked).toBe(1);
    await server.inject('/readyz');
    expect(asked).toBe(2);
  });
});

describe('readiness', () => {
  it('does not wait for a check that hangs', async () => {
    expect(await readiness({ database: never, queue: fine }, 20)).toEqual({
      status: 'not-ready',
      checks: { database: { ok: false, reason: 'no answer in 20 ms' }, queue: { ok: true } },
    });
  });

  it('gives the reason of a check that fails, without the password in it', async () => {
    const failing: HealthCheck = async () => {
      throw new Error('cannot reach postgres://cuhuo:hunter2@db:5432/cuhuo\n    at somewhere');
    };
    expect((await readiness({ database: failing }, 100)).checks).toEqual({
      database: { ok: false, reason: 'cannot reach postgres://db:5432/cuhuo' },
    });
  });

  it('takes a check that throws at once like one that rejects', async () => {
    const throwing = () => {
      throw new Error('not started');
    };
    expect((await readiness({ queue: throwing }, 100)).checks).toEqual({
      queue: { ok: false, reason: 'not started' },
    });
  });
});

describe('/metrics', () => {
  it('has our counters, those of the process, and requests by template', async () => {
    const metrics = createMetrics();
    api = await testApi({ metrics });
    metrics.events.inc({ channel: 'sandbox', outcome: 'handled' });
    metrics.deliveries.inc({ channel: 'sandbox', state: 'read' }, 2);
    metrics.scheduleRuns.inc({ outcome: 'fired' });
    metrics.queueDepth.set({ state: 'waiting' }, 5);
    metrics.outboxBacklog.set(7);
    await api.server.inject({ url: '/api/v1/session', headers: asAdmin });
    await api.server.inject('/nowhere/123');
    const response = await api.server.inject('/metrics');
    expect(response.headers['content-type']).toContain('text/plain');
    const lines = response.body.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'cuhuo_events_total{channel="sandbox",outcome="handled"} 1',
        'cuhuo_deliveries_total{channel="sandbox",state="read"} 2',
        'cuhuo_schedule_runs_total{outcome="fired"} 1',
        'cuhuo_queue_depth{state="waiting"} 5',
        'cuhuo_outbox_backlog 7',
        'cuhuo_http_request_duration_seconds_count{method="GET",route="/api/v1/session",status="2xx"} 1',
        'cuhuo_http_request_duration_seconds_count{method="GET",route="unmatched",status="4xx"} 1',
      ]),
    );
    expect(response.body).toContain('process_cpu_user_seconds_total');
    expect(response.body).not.toContain('/nowhere');
  });
});
