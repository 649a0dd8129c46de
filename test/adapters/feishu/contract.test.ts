import { testDatabase } from '../../support/database.ts';
import { adapterContract, type ChannelDriver } from '../contract.ts';
import { writePictures } from '../pictures.ts';
import { feishuPeople } from './people.ts';
import { type Mode, setUp } from './support.ts';

const modes: [name: string, mode: Mode][] = [
  ['Feishu by webhook', 'webhook'],
  ['Feishu by long connection', 'websocket'],
];

for (const [name, mode] of modes) {
  adapterContract(name, async (receive): Promise<ChannelDriver> => {
    const database = await testDatabase();
    // The suite sends as fast as it can and is no planner, so nobody counts.
    const up = await setUp({ mode, receive, db: database.db, simulator: { rates: 'off' } });
    return {
      adapter: up.adapter,
      people: { anna: up.anna, ben: up.ben, stranger: 'ou_00000000000000000000000000000000' },
      groupId: up.groupId,
      file: { kind: 'file', name: '打卡 2026-11.txt', mime: 'text/plain', path: 'hello.txt', bytes: 5 },
      pictures: await writePictures(up.fileRoot),
      uploads: () => up.feishu.counts('im/v1/images').calls,
      ...feishuPeople(up.feishu),
      async close() {
        await up.close();
        await database.close();
      },
    };
  });
}
