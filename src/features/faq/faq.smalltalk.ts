import { wordForm } from '../../chat/words.ts';

export type SmallTalk = 'greeting' | 'thanked' | 'goodbye';

const FORMS: Record<SmallTalk, RegExp> = {
  greeting:
    /^(?:你好|您好|你们好|大家好|哈喽|哈啰|嗨|hi|hello|hey|hithere|早|早上好|早安|上午好|中午好|下午好|晚上好|在吗|在不在|有人吗|goodmorning|goodafternoon)[呀啊哦呢吗]?$/,
  thanked:
    /^(?:谢谢|谢谢你|谢谢您|谢了|多谢|感谢|非常感谢|太感谢了|辛苦了|好的谢谢|thanks|thankyou|thx|thanksalot)[啦啊呀了哦]?$/,
  goodbye: /^(?:再见|拜拜|bye|goodbye|byebye|下次见|回见)[啦啊呀]?$/,
};

/** A greeting, thanks or farewell that is nothing else: no question, so it is no miss either. */
export function smallTalkIn(text: string): SmallTalk | undefined {
  const said = wordForm(text.slice(0, 40)).replace(/[\p{P}\p{S}]/gu, '');
  return (Object.keys(FORMS) as SmallTalk[]).find((kind) => FORMS[kind].test(said));
}
