import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureGroup } from '#src/sandbox/index.ts';
import { sandboxClient } from '../sandbox/client.ts';
import { ANNA, BEN, startSandbox } from '../sandbox/support.ts';
import { testDatabase } from '../support/database.ts';
import { adapterContract, type ChannelDriver } from './contract.ts';
import { writePictures } from './pictures.ts';

adapterContract('the sandbox', async (receive): Promise<ChannelDriver> => {
  const database = await testDatabase();
  const sandbox = await startSandbox(database, receive);
  const { server, fileRoot } = sandbox;
  const groupId = 'all-hands';
  await ensureGroup(database.db, { id: groupId, name: '全员群', members: [ANNA, BEN] });
  await writeFile(join(fileRoot, 'hello.txt'), 'hello');
  return {
    adapter: sandbox.adapter,
    people: { anna: ANNA, ben: BEN, stranger: 'E9999' },
    groupId,
    file: { kind: 'file', name: '打卡 2026-11.txt', mime: 'text/plain', path: 'hello.txt', bytes: 5 },
    pictures: await writePictures(fileRoot),
    // They stay where they are.
    uploads: () => 0,
    ...sandboxClient(server, ANNA, sandbox.clock),
    async close() {
      await sandbox.close();
      await database.close();
    },
  };
});
