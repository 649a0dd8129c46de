import { picturesIn } from './robot.ts';
import type { Shelf, SimulatedMessage, State } from './state.ts';
import type { CardTemplate } from './template.ts';
import { say } from './values.ts';

/** A message as a client shows it. */
export interface Shown {
  /** processQueryKey, task id, or the outTrackId of a card. */
  key: string;
  kind: 'text' | 'card' | 'file' | 'image' | 'recalled';
  words: string;
  /** The picture that it shows. */
  picture?: Buffer | undefined;
  buttons: string[];
  sentBy: SimulatedMessage['kind'];
}

/** What the bot brought to a place, oldest first. */
export function shown(state: State, shelf: Shelf, template: CardTemplate): Shown[] {
  return (state.shelves.get(shelf) ?? []).map((message) => {
    const key = message.kind === 'card' ? say(message.content['outTrackId']) : message.key;
    const one = { key, sentBy: message.kind, words: '', buttons: [] };
    return message.recalled ? { ...one, kind: 'recalled' } : { ...one, ...look(state, message, template) };
  });
}

function look(
  state: State,
  { kind, type, content }: SimulatedMessage,
  template: CardTemplate,
): Pick<Shown, 'kind' | 'words' | 'buttons' | 'picture'> {
  if (kind === 'card') {
    const data = state.cards.get(say(content['outTrackId']))?.data ?? {};
    const inputs = template.inputs.flatMap(({ label, options }) => [data[label], data[options]]);
    const words = [...template.texts.map((name) => data[name]), ...inputs].filter((text) => text).join('\n');
    const buttons = template.buttons.flatMap(({ text }) => data[text] || []);
    return { kind: 'card', words, buttons, picture: state.media.get(data['image'] ?? '')?.bytes };
  }
  if (type === 'sampleImageMsg') {
    const picture = state.media.get(say(content['photoURL']))?.bytes;
    return { kind: 'image', words: '', buttons: [], picture };
  }
  if (content['mediaId'] !== undefined || content['media_id'] !== undefined) {
    const media = state.media.get(say(content['mediaId'] ?? content['media_id']));
    return { kind: 'file', words: say(content['fileName'] ?? media?.name), buttons: [] };
  }
  if (type === 'sampleText' || type === 'text')
    return { kind: 'text', words: say(content['content']), buttons: [] };
  const text = say(content['text'] ?? content['markdown']);
  const buttons = [...text.matchAll(/\[([^\]]*)\]\(dtmd:[^)]*\)/g)].map(([, label]) => label ?? '');
  const [picture] = picturesIn(text).flatMap((name) => state.media.get(name)?.bytes ?? []);
  return { kind: 'card', words: `${say(content['title'])}\n${text}`, buttons, picture };
}
