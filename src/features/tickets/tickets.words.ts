import { storable } from '../../chat/words.ts';

/** As it was typed, for people to read: only mentions around it and what cannot be seen go. */
function withoutMention(text: string): string {
  return storable(text)
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .trim()
    .replace(/^(?:@\S+\s+)+/, '')
    .replace(/(?:\s+@\S+)+$/, '')
    .trim();
}

/** What stands behind the first number of a text, as it was typed. */
export function behindNumber(text: string): string {
  return (/[\d０-９]{1,9}[\s\p{P}]*([\s\S]*)$/u.exec(withoutMention(text.slice(0, 4_000)))?.[1] ?? '').trim();
}

/** What people say who want a person: the whole of it, or with the problem behind a comma, a colon or a blank. */
const PERSON =
  /^(?:请|請|麻烦|麻煩|劳驾|帮我|幫我|帮忙|给我|給我|我|想|要|需要|能不能|可以|能|快|直接|[,，\s])*(?:[转轉]接?|找|叫|联系|接|呼叫|换|要)?(?:一下|一个|个|到|成)?(?:人工|真人|活人|客服)(?:客服|服务|坐席|座席|同事|人员|支持)?(?:来|帮忙|帮我|处理|吧|啊|呀|呢|吗|哦|嘛|谢谢|好吗|可以吗)*(?:[\s,.。:;!?、~，：；！？．]+(?<rest>.*))?$/isu;
const PERSON_EN =
  /^(?:please |can i |could i |i (?:want|need|would like) to |let me )*(?:(?:talk|speak|chat) (?:to|with) |get |transfer me to |connect me (?:to|with) )?(?:an? |the )?(?:agent|human|real person|person|live (?:agent|support)|human agent|support (?:agent|person)|operator)(?: please)?(?:[\s,.:;!?]+(?<rest>.*))?$/isu;

const LONGEST = 2_000;

/** Whether somebody asks for a person, and for what; undefined when they ask something else, such as 人工智能是什么. */
export function personAsked(text: string): { question: string } | undefined {
  const said = withoutMention(text.slice(0, LONGEST));
  const found = PERSON.exec(said) ?? PERSON_EN.exec(said);
  if (found === null) return undefined;
  const rest = found.groups?.['rest'] ?? '';
  return { question: rest.replace(/^[\s\p{P}]+|(?:谢谢|please)[.!。！]*$/giu, '').trim() };
}

/** `回复 12 内容` of somebody who does support; undefined for anything else. */
export function replyIn(text: string): { number: number; words: string } | undefined {
  const found =
    /^(?:回复|回覆|答复|回|reply)(?:工单)?\s*[#＃]?\s*([\d０-９]{1,9})[\s:：,，]+([\s\S]+)$/iu.exec(
      withoutMention(text),
    );
  return found?.[1] === undefined || found[2] === undefined
    ? undefined
    : { number: Number(found[1].normalize('NFKC')), words: found[2].trim() };
}

/** The number that an argument begins with, and what follows. */
export function numbered(argument: string): { number: number; rest: string } | undefined {
  const found = /^[#\s]*(\d{1,9})[\s:,、]*([\s\S]*)$/.exec(argument);
  return found?.[1] === undefined ? undefined : { number: Number(found[1]), rest: (found[2] ?? '').trim() };
}
