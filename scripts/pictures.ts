import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { loadContent } from '../src/app/content.ts';
import { serveWeb } from '../src/app/web.ts';
import { type App, createApp } from '../src/app.ts';
import { behaviourSchema } from '../src/config/behaviour.ts';
import { startEmbeddedPostgres } from '../src/embedded-postgres/index.ts';
import { createSignInLink } from '../src/http/credentials.ts';
import { type Db, migrateDatabase, openDatabase } from '../src/kernel/db.ts';
import { silentLog } from '../src/kernel/log.ts';
import { packagePath } from '../src/kernel/package-path.ts';
import { systemClock, Temporal } from '../src/kernel/time.ts';
import { workdayCalendar } from '../src/kernel/workdays.ts';
import { buildPage, openBrowser } from '../test/support/browser.ts';
import { drawConsolePages } from './console-pictures.ts';

/*
 * Makes the pictures of the README: the real application on a database that is thrown away, the sample content, a manual
 * clock, and real Chromium. The story is always the same one, so the pictures change only when the product does.
 */

const OUT = packagePath('docs/pictures');
const ZONE = 'Asia/Shanghai';
/** A Monday; the campaign of the sample begins on it. */
const FIRST_DAY = Temporal.PlainDate.from('2026-11-02');
/** A Thursday: the ninth workday of the campaign. */
const DAY = Temporal.PlainDate.from('2026-11-12');
const EMPLOYEE = 'E0001';
const HR = 'E0002';
const LAPTOP = { width: 1180, height: 940 };
/** Shows the messages of all days at once: what is seen counts as read. */
const TALL = 12_000;
const PHONE = { width: 390, height: 844 };
/** Longer than a toast stays. */
const SETTLE_MS = 4_000;

await mkdir(OUT, { recursive: true });
buildPage('sandbox');
const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-pictures-'));
// Root hands the cluster to an ordinary user, who must be able to reach it.
await chmod(dataDir, 0o755);
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, settings });
const database = openDatabase(postgres.url);
try {
  await migrateDatabase(postgres.url, packagePath('config/migrations'));
  const config = {
    role: 'all',
    clock: 'manual',
    sandbox: true,
    dataDir,
    redisUrl: undefined,
    publicUrl: `http://127.0.0.1:${await freePort()}`,
    behaviour: behaviourSchema.parse({ clock: { startAt: at(FIRST_DAY, '00:01').toString() } }),
  } as const;
  const app = await createApp({
    config,
    database,
    databaseUrl: postgres.url,
    secrets: { secretKey: Buffer.alloc(32, 1) },
    log: silentLog,
  });
  const server = await serveWeb({
    app,
    config,
    database,
    secrets: { adminToken: randomUUID() },
    log: silentLog,
  });
  const browser = await openBrowser();
  try {
    await server.listen({ host: '127.0.0.1', port: Number(new URL(config.publicUrl).port) });
    await playUntil(app, database.db, () => readEverything(browser, config.publicUrl));
    // All, or the parts that are named: `npm run pictures console`.
    const parts = process.argv.slice(2);
    const wanted = (part: string) => parts.length === 0 || parts.includes(part);
    if (wanted('sandbox')) await drawSandbox(app, browser, config.publicUrl);
    if (wanted('console')) await drawConsole(app, database.db, browser, config.publicUrl);
  } finally {
    await browser.close();
    await server.close();
    await app.stop();
  }
} finally {
  await database.close();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** Most people check in on each workday before `DAY`, and every third on its morning. */
async function playUntil(app: App, db: Db, onLastEvening: () => Promise<void>): Promise<void> {
  await loadContent(db, packagePath('config/content/office-suite'), {
    at: at(FIRST_DAY, '00:01'),
    zone: ZONE,
    calendar: workdayCalendar(),
    actor: { kind: 'system', id: 'pictures' },
    fileRoot: join(dataDir, 'files'),
  });
  await app.refreshSchedules();
  await app.startWorking();
  const everybody = Array.from({ length: 300 }, (_, index) => `E${String(index + 1).padStart(4, '0')}`);
  for (let day = FIRST_DAY; !day.equals(DAY); day = day.add({ days: 1 })) {
    await app.advance(at(day, '09:10'));
    if (day.dayOfWeek > 5) continue;
    const present = everybody.filter(
      (number, index) => number === EMPLOYEE || (index * 7 + day.day * 5) % 11 < 8,
    );
    await app.advance(at(day, '09:24'));
    await checkIn(app, present);
    await app.advance(at(day, '18:30'));
  }
  await onLastEvening();
  await app.advance(at(DAY, '09:12'));
  await checkIn(
    app,
    everybody.filter((number, index) => number !== EMPLOYEE && index % 3 === 0),
  );
  await app.advance(at(DAY, '09:16'));
}

async function checkIn(app: App, numbers: readonly string[]): Promise<void> {
  const now = app.clock.now();
  await Promise.all(
    numbers.map((actor) =>
      app.router.route({
        channel: 'sandbox',
        account: 'sandbox',
        key: randomUUID(),
        actor,
        place: { kind: 'private' },
        payload: { kind: 'text', text: '打卡' },
        occurredAt: now,
        receivedAt: now,
      }),
    ),
  );
  await app.settled();
}

/** Whoever is in a picture has read what came on the days before. */
async function readEverything(browser: Browser, url: string): Promise<void> {
  for (const number of [EMPLOYEE, HR]) {
    const viewport = { ...LAPTOP, height: TALL };
    const page = await open(browser, `${url}/sandbox?as=${number}`, { viewport, deviceScaleFactor: 1 });
    await openBot(page);
    await page.getByText('你好，我是促活小助手').first().waitFor();
    await page.waitForTimeout(SETTLE_MS);
    await page.context().close();
  }
}

async function drawSandbox(app: App, browser: Browser, url: string): Promise<void> {
  const phone = await open(browser, `${url}/sandbox?as=${EMPLOYEE}`, { viewport: PHONE, hasTouch: true });
  await openBot(phone);
  await cardButton(phone, '打卡').waitFor();
  await draw(phone, 'sandbox-phone');
  await phone.context().close();

  const laptop = await open(browser, `${url}/sandbox?as=${EMPLOYEE}`, { viewport: LAPTOP });
  await openBot(laptop);
  await cardButton(laptop, '打卡').click();
  await laptop.getByText('连续 9 天').last().waitFor();
  await say(laptop, '我的');
  await laptop.getByText('的打卡记录').last().waitFor();
  await app.settled();
  await draw(laptop, 'sandbox-laptop');
  await laptop.context().close();

  const dark = await open(browser, `${url}/sandbox?as=${EMPLOYEE}`, {
    viewport: LAPTOP,
    colorScheme: 'dark',
  });
  await openBot(dark);
  await say(dark, '排行榜');
  await dark.getByText('你和前后的同事').last().waitFor();
  await draw(dark, 'sandbox-dark');
  await dark.context().close();

  const hr = await open(browser, `${url}/sandbox?as=${HR}`, { viewport: { ...LAPTOP, height: 640 } });
  await openBot(hr);
  await say(hr, '导出打卡 2026-11');
  await hr
    .getByRole('link', { name: /打卡导出-2026-11\.xlsx/ })
    .last()
    .waitFor();
  await app.settled();
  await draw(hr, 'hr-export');
  await hr.context().close();
}

async function drawConsole(app: App, db: Db, browser: Browser, publicUrl: string): Promise<void> {
  buildPage('console');
  await drawConsolePages({
    browser,
    publicUrl,
    open,
    draw,
    newLink: () => createSignInLink(db, { publicUrl, name: '管理员', now: systemClock.now() }),
    settled: () => app.settled(),
    day: DAY.toString(),
  });
}

async function open(browser: Browser, url: string, look: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: ZONE,
    deviceScaleFactor: 1.5,
    reducedMotion: 'reduce',
    ...look,
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** On a wide window the private chat with the bot is open already. */
async function openBot(page: Page): Promise<void> {
  await page.getByText('促活').first().waitFor();
  const field = page.getByRole('textbox', { name: /发消息/ });
  if ((await field.count()) === 0) await page.getByRole('button', { name: /促活/ }).first().click();
  await field.waitFor();
}

/** On the newest card that has it; the same word stands among the quick words below. */
function cardButton(page: Page, name: string): Locator {
  return page.getByRole('article').getByRole('button', { name, exact: true }).last();
}

async function say(page: Page, words: string): Promise<void> {
  const field = page.getByRole('textbox', { name: /发消息/ });
  await field.fill(words);
  await field.press('Enter');
}

/** Waits until fonts are there, toasts are gone and the last picture on the page has settled. */
async function draw(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.waitForTimeout(SETTLE_MS);
  const path = join(OUT, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = await stat(path);
  process.stdout.write(`${name}.png  ${Math.round(size / 1024)} KB\n`);
}

function at(day: Temporal.PlainDate, wallTime: string): Temporal.Instant {
  return day.toZonedDateTime({ timeZone: ZONE, plainTime: wallTime }).toInstant();
}

/** The address has to be known before the server listens: sign-in links and sessions are bound to it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
