import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { roles } from '#src/kernel/permissions.ts';
import { QUEUE_PAGES } from '#src/scheduler/index.ts';
import { type Company, company } from './company.ts';

let the: Company;
beforeAll(async () => {
  the = await company({ startAt: '2026-09-18T00:00:00Z' });
});
afterAll(() => the.close());

const served = () => the.server.routeList.filter(({ url }) => url.startsWith(QUEUE_PAGES));

describe('the pages of the queue', () => {
  it('name the permission of the system at every address', () => {
    expect(served().length).toBeGreaterThan(3);
    expect(served().filter(({ permission }) => permission !== 'system.read')).toEqual([]);
  });

  it('have no address that writes', async () => {
    expect(served().filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    const { status } = await the.asks('admin', 'PUT', `${QUEUE_PAGES}/api/queues/jobs/pause`);
    expect(status).toBe(404);
  });

  it.each(roles.filter((role) => role !== 'admin'))('are closed to %s', async (role) => {
    for (const path of ['', '/api/queues', '/static/favicon-32x32.png', '/api/queues/jobs/1']) {
      const { status, code } = await the.asks(role, 'GET', QUEUE_PAGES + path);
      expect([path, status, code]).toEqual([path, 403, 'auth.forbidden']);
    }
  });

  it('ask an anonymous visitor to sign in', async () => {
    for (const path of ['', '/api/queues', '/static/favicon-32x32.png']) {
      expect((await the.asks('anonymous', 'GET', QUEUE_PAGES + path)).status).toBe(401);
    }
  });

  it('show an administrator the queue on PostgreSQL, and nothing from elsewhere', async () => {
    const page = await the.asks('admin', 'GET', QUEUE_PAGES);
    expect(page.status).toBe(200);
    expect(page.text).toContain(`<base href="${QUEUE_PAGES}/"`);
    expect(page.text).not.toMatch(/(?:src|href)="https?:/);
    const { status, text } = await the.asks('admin', 'GET', `${QUEUE_PAGES}/api/queues`);
    expect(status).toBe(200);
    expect(JSON.parse(text).queues).toMatchObject([{ name: 'jobs', readOnlyMode: true }]);
  });

  it('show that a job is there and not what it carries', async () => {
    await the.app.queue.inside.add('secret.job', { payload: { employee: '张小满' } } as never, {
      delay: 3_600_000,
    });
    const { text } = await the.asks(
      'admin',
      'GET',
      `${QUEUE_PAGES}/api/queues?activeQueue=jobs&status=delayed&page=1`,
    );
    expect(text).toContain('secret.job');
    expect(text).not.toContain('张小满');
  });

  it('count the jobs for the console', async () => {
    const { text } = await the.asks('admin', 'GET', '/api/v1/queue');
    expect(JSON.parse(text)).toMatchObject({ kind: 'postgres', failed: 0 });
  });
});
