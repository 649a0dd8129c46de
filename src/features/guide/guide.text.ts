import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  help: '帮助：看看我能做什么',
  helpWord: '帮助',
  tipWord: '今日技巧',
  helpTitle: '我能帮你做这些',
  helpIntro: '直接发送下面的词就行，在群里先 @ 我：',
  helpOutro: '每个工作日我会送来一条小技巧，看完点一下打卡就好。',
  welcomeTitle: (name: string) => `${name}，你好，我是促活小助手`,
  welcome: [
    '新办公软件里有不少省力的小窍门。每个工作日我送你一条，一分钟能看完，看完点一下 **打卡**。',
    '',
    '现在就可以发送 **今日技巧** 看看今天的。想知道我还会什么，发送 **帮助**。',
  ].join('\n'),
  unknown: (said: string) =>
    `「${said}」我还不太明白。发送 **打卡**、**今日技巧**、**我的** 或 **排行榜** 试试，发送 **帮助** 看我能做的事。`,
  unknownEmpty: '我在呢。发送 **帮助** 看我能做的事。',
  near: (said: string, word: string) => `「${said}」我没看懂，你是想说「${word}」吗？点一下就好。`,
  tooLong: '这段话有点长，我一次只能读 4,000 个字。挑重点再发一次好吗？',
  forged: '这个按钮我认不出来，可能卡片太旧了。发送「今日技巧」我再给你一张新的。',
  notYours: '这是同事的卡片，得本人点才算。发送「今日技巧」看你自己的。',
  forbidden: '这个功能只开放给负责的同事。发送「帮助」看看你能用的。',
  file: '文件我收到了，不过我还不会看文件。有事直接打字告诉我就好。',
  stranger:
    '我在通讯录里还没找到你，所以暂时不能为你记录。请联系你们部门的接口人或管理员，把你加进名单后再来找我。',
};

const en: typeof zh = {
  help: 'help: what I can do',
  helpWord: 'help',
  tipWord: 'tip',
  helpTitle: 'What I can do for you',
  helpIntro: 'Just send one of these words; in a group, @-mention me first:',
  helpOutro: 'Every workday I bring one short tip. Read it, press the button, done.',
  welcomeTitle: (name) => `Hello ${name}, I am Cuhuo`,
  welcome: [
    'The new office software hides quite a few shortcuts. Every workday I bring you one; it takes a minute. Then press **Check in**.',
    '',
    'Send **tip** to see the one of today, or **help** to see what else I can do.',
  ].join('\n'),
  unknown: (said) =>
    `I do not understand “${said}” yet. Try **checkin**, **tip**, **me** or **ranking**, or send **help** to see what I can do.`,
  unknownEmpty: 'I am here. Send **help** to see what I can do.',
  near: (said, word) => `I did not catch “${said}”. Did you mean “${word}”? Just press it.`,
  tooLong: 'That is a long message; I can read 4,000 characters at a time. Could you send the main point?',
  forged: 'I do not recognise this button; the card may be too old. Send “tip” and I will bring a fresh one.',
  notYours: 'This card belongs to a colleague, so only they can press it. Send “tip” for your own.',
  forbidden: 'This is open only to the colleagues in charge. Send “help” to see what you can use.',
  file: 'I got the file, but I cannot read files yet. Just type what you need.',
  stranger:
    'I cannot find you in the directory yet, so I cannot keep a record for you. Please ask your liaison or administrator to add you.',
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
