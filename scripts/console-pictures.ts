import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** One picture of the console: the last part of its address, and how it is looked at. */
interface Look {
  place: string;
  look?: BrowserContextOptions;
}

const DESK = { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, hasTouch: true };

const pictures: Record<string, Look> = {
  'console-home': { place: '' },
  'console-board': { place: 'board' },
  'console-notices': { place: 'notices' },
  'console-quizzes': { place: 'quizzes' },
  'console-messages': { place: 'messages' },
  'console-audiences': { place: 'audiences' },
  'console-channels': { place: 'channels' },
  'console-phone': { place: 'board', look: PHONE },
  'console-dark': { place: '', look: { colorScheme: 'dark' } },
};

interface ConsolePictures {
  browser: Browser;
  publicUrl: string;
  /** Opens a page under an address; a link lets in one browser once. */
  open: (browser: Browser, url: string, look: BrowserContextOptions) => Promise<Page>;
  newLink: () => Promise<string>;
  draw: (page: Page, name: string) => Promise<void>;
  /** Resolves when what was started has been done. */
  settled: () => Promise<void>;
  /** A day of the story, such as `2026-11-12`. */
  day: string;
}

/** The main pages of the console, with a notice on its way, a quiz that runs and an audience that somebody keeps. */
export async function drawConsolePages(deps: ConsolePictures): Promise<void> {
  const { browser, publicUrl, open, newLink, draw } = deps;
  const first = await open(browser, await newLink(), DESK);
  await first.getByRole('navigation').waitFor();
  await tellStory(first, deps.day);
  await deps.settled();
  const storageState = await first.context().storageState();
  await first.context().close();
  for (const [name, { place, look = {} }] of Object.entries(pictures)) {
    const page = await open(browser, `${publicUrl}/console/${place}`, { ...DESK, ...look, storageState });
    await page.getByRole('heading', { level: 1 }).waitFor();
    if (place === 'audiences') await chooseAudience(page);
    await draw(page, name);
    await page.context().close();
  }
}

async function chooseAudience(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: '值' }).first().fill('FIN');
  await page.getByText('样例').click();
}

async function tellStory(page: Page, day: string): Promise<void> {
  const audience = {
    all: [{ department: 'FIN' }, { not: { checkins: { lastDays: 7, atLeast: 3 } } }],
  };
  await send(page, 'POST', '/audiences', {
    name: '财务部 · 最近没怎么打卡',
    mode: 'live',
    definition: audience,
  });
  await send(page, 'POST', '/audiences', {
    name: '信息技术部新手',
    mode: 'frozen',
    definition: { all: [{ department: 'IT' }, { level: 'beginner' }] },
  });
  const { id } = await send(page, 'POST', '/notices', {
    title: '周五下午：表格快捷键小课',
    body: '大家好！\n\n周五 15:00 在三楼培训室讲 **表格里的十个快捷键**，带上电脑，边听边练。',
    needsAcknowledgement: true,
    audience: { departments: ['FIN'] },
  });
  await send(page, 'POST', `/notices/${id}/submit`);
  await send(page, 'POST', `/notices/${id}/send`, {});
  await send(page, 'POST', '/notices', {
    title: '模板库上新啦',
    body: '{姓名}，周报和会议纪要的模板更新了，打开就能用。',
    audience: { departments: ['IT'] },
  });
  const quiz = {
    id: 'autumn-skills',
    kind: 'span',
    title: '秋日技巧赛',
    blueprint: [{ count: 5, level: 'beginner' }],
    startsAt: `${day}T09:00:00+08:00`,
    endsAt: `${day}T18:00:00+08:00`,
  };
  await send(page, 'PUT', '/quizzes/autumn-skills', { campaign: 'office-suite-30-days', quiz });
  await send(page, 'POST', '/quizzes/autumn-skills/publish', {});
}

/** Through the page's own session. Rejects with what the server said. */
async function send(page: Page, method: string, path: string, body?: object): Promise<{ id?: string }> {
  const answer = await page.evaluate(
    async ([verb, address, json]) => {
      const headers: Record<string, string> = {
        'x-cuhuo-csrf': '1',
        ...(json === null ? {} : { 'content-type': 'application/json' }),
      };
      const response = await fetch(`/api/v1${address}`, {
        method: verb as string,
        headers,
        body: json ?? null,
      });
      return { ok: response.ok, text: await response.text() };
    },
    [method, path, body === undefined ? null : JSON.stringify(body)] as const,
  );
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.text}`);
  return JSON.parse(answer.text) as { id?: string };
}
