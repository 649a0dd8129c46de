import type { Catalogue } from '../../chat/locale.ts';
import type { Thumb } from './faq.tables.ts';

const zh = {
  footer: (key: string, version: number, product: string | null) =>
    `知识条目 ${key} · 第 ${version} 版${product === null ? '' : ` · 适用 ${product}`}`,
  noAnswer: '这个问题我认得，不过答案还在整理中。',
  helpful: '👍 有用',
  unhelpful: '👎 没解决',
  thumbWords: { up: '有用', down: '没解决' } satisfies Record<Thumb, string>,
  thanks: {
    up: '谢谢，能帮上忙就好。',
    down: '收到，我会把它交给同事改进。换个说法再问我一次，也许能找到更合适的。',
  },
  whatWrong: '哪里不对？',
  whatWrongHint: '可以不填，例如：菜单里没有这一项',
  sendComment: '告诉编辑',
  commentHow: '不好点的话，直接发「点评 哪里不对」也行。',
  commented: '谢谢，原话已经转给编辑了。',
  nothingToComment: '你最近没有看过答案，我不知道这句说的是哪一条。',
  gone: '这条答案已经下架了。把问题再发一遍，我重新找。',
  choicesTitle: '你想问的是哪一个？',
  choices: '我找到几条相近的，点一下就看答案：',
  choicesFooter: '都不是？换个说法再问我一次。',
  rephrase: (said: string) => `「${said}」我没太听懂。试试多说一点：在哪个软件里、想做什么、看到了什么提示？`,
  handover: (said: string) =>
    `「${said}」我这里还没有答案，不想随便说一个给你。这个问题得请人来看，我已经记下来了。`,
  liaisons: (names: string) => `你可以先找你们部门的接口人：${names}。`,
  noLiaison: '你可以先问问你们部门的管理员。',
  askPerson: '要找同事帮忙，发送「人工」就行。',
  unhelped: (said: string) =>
    `没帮上忙，抱歉。关于「${said}」，换个说法再问我一次，或者发送「人工」，我请同事来。`,
  toPerson: '收到，我请同事来帮你。',
  weeklyTitle: '这周大家问了、我没答上的',
  weekly: '按次数排好了，点一下就能先存成知识草稿，补上答案、审核后我就会答：',
  weeklyLine: (place: number, question: string, count: number, departments: number) =>
    `${place}. ${question}（${count} 次，${departments} 个部门）`,
  weeklyFooter: '处理一条，后面的会补上来；随时发送「未命中」接着看。',
  makeDraft: (place: number) => `第 ${place} 条存草稿`,
  addTo: (place: number, key: string) => `第 ${place} 条并入 ${key}`,
  added: (key: string, n: number) => `${n} 种问法已并入 ${key}。`,
  noRoom: '并不进去：这条已下架，或相似问满了 50 条。可以改存草稿，或到控制台处理。',
  noMisses: '最近一周没有待处理的未命中，真好！',
  helpMisses: '未命中：看看大家问了、还没有答案的问题',
  drafted: (key: string) => `已存为知识草稿 ${key}。`,
  dealtWith: '这些问题已经处理过了。',
  greeting: '你好呀！办公软件用着有什么问题，直接打字问我就行；发送「帮助」看我能做的事。',
  thanked: '不客气，有问题随时找我。',
  goodbye: '再见，工作顺利！',
};

const en: typeof zh = {
  footer: (key, version, product) =>
    `Entry ${key} · version ${version}${product === null ? '' : ` · for ${product}`}`,
  noAnswer: 'I know this question, but its answer is still being written.',
  helpful: '👍 Helpful',
  unhelpful: '👎 Not solved',
  thumbWords: { up: 'helpful', down: 'not helpful' },
  thanks: {
    up: 'Thank you, glad it helped.',
    down: 'Noted; a colleague will improve it. Ask me again in other words, perhaps I find a better one.',
  },
  whatWrong: 'What is wrong with it?',
  whatWrongHint: 'May stay empty, e.g. there is no such menu',
  sendComment: 'Tell the editor',
  commentHow: 'You can also just send “comment what is wrong”.',
  commented: 'Thank you, the editors have your words.',
  nothingToComment: 'You have not seen an answer lately, so I do not know which one this is about.',
  gone: 'This answer has been taken down. Send the question again and I will look anew.',
  choicesTitle: 'Which one do you mean?',
  choices: 'I found some that are close. Press one to see its answer:',
  choicesFooter: 'None of them? Ask me again in other words.',
  rephrase: (said) =>
    `I did not quite get “${said}”. Could you say a little more: in which program, what you want to do, what you see?`,
  handover: (said) =>
    `I have no answer to “${said}” yet and will not make one up. A person is needed here; I have written your question down.`,
  liaisons: (names) => `The liaison of your department can help: ${names}.`,
  noLiaison: 'The administrator of your department can help.',
  askPerson: 'Send “agent” to get help from a colleague.',
  unhelped: (said) =>
    `Sorry that did not help. Ask me about “${said}” in other words, or send “agent” and I will bring a colleague.`,
  toPerson: 'Noted, I will bring a colleague.',
  weeklyTitle: 'Asked this week, not answered',
  weekly: 'The most frequent first. One press saves a draft entry; once answered and reviewed I will use it:',
  weeklyLine: (place, question, count, departments) =>
    `${place}. ${question} (${count}×, ${departments} dept.)`,
  weeklyFooter: 'Deal with one and the next moves up; send “misses” to go on at any time.',
  makeDraft: (place) => `Draft of no. ${place}`,
  addTo: (place, key) => `No. ${place} to ${key}`,
  added: (key, n) => `Added ${n} wordings to ${key}.`,
  noRoom: 'It does not fit: that entry is retired or has 50 wordings. Save a draft, or use the console.',
  noMisses: 'Nothing was missed in the last week. Well done!',
  helpMisses: 'misses: what was asked and has no answer yet',
  drafted: (key) => `Saved as draft entry ${key}.`,
  dealtWith: 'These have been dealt with already.',
  greeting:
    'Hello! If something about the office software puzzles you, just type it; “help” shows what I can do.',
  thanked: 'You are welcome. I am here when you need me.',
  goodbye: 'Goodbye, and have a good day!',
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
