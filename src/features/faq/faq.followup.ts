import { normalise } from '../../chat/words.ts';

/** Says that the last answer did not help; nothing else is asked. */
const UNHELPED =
  /^(?:(?:我)?(?:试过了|试了|照做了|按你说的做了)?[,。!\s]*)?(?:还是|依然|仍然|仍|都)?(?:不行|没用|不管用|没有用|没解决|没有解决|解决不了|不对|不是这个|不是这个问题|没反应|答非所问|都不是|没帮助)(?:啊|呀|的|了|呢|哦)?[!。?~.]*$|^(?:still )?(?:does ?n[o']t work|not working|not helpful|did ?n[o']t help|wrong answer|none of (?:them|these)|that(?:'s| is) not it)[!.]*$/i;

export function saysUnhelped(text: string): boolean {
  return UNHELPED.test(normalise(text.slice(0, 60)));
}

/** `2`, `第 2 条`: one of three that were offered, as a place from 0. */
export function placeIn(text: string): number | undefined {
  const found = /^(?:第\s?)?([1-3])\s?(?:条|个|号)?[.。!]?$/.exec(normalise(text.slice(0, 20)));
  return found === null ? undefined : Number(found[1]) - 1;
}

/** How a question begins or ends that leans on the one before. */
const LEANS =
  /^(?:那么|那|如果是|如果|要是|假如|换成|换了|可是|但是|但|还有|另外|而|and |but |what about |how about |what if )/i;
const ELLIPTIC = /呢[?。!~]*$/;
const ASKS = /什么|怎么|如何|为什么|哪|谁|几|多少|吗|能不能|可不可以/;
/** Longer questions stand by themselves. */
const SHORT = 16;

/**
 * The question before and this one as one question, when this one leans on it: 那手机上呢 after 怎么双面打印.
 * Undefined when it stands by itself.
 */
export function joined(previous: string | undefined, text: string): string | undefined {
  const said = normalise(text);
  if (previous === undefined || Array.from(said).length > SHORT + (/[a-z]/.test(said) ? 24 : 0))
    return undefined;
  if (!LEANS.test(said) && (!ELLIPTIC.test(said) || ASKS.test(said))) return undefined;
  const rest = said.replace(LEANS, '').replace(ELLIPTIC, '');
  return rest.trim() === '' ? undefined : `${previous} ${rest}`;
}
