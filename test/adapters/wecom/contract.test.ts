import { adapterContract, type ChannelDriver } from '../contract.ts';
import { writePictures } from '../pictures.ts';
import { BEN, clientOf, GROUP, seenWith, startWecom } from './support.ts';

adapterContract(
  'WeCom',
  async (receive): Promise<ChannelDriver> => {
    const the = await startWecom(receive);
    const client = clientOf(the.simulator, () => the.events.length);
    // Before somebody mentions it, a robot may not speak in a group.
    await client.says(BEN, '你好', { group: GROUP, mention: true });
    return {
      ...client,
      seen: seenWith(the.simulator, client),
      adapter: the.adapter,
      pictures: await writePictures(the.fileRoot),
      uploads: () => {
        const alone = [...the.simulator.world.media.values()].filter(({ type }) => type === 'image').length;
        return alone + the.simulator.world.pictures.size;
      },
      file: { kind: 'file', name: '打卡 2026-11.txt', mime: 'text/plain', path: 'hello.txt', bytes: 8 },
      close: the.close,
    };
  },
  // Its cards have no field for text, it knows no toast, and does not say who has read.
  { lacks: ['toast', 'form-input', 'read-receipt'] },
);
