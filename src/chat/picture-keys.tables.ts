import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from '../kernel/columns.ts';
import type { Channel } from './event.ts';

/** Under which key a platform keeps a picture of ours. */
export const pictureKeys = pgTable(
  'picture_keys',
  {
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    /** What the key is: `image_key`, `media_id`, `url`. */
    kind: text('kind').notNull(),
    /** SHA-256 of the picture. */
    digest: text('digest').notNull(),
    key: text('key').notNull(),
    /** From this moment on the platform may have forgotten it; null where it keeps it. */
    until: instant('until'),
  },
  (table) => [primaryKey({ columns: [table.channel, table.account, table.kind, table.digest] })],
);
