import { createAppchat, createClient } from '../adapters/wecom/index.ts';
import { loadConfig } from '../config.ts';
import { UserError } from '../kernel/errors.ts';
import { createLog } from '../kernel/log.ts';
import { print } from './context.ts';
import { UsageError } from './usage.ts';

/** Makes an app chat: the only groups that the app itself may write to are those it has made. */
export async function wecomCommand(deed: string, name: string, userids: readonly string[]): Promise<void> {
  if (deed !== 'group') throw new UsageError(`there is no deed ${deed}; there is: group`);
  const [owner] = userids;
  if (owner === undefined || userids.length < 2) throw new UsageError('give at least two members');
  const { wecom: app } = loadConfig(process.env).platforms;
  if (app === undefined)
    throw new UserError('the WeCom app is not set up; give CUHUO_WECOM_CORP_ID and its other variables');
  const client = createClient({ ...app, log: createLog('warn') });
  print(await createAppchat(client, { name, owner, members: userids }));
}
