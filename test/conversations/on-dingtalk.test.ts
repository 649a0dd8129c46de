import { createDingtalkAdapter } from '#src/adapters/dingtalk/index.ts';
import {
  clientOf,
  deliverByWebhook,
  type OfficeOptions,
  PUBLIC_URL,
  settingsFor,
  startOffice,
  untilHeard,
} from '../adapters/dingtalk/office.ts';
import { answersOn } from './answers-on-every-channel.ts';
import { noticesOn } from './notices-on-every-channel.ts';
import { conversationsOn, type Platform } from './on-every-channel.ts';
import { quizzesOn } from './quizzes-on-every-channel.ts';
import { trainingsOn } from './trainings-on-every-channel.ts';

/** The platform keeps the time of the application, which stands still; what it counts in seconds runs on. */
async function platform(options: OfficeOptions): Promise<Platform> {
  let now = Date.now;
  const simulator = await startOffice({ ...options, strictness: { now: () => now() } });
  let adapter: ReturnType<typeof createDingtalkAdapter> | undefined;
  return {
    open(deps) {
      now = () => deps.clock.now().epochMilliseconds;
      adapter = createDingtalkAdapter(settingsFor(simulator, options), { ...deps, publicUrl: PUBLIC_URL });
      return adapter;
    },
    async join({ url }) {
      if (options.mode === 'webhook') deliverByWebhook(simulator, url);
      else if (adapter !== undefined) await untilHeard(simulator, adapter);
      return clientOf(simulator);
    },
    close: () => simulator.close(),
  };
}

const withLinks = { lacks: ['repeat', 'update', 'form-input', 'toast'] } as const;
const withTemplate = { lacks: ['repeat'] } as const;

conversationsOn('DingTalk by stream, with links', () => platform({ mode: 'stream' }), withLinks);
conversationsOn('DingTalk by webhook, with links', () => platform({ mode: 'webhook' }), withLinks);
conversationsOn(
  'DingTalk by stream, with a card template',
  () => platform({ mode: 'stream', template: true }),
  withTemplate,
);
conversationsOn(
  'DingTalk by webhook, with a card template',
  () => platform({ mode: 'webhook', template: true }),
  withTemplate,
);
quizzesOn('DingTalk by stream, with links', () => platform({ mode: 'stream' }));
quizzesOn('DingTalk by webhook, with a card template', () => platform({ mode: 'webhook', template: true }));
trainingsOn('DingTalk by stream, with links', () => platform({ mode: 'stream' }));
trainingsOn('DingTalk by webhook, with a card template', () => platform({ mode: 'webhook', template: true }));
noticesOn('DingTalk by stream, with links', () => platform({ mode: 'stream' }));
noticesOn('DingTalk by webhook, with a card template', () => platform({ mode: 'webhook', template: true }));
answersOn('DingTalk by stream, with links', () => platform({ mode: 'stream' }));
answersOn('DingTalk by webhook, with a card template', () => platform({ mode: 'webhook', template: true }));
