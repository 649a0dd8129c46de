/**
 * What may stand behind a command's word. Words such as 撤回 or 进度 begin ordinary questions too (撤回消息怎么弄,
 * 进度条卡住了), so a command says which arguments it means; everything else is a question for the knowledge base.
 * Arguments come normalised, without the blanks and commas before them.
 */
export type ArgumentShape = (argument: string) => boolean;

/** 12, #12, 第 12 号: a number, and nothing else. */
export const isNumber: ArgumentShape = (argument) =>
  /^(?:第|no\.?|#)?\s*\d{1,9}\s*号?[\s.!。]*$/.test(argument);

/** 12, or 12 and something behind it; not 2003版本 or 3.5. */
export const beginsWithNumber: ArgumentShape = (argument) =>
  /^(?:第|no\.?|#)?\s*\d{1,9}\s*号?(?:[\s,:;、。!]|$)/.test(argument);

const ASKING =
  /[?？]|怎么|怎样|如何|咋|为什么|为啥|为何|什么|啥|哪|吗|呢|多少|多久|谁|能不能|能否|可不可以|是否|是不是|有没有|不了|不上|不出|不到|不见|没有|没反应|失败|报错|出错|卡住|无法|打不开|找不到|\b(?:how|why|what|when|where|which|who|can|cannot|does|is|not)\b|n't\b/i;

/** Whether a text asks something, or says that something fails. */
export const asksSomething: ArgumentShape = (argument) => ASKING.test(argument);
