import { asksSomething } from '../../chat/argument.ts';
import type { Channel } from '../../chat/event.ts';
import { normalise } from '../../chat/words.ts';

/** What support asks first: on which system, with which program and version, with which message. */
export const factKinds = ['system', 'program', 'version', 'error', 'client'] as const;
export type FactKind = (typeof factKinds)[number];
export type Facts = Partial<Record<FactKind, string>>;

const SYSTEMS: readonly [RegExp, string | ((found: RegExpExecArray) => string)][] = [
  [
    /win(?:dows)?\s?(11|10|8\.1|8|7|xp|vista)(?!\d)/,
    ([, version = '']) => `Windows ${version.toUpperCase()}`,
  ],
  [/统信|\buos\b/, '统信 UOS'],
  [/麒麟|kylin/, '麒麟'],
  [/鸿蒙|harmonyos/, '鸿蒙'],
  [/深度系统|deepin/, 'deepin'],
  [/ubuntu/, 'Ubuntu'],
  [/mac\s?os|macbook|\bimac\b|苹果电脑/, 'macOS'],
  [/ipad/, 'iPadOS'],
  [/iphone|\bios\b|苹果手机/, 'iOS'],
  [/android|安卓/, 'Android'],
  [/\blinux\b/, 'Linux'],
  [/\bwindows\b/, 'Windows'],
];
const PROGRAMS: readonly [RegExp, string][] = [
  [/\bwps\b/, 'WPS'],
  [/\bexcel\b/, 'Excel'],
  [/\bword\b/, 'Word'],
  [/powerpoint|\bppt\b/, 'PowerPoint'],
  [/outlook/, 'Outlook'],
];
const VERSION =
  /(?:版本号?|version|v)?\s?(\d{1,2}\.\d{1,4}\.\d{1,6}(?:\.\d{1,6})?)|(?:wps|office|word|excel|ppt)\s?(20\d\d|365)(?!\d)/;
const ERROR = /(0x[0-9a-f]{4,16})|(?:错误(?:代码|码)?|报错|error(?: code)?)\s?[:：]?\s?#?(\d{3,8})(?!\d)/;

/** As much of a text as is looked at. */
const LONGEST = 2_000;
const clients: Record<Channel, string> = {
  sandbox: 'sandbox',
  feishu: '飞书',
  wecom: '企业微信',
  dingtalk: '钉钉',
};

/** The device facts that somebody mentioned, the later text over the earlier. */
export function factsIn(texts: readonly string[]): Facts {
  return Object.assign({}, ...texts.map(factsOf)) as Facts;
}

function factsOf(text: string): Facts {
  const said = normalise(text.slice(0, LONGEST));
  const facts: Facts = {};
  for (const [pattern, name] of SYSTEMS) {
    const found = pattern.exec(said);
    if (found === null) continue;
    facts.system = typeof name === 'string' ? name : name(found);
    break;
  }
  const program = PROGRAMS.find(([pattern]) => pattern.test(said))?.[1];
  if (program !== undefined) facts.program = program;
  const version = VERSION.exec(said);
  const number = version?.[1] ?? version?.[2];
  if (number !== undefined) facts.version = number;
  const error = ERROR.exec(said);
  const code = error?.[1] ?? error?.[2];
  if (code !== undefined) facts.error = code;
  return facts;
}

/** In which program they write to us. */
export const clientOf = (channel: Channel): Facts => ({ client: clients[channel] });

/** Short, about the device, and asking nothing: an addition to the open ticket rather than a new question. */
export function onlyFacts(text: string): boolean {
  // With a code behind it 报错 is a fact.
  if (Array.from(text).length > 40 || asksSomething(text.replace(/报错|出错/g, ''))) return false;
  return Object.keys(factsOf(text)).some((kind) => kind !== 'program');
}
