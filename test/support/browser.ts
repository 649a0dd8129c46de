import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Role } from '#src/chat/role.ts';
import { createSignInLink } from '#src/http/credentials.ts';
import type { Db } from '#src/kernel/db.ts';
import { systemClock } from '#src/kernel/time.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Whether a real Chromium is here. In CI it must be. */
export const hasChromium = CHROMIUM !== undefined;
if (!hasChromium && process.env['CI'] === 'true')
  throw new Error('CI installs chromium, but it is not there');

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM as string,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Signs this browser in by a link from the command line, and opens a page of the console. */
export async function signIn(
  page: Page,
  { db, url, name, role, place }: { db: Db; url: string; name: string; role: Role; place: string },
): Promise<void> {
  await page.goto(
    await createSignInLink(db, { publicUrl: url, name, roles: [role], now: systemClock.now() }),
  );
  await page.goto(`${url}/console/${place}`);
}

/** Notes what goes wrong in a page, and whatever it asks of another host than ours. */
export function watch(page: Page, url: string, complain: (words: string) => void): void {
  page.on('console', (message) => {
    if (message.type() === 'error') complain(message.text());
  });
  page.on('pageerror', (error) => complain(error.message));
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !asked.startsWith('data:')) complain(`asked another host: ${asked}`);
  });
}

/** A picture for whoever wants to look: `PICTURES=folder npm test -- test/browser/trainings`. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

let axe: string | undefined;

/** What axe takes for serious or worse, by rule and place. */
export async function findings(page: Page): Promise<string[]> {
  axe ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // By the debugger, because our own policy lets no foreign script in.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: {
          run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
        };
      }
    ).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
  });
}

/** What each page is made of: its own files, and the shapes of the server that it reads. */
const pages = {
  sandbox: { out: 'dist/sandbox-page', from: ['src/sandbox/page'] },
  console: {
    out: 'dist/console',
    from: ['src/console', 'src/features', 'src/http', 'src/kernel', 'src/chat'],
  },
};

/**
 * Builds a page when nobody has since its sources changed, so that a test never opens yesterday's page. Of several
 * workers one builds, the others wait for it.
 */
export function buildPage(page: keyof typeof pages): void {
  const { out, from } = pages[page];
  const isFresh = () => existsSync(`${out}/index.html`) && changedAt(out) >= Math.max(...from.map(changedAt));
  if (isFresh()) return;
  const turn = `dist/.building-${page}`;
  mkdirSync('dist', { recursive: true });
  while (!begins(turn)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  try {
    if (!isFresh()) build(page);
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
}

/** Whether it is our turn; one that was left behind by a killed worker ends after three minutes. */
function begins(turn: string): boolean {
  const since = statSync(turn, { throwIfNoEntry: false })?.mtimeMs;
  if (since !== undefined && Date.now() - since > 180_000) rmSync(turn, { recursive: true, force: true });
  try {
    mkdirSync(turn);
    return true;
  } catch {
    return false;
  }
}

/** When anything below a folder changed last, in milliseconds. */
function changedAt(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(
    0,
    ...files.map((file) => (file.isFile() ? statSync(join(file.parentPath, file.name)).mtimeMs : 0)),
  );
}

function build(page: string): void {
  const words = ['vite', 'build', '-c', 'config/vite.config.ts', '--mode', page];
  const built = spawnSync('npx', words, { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the page ${page} could not be built: ${built.stderr}`);
}
