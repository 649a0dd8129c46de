/**
 * Different words for the same question come to one form before anything is compared: the ways to ask how, whether and
 * why, politeness, and particles at the end. General Chinese and English; no word of any trade belongs in here.
 */

/** What is said around a question without being part of it. */
const POLITE =
  /请问一下|请问|请教一下|请教|麻烦问一下|麻烦帮忙|麻烦|劳驾|(?:我)?(?:想|要)?咨询一下|(?:我)?想(?:问|问问|请问|知道|了解|咨询)(?:一下|下)?|问一下|问下|帮忙|帮我|谢谢|感谢|多谢|您好|你好|大家好|各位|在线等|跪求|求助|求教|急急+|拜托|有谁知道|谁知道|告诉我|(?:^|[,。!?;])(?:急|求)(?=.)/g;

const FORMS: readonly [RegExp, string][] = [
  // Why before how: 怎么会 asks for a reason.
  [
    /为什么|为何|为啥|因为什么|(?:是)?什么原因|原因(?:是)?(?:什么|啥)|凭什么|怎么会|理由(?:是)?什么|咋会/g,
    '为什么',
  ],
  [/什么时候|什么时间|什么时刻|啥时候|何时|几时|多会儿/g, '何时'],
  [/什么地方|哪个地方|啥地方|何处|哪里|哪儿|哪边/g, '哪里'],
  [/什么人|哪个人|哪些人|何人|哪位/g, '谁'],
  [/多长时间|多少时间|多少天|几天|多久/g, '多久'],
  [/多少钱|多少费用|什么价格|价格多少|几块钱/g, '多少钱'],
  [/(?:该|应该|要|应)?(?:怎么办|咋办|咋整|怎么整|怎么搞|怎么弄|咋弄|咋搞|怎办)/g, '怎么办'],
  [
    /(?:该|应该|要|应当|应)?(?:怎么样才能|怎样才能|如何才能|怎么才能|怎么样|怎样|怎么|怎麽|如何|咋样|咋|怎)(?:去|来)?/g,
    '怎么',
  ],
  [/怎么(?:处理|解决|做|应对)(?!得)/g, '怎么办'],
  [/是什么意思|什么意思|指的是什么|是指什么|指什么|何谓|何为|什么叫|什么是|是什么|是啥|啥是/g, '什么'],
  [/有?(?:哪些|哪几种|哪几个|哪几类|啥|何种|什么样|那些(?=[?]|$))/g, '什么'],
  [/能不能够?|可不可以|可以不可以|是否可以|是否能够|是否能|能否|可否|能够|可以/g, '能'],
  [/是不是|是否|有没有|有无|是否有/g, ''],
  // 需不需要, 该不该, 会不会: the A-not-A question asks for A.
  [/(\p{Script=Han})不\1/gu, '$1'],
  [/(?:不可以|不行|无法|没法|没办法|不了(?=$|[,。!?的呢吗啊])|不能够)/g, '不能'],
  [/可以/g, '能'],
];

/** At the end of a sentence these only colour it. */
const PARTICLES = /[吗呢吧啊呀嘛么哦噢哈啦哟诶咯了的]+(?=$|[\s,.。!?;:、~])/g;

const ENGLISH: readonly [RegExp, string][] = [
  [/[’`´]/g, "'"],
  [
    /\b(?:please|thanks|thank you|hello|hi|hey|kindly|could you tell me|can you tell me|i want to know|i would like to know|i'd like to know)\b/g,
    ' ',
  ],
  [/\b(?:can't|cannot|can not|couldn't|could not|unable to|not able to)\b/g, 'can not'],
  [/\b(\w+)n't\b/g, '$1 not'],
  [/\b(?:what's|what is|what are)\b/g, 'what'],
  [/\bhow (?:can|do|could|should|would|to) ?(?:i|we|you|one)?\b/g, 'how'],
  [/\b(?:is it possible to|am i able to|may i|could i|can i|can we|can you)\b/g, 'can'],
  [/'s\b/g, ' '],
];

export function oneWording(text: string): string {
  let form = text;
  if (/[a-z]/.test(form)) for (const [pattern, word] of ENGLISH) form = form.replace(pattern, word);
  form = form.replace(POLITE, ' ');
  for (const [pattern, word] of FORMS) form = form.replace(pattern, word);
  return form.replace(PARTICLES, '');
}

const NEGATIONS = /不|没|未|无|非|禁止|\b(?:not|no|never|without)\b/g;

/** How many negations stand in a text in `oneWording`. */
export function negationsIn(wording: string): number {
  return wording.match(NEGATIONS)?.length ?? 0;
}
