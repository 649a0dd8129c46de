import { z } from 'zod';

/** Far beyond what people write; a longer string is not one of Feishu's. */
const id = z.string().min(1).max(200);
const moment = z.union([z.string().max(20), z.number()]);

/** Version 2 of the event envelope; card pages print `context` beside `event`, others inside. */
export const envelopeShape = z.object({
  schema: z.literal('2.0'),
  header: z.object({
    event_id: id,
    event_type: id,
    create_time: moment,
    token: z.string().max(500).optional(),
    app_id: id,
  }),
  event: z.record(z.string(), z.unknown()),
  context: z.unknown().optional(),
});
export type Envelope = z.infer<typeof envelopeShape>;

export const challengeShape = z.object({
  type: z.literal('url_verification'),
  challenge: z.string().max(1_000),
  token: z.string().max(500),
});

const userId = z.object({ open_id: id });

export const messageShape = z.object({
  sender: z.object({ sender_id: userId, sender_type: z.string() }),
  message: z.object({
    message_id: id,
    create_time: moment,
    chat_id: id,
    chat_type: z.string(),
    message_type: z.string(),
    content: z.string(),
    mentions: z
      .array(z.object({ key: z.string(), id: z.object({ open_id: z.string().nullish() }), name: z.string() }))
      .nullish(),
  }),
});

export const enteredShape = z.object({ operator_id: userId });

export const readShape = z.object({
  reader: z.object({ reader_id: userId, read_time: moment }),
  message_id_list: z.array(id).max(1_000),
});

export const menuShape = z.object({
  operator: z.object({ operator_id: userId }),
  event_key: z.string().max(100),
  timestamp: z.number(),
});

export const clickShape = z.object({
  operator: z.object({ open_id: id }),
  token: id,
  action: z.object({
    value: z.object({ a: z.string().max(2_000), g: z.literal(1).optional() }),
    form_value: z.record(z.string(), z.unknown()).nullish(),
  }),
  context: z.object({ open_message_id: id, open_chat_id: id }).optional(),
});

export const userChangedShape = z.object({ object: z.object({ open_id: id }) });
export const departmentChangedShape = z.object({ object: z.object({ open_department_id: id }) });
