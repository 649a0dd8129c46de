import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DWClient, type DWClientDownStream, TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream';
import { type DingtalkSimulator, startDingtalkSimulator } from '#src/simulators/dingtalk/index.ts';

/** The vendor's client as an independent peer of the simulator; it has no option for the gateway's address. */
class LocalClient extends DWClient {
  readonly base: string;
  constructor(base: string, options: { clientId: string; clientSecret: string }) {
    super({ ...options, subscriptions: [{ type: 'EVENT', topic: '*' }] } as ConstructorParameters<
      typeof DWClient
    >[0]);
    this.base = base;
  }
  override async getEndpoint(): Promise<this> {
    const { clientId, clientSecret, subscriptions } = this.getConfig();
    const response = await fetch(`${this.base}/v1.0/gateway/connections/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ clientId, clientSecret, subscriptions }),
    });
    const { endpoint, ticket } = (await response.json()) as { endpoint: string; ticket: string };
    (this as unknown as { dw_url: string }).dw_url = `${endpoint}?ticket=${ticket}`;
    return this;
  }
}

let simulator: DingtalkSimulator;
let client: LocalClient;
beforeEach(async () => {
  simulator = await startDingtalkSimulator({ redeliverMs: 0 });
  simulator.addPerson({ userid: 'anna' });
  client = new LocalClient(simulator.url, simulator.settings);
});
afterEach(async () => {
  // Its own reconnecting would go on after the test.
  (client as unknown as { config: { autoReconnect: boolean } }).config.autoReconnect = false;
  client.disconnect();
  await simulator.close();
});

async function connected(): Promise<void> {
  await client.connect();
  while (simulator.streams.live() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('the vendor’s stream client', () => {
  it('hears a message from the simulator and acknowledges it', async () => {
    const heard: string[] = [];
    client.registerCallbackListener(TOPIC_ROBOT, (frame: DWClientDownStream) => {
      heard.push((JSON.parse(frame.data) as { text: { content: string } }).text.content);
      client.socketCallBackResponse(frame.headers.messageId, '');
    });
    await connected();
    expect(await simulator.deeds.says('anna', '打卡')).toBe(true);
    expect(heard).toEqual(['打卡']);
  });

  it('answers a click on a card, and the simulator shows the change', async () => {
    client.registerCallbackListener(TOPIC_CARD, (frame: DWClientDownStream) => {
      const cardData = { cardParamMap: { title: '已打卡' } };
      client.socketCallBackResponse(frame.headers.messageId, {
        cardUpdateOptions: { updateCardDataByKey: true },
        cardData,
      });
    });
    await connected();
    const { accessToken } = (await (
      await fetch(`${simulator.url}/v1.0/oauth2/accessToken`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          appKey: simulator.settings.clientId,
          appSecret: simulator.settings.clientSecret,
        }),
      })
    ).json()) as { accessToken: string };
    const sent = await fetch(`${simulator.url}/v1.0/card/instances/createAndDeliver`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-acs-dingtalk-access-token': accessToken },
      body: JSON.stringify({
        cardTemplateId: simulator.settings.templates[0],
        outTrackId: 'card-1',
        callbackType: 'STREAM',
        cardData: { cardParamMap: { title: '今日技巧', b1: '打卡', b1_action: 'x' } },
        openSpaceId: 'dtv1.card//IM_ROBOT.anna',
        imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT' },
      }),
    });
    expect(sent.status).toBe(200);
    expect(await simulator.deeds.taps('anna', 'card-1', '打卡')).toEqual({ inTime: true });
    expect(simulator.shown('chat:anna')[0]?.words).toContain('已打卡');
  });

  it('hears events, and answers the pings of the server', async () => {
    const types: (string | undefined)[] = [];
    client.registerAllEventListener((frame) => {
      types.push(frame.headers.eventType);
      return { status: 'SUCCESS' } as never;
    });
    await connected();
    expect(await simulator.deeds.tells('user_add_org', { userId: ['anna'] })).toBe(true);
    expect(types).toEqual(['user_add_org']);
  });
});
