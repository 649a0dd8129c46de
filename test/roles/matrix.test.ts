import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAddresses, type ServedRoute } from '#src/http/route-list.ts';
import { newId } from '#src/kernel/ids.ts';
import {
  type Permission,
  permissions,
  permits,
  permitsInChat,
  reachOf,
  roles,
} from '#src/kernel/permissions.ts';
import { isAsked, lists, noLists } from '../../bench/console.lists.ts';
import { rolesDocument } from '../support/roles-doc.ts';
import { type Company, company } from './company.ts';

const DOCUMENT = 'docs/roles.md';
const API = '/api/v1';

let the: Company;
let routes: ServedRoute[];
beforeAll(async () => {
  the = await company({ startAt: '2026-09-18T00:00:00Z' });
  await the.moveTo('2026-09-18T01:10:00Z');
  for (const number of ['E1', 'E3']) await the.as(number).says('打卡');
  // HEAD answers as GET does and comes with it.
  routes = the.server.routeList.filter(({ method }) => method !== 'HEAD');
});
afterAll(() => the.close());

const inApi = () => routes.filter(({ url }) => url.startsWith(`${API}/`));
const nameOf = ({ method, url }: ServedRoute) => `${method} ${url}`;

/** An address with somebody's number, a key, or an id that might be anybody's. */
function guessed(url: string, number: string): string {
  return url
    .replaceAll('::', ':')
    .replace(/\/:(\w+)/g, (_all, name: string) => `/${name === 'number' ? number : newId()}`);
}

describe('the table', () => {
  it('is named by every address of the API, and every other address is open on purpose', () => {
    const nameless = inApi().filter(({ permission }) => permission === null);
    expect(nameless.map(nameOf)).toEqual([]);
    const elsewhere = routes.filter(({ url }) => !url.startsWith(API) && url !== '/' && url !== '*');
    const beginnings = Object.keys(openAddresses);
    const hidden = elsewhere.filter(({ url }) => !beginnings.some((beginning) => url.startsWith(beginning)));
    expect(hidden.map(nameOf)).toEqual([]);
  });

  it('is named by every chat command', () => {
    const nameless = the.app.commands.all.filter(({ permission }) => !(permission in permissions));
    expect(nameless.map(({ name }) => name)).toEqual([]);
  });

  it('gives nobody what it does not name', () => {
    expect(permits(roles, 'invented' as Permission)).toBe(false);
    expect(permits([], 'tips.read')).toBe(false);
    expect(permits([], 'me.use')).toBe(true);
  });

  it('gives executives figures, never people', () => {
    const given = (Object.keys(permissions) as Permission[]).filter((name) => permits(['executive'], name));
    expect(given.filter((name) => permissions[name].about === 'people')).toEqual([]);
  });

  it('lets only HR and administrators export, and only auditors and administrators read the audit', () => {
    const may = (name: Permission) => roles.filter((role) => permits([role], name));
    expect(may('exports.make')).toEqual(['hr', 'admin']);
    expect(may('audit.read')).toEqual(['auditor', 'admin']);
    expect(may('system.read')).toEqual(['admin']);
  });

  it('bounds a liaison to their departments, unless another role gives it without bounds', () => {
    expect(reachOf(['liaison'], 'checkins.read')).toBe('own-departments');
    expect(reachOf(['liaison', 'hr'], 'checkins.read')).toBe('everyone');
    expect(reachOf(['liaison', 'operator'], 'checkins.read')).toBe('own-departments');
    expect(reachOf(['liaison'], 'tips.read')).toBe('everyone');
  });
});

describe('every address', () => {
  it('asks an anonymous visitor to sign in', async () => {
    const open: string[] = [];
    for (const route of inApi()) {
      const { status, code } = await the.asks('anonymous', route.method, guessed(route.url, 'E1'));
      if (status !== 401 || code !== 'auth.required') open.push(`${nameOf(route)} answered ${status}`);
    }
    expect(open).toEqual([]);
  });

  it.each(roles)('lets %s in exactly where the table says so', async (role) => {
    const wrong: string[] = [];
    for (const route of inApi()) {
      const allowed = route.permission !== null && permits([role], route.permission);
      const { code, status } = await the.asks(role, route.method, guessed(route.url, 'E1'));
      const refused = code === 'auth.forbidden' && status === 403;
      if (refused === allowed) wrong.push(`${nameOf(route)}: ${status} ${code ?? ''}`);
      if (status >= 500) wrong.push(`${nameOf(route)} broke: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('gives a liaison nobody of another department, neither in lists nor by their number', async () => {
    const told: string[] = [];
    for (const route of inApi().filter(({ method }) => method === 'GET')) {
      if (route.permission === null || !permits(['liaison'], route.permission)) continue;
      const { status, text } = await the.asks('liaison', 'GET', guessed(route.url, 'E3'));
      if (/Emily|王知行|何一鸣/.test(text)) told.push(nameOf(route));
      if (route.url.includes(':number') && status !== 404) told.push(`${nameOf(route)}: ${status}`);
    }
    expect(told).toEqual([]);
  });

  it('gives an executive nobody by name', async () => {
    const told: string[] = [];
    for (const route of inApi().filter(({ method }) => method === 'GET')) {
      const { text } = await the.asks('executive', 'GET', guessed(route.url, 'E1'));
      if (/Emily|王知行|何一鸣|张小满|李想/.test(text)) told.push(nameOf(route));
    }
    expect(told).toEqual([]);
  });

  it('answers the liaison about their own', async () => {
    const { text } = await the.asks('liaison', 'GET', `${API}/checkins`);
    expect(text).toContain('张小满');
    const employees = await the.asks('liaison', 'GET', `${API}/employees`);
    expect(employees.text).toContain('李想');
    const overview = JSON.parse((await the.asks('liaison', 'GET', `${API}/overview`)).text);
    expect(overview).toMatchObject({ members: 2, checkedIn: 1, tips: { promised: 2 }, pointsGiven: 5 });
    expect(overview.departments.map(({ code }: { code: string }) => code)).toEqual(['RD']);
  });

  it('gives nothing to a liaison of another department who asks for one by its code', async () => {
    for (const list of ['employees', 'checkins', 'streaks']) {
      const { text } = await the.asks('liaison', 'GET', `${API}/${list}?department=SALES`);
      expect(JSON.parse(text)).toEqual({ items: [], nextCursor: null });
    }
    for (const list of ['checkins', 'streaks']) {
      const { status } = await the.asks('liaison', 'GET', `${API}/${list}?employee=E3`);
      expect(status).toBe(404);
    }
  });
});

describe('the bench C1', () => {
  const reads = () =>
    inApi()
      .filter(({ method }) => method === 'GET')
      .map(({ url }) => url.slice(API.length).replaceAll('::', ':'));

  it('asks every list and board, or says why an address is none', () => {
    expect(reads().filter((url) => !isAsked(url) && !(url in noLists))).toEqual([]);
    expect(Object.keys(noLists).filter((url) => !reads().includes(url) || isAsked(url))).toEqual([]);
  });

  it('asks with roles that may', () => {
    const permissionOf = (route: string) =>
      inApi().find(({ url }) => {
        const own = url.slice(API.length).replaceAll('::', ':').split('/');
        const asked = route.split('/');
        return (
          own.length === asked.length &&
          own.every((part, place) => part === asked[place] || part.startsWith(':'))
        );
      })?.permission;
    const refused = lists.filter(({ as = 'admin', route }) => {
      const permission = permissionOf(route);
      return permission == null || !permits([as], permission);
    });
    expect(refused.map(({ name }) => name)).toEqual([]);
  });
});

describe('words in chat', () => {
  it('are understood for exactly those whom the table permits', () => {
    const { commands } = the.app;
    const actor = {
      employeeId: newId(),
      number: 'E1',
      name: '张小满',
      zone: 'UTC',
      locale: 'en' as const,
    };
    for (const role of roles) {
      const shown = commands
        .of({ ...actor, level: 'beginner', channel: 'sandbox', roles: [role] })
        .map(({ name }) => name);
      const permitted = commands.all
        .filter(({ help, permission }) => help !== undefined && permitsInChat([role], permission))
        .map(({ name }) => name);
      expect([role, shown]).toEqual([role, permitted]);
    }
  });
});

it('docs/roles.md says what the table says (npm run roles writes it anew)', async () => {
  const wanted = rolesDocument(routes, the.app.commands.all);
  if (process.env['WRITE_ROLES'] === 'yes') await writeFile(DOCUMENT, wanted);
  expect(await readFile(DOCUMENT, 'utf8')).toBe(wanted);
});

it('tells a liaison who of their own is missing, and nobody else', async () => {
  const url = `${API}/checkins/missing?campaign=small-campaign`;
  const numbers = async (role: 'liaison' | 'hr', more = '') =>
    JSON.parse((await the.asks(role, 'GET', url + more)).text).items.map(
      ({ number }: { number: string }) => number,
    );
  expect(await numbers('liaison')).toEqual(['E2']);
  expect(await numbers('liaison', '&department=SALES')).toEqual([]);
  // In New York it is still the day before: what E3 did counts there.
  expect(await numbers('hr')).toEqual(['E2', 'E3', 'E4', 'E5']);
});
