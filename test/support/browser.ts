import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

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
