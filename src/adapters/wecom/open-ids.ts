import { z } from 'zod';
import type { WecomClient } from './client.ts';
import { userIdOf } from './decode.ts';

/** Encrypted ids look like this; plain userids of people do not. */
const OPEN_ID = /^wo[\w-]{24,}$/;
const REMEMBERED = 20_000;

const answer = z.looseObject({
  userid_list: z.array(z.object({ open_userid: z.string(), userid: z.string() })).default([]),
});

/**
 * The userid behind what a robot shows: the same, or an encrypted id where the robot's creator is no
 * super-administrator; the app's token then tells. Source: path/100719 and path/95884, read 2026-11-22.
 */
export function createUserIds(client: WecomClient): (shown: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (shown) => {
    if (!OPEN_ID.test(shown)) return userIdOf(shown);
    const remembered = known.get(shown);
    if (remembered !== undefined) return remembered;
    const reply = await client.call('batch/openuserid_to_userid', { body: { open_userid_list: [shown] } });
    const found = answer.parse(reply).userid_list[0]?.userid;
    if (found === undefined) return userIdOf(shown);
    if (known.size >= REMEMBERED) known.delete([...known.keys()][0] ?? '');
    known.set(shown, userIdOf(found));
    return userIdOf(found);
  };
}
