import { z } from 'zod';

const MAX_KEY_BYTES = 1024;
const MAX_OPTION_ID_BYTES = 128;
const TASK_ID = /^[\w@-]{1,128}$/;

const anyRecord = z.record(z.string(), z.unknown());
const list = (most: number) => z.array(anyRecord).min(1).max(most);
const link = z.looseObject({ type: z.literal([0, 1, 2]).optional(), url: z.string().optional() });

const option = z.looseObject({ id: z.string().min(1), text: z.string().min(1) });
const select = z.looseObject({
  question_key: z.string().min(1),
  title: z.string().optional(),
  selected_id: z.string().optional(),
  option_list: z.array(option).min(1).max(10),
});

const card = z.looseObject({
  card_type: z.string(),
  task_id: z.string().optional(),
  main_title: z.looseObject({ title: z.string().optional(), desc: z.string().optional() }).optional(),
  sub_title_text: z.string().optional(),
  horizontal_content_list: list(6).optional(),
  vertical_content_list: list(4).optional(),
  card_image: z
    .looseObject({
      url: z.string().regex(/^https?:\/\//),
      aspect_ratio: z.number().min(1.3).max(2.25).optional(),
    })
    .optional(),
  image_text_area: anyRecord.optional(),
  quote_area: anyRecord.optional(),
  jump_list: list(3).optional(),
  card_action: link.optional(),
  button_selection: select.optional(),
  button_list: z
    .array(
      z.looseObject({
        text: z.string().min(1),
        key: z.string().optional(),
        type: z.number().optional(),
        style: z.number().int().min(1).max(4).optional(),
      }),
    )
    .min(1)
    .max(6)
    .optional(),
  checkbox: z
    .looseObject({
      question_key: z.string().min(1),
      mode: z.literal([0, 1]).optional(),
      option_list: z.array(option).min(1).max(20),
    })
    .optional(),
  select_list: z.array(select).min(1).max(3).optional(),
  submit_button: z.looseObject({ text: z.string().min(1), key: z.string().min(1) }).optional(),
  action_menu: z
    .looseObject({
      desc: z.string().optional(),
      action_list: z
        .array(z.looseObject({ text: z.string(), key: z.string() }))
        .min(1)
        .max(3),
    })
    .optional(),
});
export type SimCard = z.output<typeof card>;

/** What WeCom answers to a field that is not right. */
const FIELD_CODES: Record<string, number> = {
  card_type: 42_031,
  task_id: 42_014,
  horizontal_content_list: 42_035,
  jump_list: 42_042,
  card_action: 42_045,
  button_list: 42_038,
  button_selection: 42_037,
  checkbox: 42_037,
  select_list: 42_047,
  submit_button: 42_046,
  action_menu: 42_051,
};

const STATIC = ['text_notice', 'news_notice'];
const INTERACTIVE = ['button_interaction', 'vote_interaction', 'multiple_interaction'];

export const callsBack = (one: SimCard): boolean =>
  INTERACTIVE.includes(one.card_type) || one.action_menu !== undefined;

/** The card, or the code with which WeCom refuses it. */
export function readCard(content: unknown): SimCard | number {
  const parsed = card.safeParse(content);
  if (!parsed.success) return FIELD_CODES[String(parsed.error.issues[0]?.path[0])] ?? 40_058;
  return problemOf(parsed.data) ?? parsed.data;
}

function problemOf(one: SimCard): number | undefined {
  if (![...STATIC, ...INTERACTIVE].includes(one.card_type)) return 42_031;
  if (one.task_id !== undefined ? !TASK_ID.test(one.task_id) : callsBack(one)) return 42_014;
  const title = one.main_title?.title ?? '';
  const needsTitle = one.card_type !== 'text_notice' || (one.sub_title_text ?? '') === '';
  if (needsTitle && title === '') return 40_058;
  if (STATIC.includes(one.card_type) && (one.card_action?.type ?? 0) === 0) return 42_045;
  if (one.card_type === 'news_notice') {
    if (one.card_image === undefined && one.image_text_area === undefined) return 40_058;
    if (one.sub_title_text !== undefined) return 40_058;
  } else if (one.card_image !== undefined) return 40_058;
  if (one.card_action?.type === 1 && !/^https?:\/\//.test(one.card_action.url ?? '')) return 42_028;
  return problemOfKeys(one) ?? problemOfType(one);
}

function problemOfKeys(one: SimCard): number | undefined {
  const keys = [
    ...(one.button_list ?? []).map(({ key }) => key ?? ''),
    ...(one.submit_button === undefined ? [] : [one.submit_button.key]),
    ...(one.action_menu?.action_list.map(({ key }) => key) ?? []),
  ];
  if (keys.some((key) => key === '' || Buffer.byteLength(key) > MAX_KEY_BYTES)) return 42_039;
  if (new Set(keys).size !== keys.length) return 42_051;
  const questions = [one.button_selection, one.checkbox, ...(one.select_list ?? [])].flatMap((q) => q ?? []);
  const names = questions.map(({ question_key }) => question_key);
  if (new Set(names).size !== names.length || names.some((name) => Buffer.byteLength(name) > MAX_KEY_BYTES))
    return 42_043;
  const ids = questions.map(({ option_list }) => option_list.map(({ id }) => id));
  const bad = (set: string[]) =>
    new Set(set).size !== set.length || set.some((id) => Buffer.byteLength(id) > MAX_OPTION_ID_BYTES);
  return ids.some(bad) ? 42_037 : undefined;
}

function problemOfType(one: SimCard): number | undefined {
  switch (one.card_type) {
    case 'button_interaction':
      return one.button_list === undefined ? 42_038 : undefined;
    case 'vote_interaction':
      return one.checkbox === undefined ? 42_037 : one.submit_button === undefined ? 42_046 : undefined;
    case 'multiple_interaction':
      return one.select_list === undefined ? 42_047 : one.submit_button === undefined ? 42_046 : undefined;
    default:
      return undefined;
  }
}
