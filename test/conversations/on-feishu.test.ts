import { createFeishuAdapter } from '#src/adapters/feishu/index.ts';
import { systemClock } from '#src/kernel/time.ts';
import { startFeishuSimulator } from '#src/simulators/feishu/index.ts';
import { feishuPeople } from '../adapters/feishu/people.ts';
import { connected, ENCRYPT_KEY, type Mode, settingsFor } from '../adapters/feishu/support.ts';
import { answersOn } from './answers-on-every-channel.ts';
import { noticesOn } from './notices-on-every-channel.ts';
import { conversationsOn, type Platform } from './on-every-channel.ts';
import { quizzesOn } from './quizzes-on-every-channel.ts';
import { trainingsOn } from './trainings-on-every-channel.ts';

async function feishuBy(mode: Mode): Promise<Platform> {
  let clock = systemClock;
  // The application's clock stands still, so a wait for a rate would never end.
  const now = () => clock.now().epochMilliseconds;
  const feishu = await startFeishuSimulator({ port: 0, now, rates: 'off' });
  const { openId: anna } = feishu.world.addPerson({ name: '张小满', number: 'E1' });
  const { openId: ben } = feishu.world.addPerson({ name: '王知行', number: 'E2' });
  const { id: groupId } = feishu.world.addGroup([anna, ben]);
  return {
    open(deps) {
      clock = deps.clock;
      return createFeishuAdapter({ ...deps, settings: settingsFor(feishu, mode) });
    },
    async join({ url }) {
      const address = { url: `${url}/webhooks/feishu`, encryptKey: ENCRYPT_KEY };
      if (mode === 'websocket') await connected(feishu);
      else if (await feishu.verifyUrl(address)) feishu.pushTo(address);
      else throw new Error('the request URL was not accepted');
      const stranger = 'ou_00000000000000000000000000000000';
      return { people: { anna, ben, stranger }, groupId, ...feishuPeople(feishu) };
    },
    close: () => feishu.close(),
  };
}

conversationsOn('Feishu by webhook', () => feishuBy('webhook'));
conversationsOn('Feishu by long connection', () => feishuBy('websocket'));
quizzesOn('Feishu by webhook', () => feishuBy('webhook'));
quizzesOn('Feishu by long connection', () => feishuBy('websocket'));
trainingsOn('Feishu by webhook', () => feishuBy('webhook'));
trainingsOn('Feishu by long connection', () => feishuBy('websocket'));
noticesOn('Feishu by webhook', () => feishuBy('webhook'));
answersOn('Feishu by webhook', () => feishuBy('webhook'));
answersOn('Feishu by long connection', () => feishuBy('websocket'));
