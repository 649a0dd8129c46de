import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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

/** Builds a page when nobody has, so that `npm test` works on a fresh clone. */
export function buildPage(page: 'sandbox' | 'console'): void {
  const folder = page === 'sandbox' ? 'sandbox-page' : 'console';
  if (existsSync(`dist/${folder}/index.html`)) return;
  const words = ['vite', 'build', '-c', 'config/vite.config.ts', '--mode', page];
  const built = spawnSync('npx', words, { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the page ${page} could not be built: ${built.stderr}`);
}
