import { encodeTalk, lostInTalk } from '../adapters/dingtalk/encode.ts';
import { cardParams } from '../adapters/dingtalk/encode-card.ts';
import { encode as encodeForFeishu } from '../adapters/feishu/encode.ts';
import { encode as encodeForWecom } from '../adapters/wecom/encode.ts';
import { WAYS } from '../adapters/wecom/limits.ts';
import type { Look } from '../chat/look.ts';
import type { Card, SealedCard } from '../chat/message.ts';
import { plainMessage } from '../outbox/sealing.ts';

/**
 * How a card looks to one person on each platform, whether it is connected or not: what its own renderer makes, read
 * back. DingTalk shows it in two ways, with a published card template and without one.
 */
export function looksOf(content: Card): Look[] {
  const message = plainMessage({ kind: 'card', card: content });
  if (message.kind !== 'card') return [];
  return [onFeishu(message.card), onWecom(message.card), ...onDingtalk(message.card)];
}

type Json = { [key: string]: unknown };
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const lines = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
const refused = (channel: Look['channel'], form: string, { title }: SealedCard, reason: string): Look => ({
  channel,
  form,
  title,
  body: '',
  buttons: [],
  shortcomings: [{ kind: 'refused', what: reason }],
});

function onFeishu(card: SealedCard): Look {
  const encoded = encodeForFeishu({ kind: 'card', card });
  if ('refused' in encoded) return refused('feishu', 'interactive', card, encoded.refused);
  const { header, body } = encoded.content as { header: Json; body: Json };
  const all = list(body['elements']).flatMap(within);
  return {
    channel: 'feishu',
    form: encoded.msg_type,
    title: words((header['title'] as Json)['content']),
    body: lines(all.filter(({ tag }) => tag === 'markdown').map((element) => words(element['content']))),
    buttons: all.filter(({ tag }) => tag === 'button').map(({ text }) => words((text as Json)['content'])),
    shortcomings: [],
  };
}

/** An element with all that stands inside it. */
function within(element: Json): Json[] {
  const inner = [...list(element['elements']), ...list(element['columns'])];
  return [element, ...inner.flatMap(within)];
}

function onWecom(card: SealedCard): Look {
  const encoded = encodeForWecom({ kind: 'card', card }, WAYS.one, 'preview');
  if (encoded.kind !== 'content')
    return refused('wecom', 'template_card', card, encoded.kind === 'refused' ? encoded.reason : '');
  const { msgtype, content, shortcomings } = encoded;
  if (msgtype !== 'template_card')
    return {
      channel: 'wecom',
      form: msgtype,
      title: '',
      body: words(content['content']),
      buttons: [],
      shortcomings,
    };
  const head = (content['main_title'] ?? {}) as Json;
  const quote = (content['quote_area'] ?? {}) as Json;
  const facts = list(content['horizontal_content_list']);
  return {
    channel: 'wecom',
    form: msgtype,
    title: words(head['title']),
    body: lines([
      words(head['desc']),
      words(content['sub_title_text']),
      words(quote['quote_text']),
      ...facts.map((fact) => `${words(fact['keyname'])}：${words(fact['value'])}`),
    ]),
    buttons: list(content['button_list']).map((button) => words(button['text'])),
    shortcomings,
  };
}

function onDingtalk(card: SealedCard): Look[] {
  const params = cardParams(card);
  const numbered = (name: string) =>
    Array.from({ length: 6 }, (_, at) => params?.[`${name}${at + 1}`] ?? '').filter((value) => value !== '');
  const talk = encodeTalk({ kind: 'card', card }, 'person').msgParam;
  const said: Look = {
    channel: 'dingtalk',
    form: 'markdown',
    title: words(talk['title']),
    body: words(talk['text']).replace(/^###[^\n]*\n+/, ''),
    buttons: [],
    shortcomings: lostInTalk(card, 'person'),
  };
  if (params === undefined) return [said];
  const made: Look = {
    channel: 'dingtalk',
    form: 'card-template',
    title: words(params['title']),
    body: lines(numbered('md')),
    buttons: numbered('b'),
    shortcomings: [],
  };
  return [made, said];
}
