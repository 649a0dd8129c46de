import { createWecomAdapter } from '#src/adapters/wecom/index.ts';
import type { Clock } from '#src/kernel/time.ts';
import type { WecomSimulator } from '#src/simulators/wecom/index.ts';
import {
  BEN,
  clientOf,
  GROUP,
  optionsFor,
  seenWith,
  startPlatform,
  until,
} from '../adapters/wecom/support.ts';
import { answersOn } from './answers-on-every-channel.ts';
import { noticesOn } from './notices-on-every-channel.ts';
import { conversationsOn, type Platform } from './on-every-channel.ts';
import { quizzesOn } from './quizzes-on-every-channel.ts';
import { trainingsOn } from './trainings-on-every-channel.ts';

async function wecom(robot: boolean): Promise<Platform> {
  let clock: Clock | undefined;
  let answered = 0;
  const simulator: WecomSimulator = await startPlatform({
    now: () => clock?.now().epochMilliseconds ?? Date.now(),
  });
  const options = optionsFor(simulator);
  return {
    open(deps) {
      clock = deps.clock;
      const adapter = createWecomAdapter(robot ? options : { ...options, robot: undefined }, deps);
      return {
        ...adapter,
        // A dialogue here is faster than anybody types: a member's minute would be waited for in real seconds.
        quotas: adapter.quotas.filter(({ name }) => name !== 'message/send to a member a minute'),
        listen: async (server, receive) =>
          adapter.listen?.(server, async (event) => {
            const answer = await receive(event);
            answered += 1;
            return answer;
          }),
      };
    },
    async join({ url }) {
      simulator.world.callbackUrl = `${url}/webhooks/wecom`;
      const client = clientOf(simulator, () => answered);
      if (robot) {
        await until(simulator.robot.connected);
        await client.says(BEN, '你好', { group: GROUP, mention: true });
      }
      return { ...client, seen: seenWith(simulator, client) };
    },
    close: () => simulator.close(),
  };
}

conversationsOn('the WeCom app with the robot', () => wecom(true), { lacks: ['toast', 'read-receipt'] });
conversationsOn('the WeCom app alone', () => wecom(false), {
  lacks: ['toast', 'read-receipt', 'group-text', 'group-card'],
});
quizzesOn('the WeCom app with the robot', () => wecom(true));
quizzesOn('the WeCom app alone', () => wecom(false), { lacks: ['group-card'] });
trainingsOn('the WeCom app with the robot', () => wecom(true));
trainingsOn('the WeCom app alone', () => wecom(false));
noticesOn('the WeCom app with the robot', () => wecom(true), { lacks: ['read-receipt'] });
noticesOn('the WeCom app alone', () => wecom(false), { lacks: ['read-receipt'] });
answersOn('the WeCom app with the robot', () => wecom(true));
answersOn('the WeCom app alone', () => wecom(false), { lacks: ['group-text'] });
