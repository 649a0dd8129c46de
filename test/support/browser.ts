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

/** Builds the pages when nobody has, so that `npm test` works on a fresh clone. */
export function buildPages(): void {
  if (existsSync('dist/sandbox-page/index.html') && existsSync('dist/console/index.html')) return;
  const built = spawnSync('npx', ['vite', 'build', '-c', 'config/vite.config.ts'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the pages could not be built: ${built.stderr}`);
}
