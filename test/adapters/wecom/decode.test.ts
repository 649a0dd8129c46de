import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decode, keyOf, readMessage, type WecomMessage } from '#src/adapters/wecom/decode.ts';
import { readXml } from '#src/adapters/wecom/xml.ts';
import { Temporal } from '#src/kernel/time.ts';
import { xmlOf } from '#src/simulators/wecom/callback.ts';

const RECEIVED = Temporal.Instant.from('2026-11-24T01:00:00Z');
const SECONDS = RECEIVED.epochMilliseconds / 1000;

function message(fields: Parameters<typeof xmlOf>[0]): WecomMessage {
  const children = readXml(xmlOf({ FromUserName: 'Anna', CreateTime: SECONDS, ...fields }));
  const read = children && readMessage(children);
  if (read === undefined) throw new Error('unreadable');
  return read;
}
const meaning = (fields: Parameters<typeof xmlOf>[0]) => decode(message(fields), RECEIVED);
const event = (Event: string, more: Parameters<typeof xmlOf>[0] = {}) => ({
  MsgType: 'event',
  Event,
  ...more,
});

describe('what comes', () => {
  it.each([
    ['a text', { MsgType: 'text', Content: '打卡', MsgId: '0012' }, { kind: 'text', text: '打卡' }],
    ['a number as a text', { MsgType: 'text', Content: '007', MsgId: '1' }, { kind: 'text', text: '007' }],
    [
      'a picture',
      { MsgType: 'image', MediaId: 'm1', MsgId: '1' },
      { kind: 'file', name: 'image', fileId: 'm1' },
    ],
    [
      'a file',
      { MsgType: 'file', MediaId: 'm2', FileName: '周报.docx', MsgId: '1' },
      { kind: 'file', name: '周报.docx' },
    ],
    ['somebody who opens the chat', event('enter_agent', { EventKey: '' }), { kind: 'entered' }],
    ['a press on the menu', event('click', { EventKey: '排行榜' }), { kind: 'text', text: '排行榜' }],
    [
      'a press on a card with two answers',
      event('template_card_event', {
        EventKey: 'k',
        TaskId: 't',
        SelectedItems: {
          SelectedItem: [
            { QuestionKey: 'q', OptionIds: { OptionId: [{}] } },
            { QuestionKey: 'r', OptionIds: {} },
          ],
        },
      }),
      { kind: 'action', actionId: 'k' },
    ],
  ])('%s', (_name, fields, payload) => {
    expect(meaning(fields as never).event?.payload).toMatchObject(payload);
  });

  it('a press with what was chosen', () => {
    const xml =
      '<xml><FromUserName>a</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>template_card_event</Event><EventKey>k</EventKey><TaskId>0010086</TaskId><SelectedItems><SelectedItem><QuestionKey><![CDATA[q]]></QuestionKey><OptionIds><OptionId><![CDATA[007]]></OptionId></OptionIds></SelectedItem></SelectedItems></xml>';
    const read = readMessage(readXml(xml) ?? {});
    const { event: heard, tap } = decode(read as WecomMessage, RECEIVED);
    expect(heard?.payload).toEqual({ kind: 'action', actionId: 'k', inputs: { q: '007' } });
    expect(tap?.taskId).toBe('0010086');
  });

  it('types that we do not know mean nothing', () => {
    expect(meaning({ MsgType: 'hologram' })).toEqual({});
    expect(meaning(event('location_select'))).toEqual({});
  });

  it('a suspension that is coming is a notice to the administrator', () => {
    expect(meaning(event('inactive_alert')).notice).toContain('admin console');
  });

  it('the moment is the platform’s, but never one that has not come', () => {
    const late = message({ MsgType: 'text', Content: 'x', CreateTime: SECONDS - 6 * 3600 });
    expect(decode(late, RECEIVED).event?.occurredAt.toString()).toBe('2026-11-23T19:00:00Z');
    const early = message({ MsgType: 'text', Content: 'x', CreateTime: SECONDS + 9_999 });
    expect(decode(early, RECEIVED).event?.occurredAt).toBe(RECEIVED);
  });
});

describe('hints about the directory', () => {
  const contact = (ChangeType: string, more: Parameters<typeof xmlOf>[0]) =>
    meaning(event('change_contact', { FromUserName: 'sys', ChangeType, ...more })).hint;

  it.each([
    ['somebody new', contact('create_user', { UserID: 'Chen' }), { kind: 'person', platformId: 'chen' }],
    ['somebody gone', contact('delete_user', { UserID: 'Chen' }), { kind: 'person', platformId: 'chen' }],
    ['a changed id', contact('update_user', { UserID: 'a', NewUserID: 'b' }), { kind: 'everything' }],
    ['a department', contact('update_party', { Id: 7 }), { kind: 'department', id: '7' }],
    ['a tag', contact('update_tag', { TagId: 1 }), { kind: 'everything' }],
    ['the visible range', meaning(event('unsubscribe')).hint, { kind: 'person', platformId: 'anna' }],
  ])('%s', (_name, hint, expected) => {
    expect(hint).toEqual(expected);
  });
});

describe('the key of an event', () => {
  const parts = [
    'AgentID',
    'FromUserName',
    'CreateTime',
    'Event',
    'ChangeType',
    'EventKey',
    'TaskId',
    'ResponseCode',
    'UserID',
    'Id',
  ] as const;
  const word = fc.constantFrom('1', '2', '12', 'a');
  const events = fc.record(
    Object.fromEntries(parts.map((part) => [part, word])) as Record<string, typeof word>,
  );

  it('is the same exactly when everything that identifies it is the same', () => {
    fc.assert(
      fc.property(events, events, (a, b) => {
        const [first, second] = [a, b].map((fields) => ({ ...fields, MsgId: '' }) as unknown as WecomMessage);
        const same = parts.every((part) => a[part] === b[part]);
        expect(keyOf(first as WecomMessage) === keyOf(second as WecomMessage)).toBe(same);
      }),
    );
  });

  it('tells two presses of one person in one second apart', () => {
    const press = (EventKey: string) => keyOf(message(event('click', { EventKey })));
    expect(press('打卡')).not.toBe(press('排行榜'));
  });
});
