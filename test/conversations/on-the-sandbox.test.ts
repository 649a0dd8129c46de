import type { ChannelDeps } from '#src/app/channels.ts';
import { knownIds } from '#src/features/directory/index.ts';
import { createSandboxAdapter, ensureGroup } from '#src/sandbox/index.ts';
import { sandboxClient } from '../sandbox/client.ts';
import { answersOn } from './answers-on-every-channel.ts';
import { noticesOn } from './notices-on-every-channel.ts';
import { conversationsOn, type Platform } from './on-every-channel.ts';
import { trainingsOn } from './trainings-on-every-channel.ts';

const GROUP = 'all-hands';

function openSandbox(deps: ChannelDeps) {
  const somebody = { position: '', department: '', roles: [] };
  const people = {
    list: async () => ['E1', 'E2'].map((platformId) => ({ ...somebody, platformId, name: platformId })),
    exists: (ids: string[]) => knownIds(deps.database.db, 'sandbox', 'sandbox', ids),
  };
  return createSandboxAdapter({ ...deps, people, clockIsManual: true });
}

const sandbox = async (): Promise<Platform> => ({
  open: openSandbox,
  async join({ server, deps }) {
    await ensureGroup(deps.database.db, { id: GROUP, name: '全员群', members: ['E1', 'E2'] });
    return {
      people: { anna: 'E1', ben: 'E2', stranger: 'E9999' },
      groupId: GROUP,
      ...sandboxClient(server, 'E1'),
    };
  },
  close: async () => undefined,
});

conversationsOn('the sandbox', sandbox);
trainingsOn('the sandbox', sandbox);
noticesOn('the sandbox', sandbox);
answersOn('the sandbox', sandbox);
