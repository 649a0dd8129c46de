import { useLanguage } from '../language.ts';

const zh = {
  library: '技巧库',
  calendar: '内容日历',
  about: '接下来每个工作日推送哪一条。已定的日子不再变；其余按下面的顺序来，员工的反馈也会影响。',
  campaign: '活动',
  level: '难度',
  days: '接下来的日子',
  order: '推送顺序',
  orderAbout: '拖动调整；也可以用上移、下移按钮，或在标题上按 Alt+↑、Alt+↓。改动马上保存。',
  chosen: '已定',
  planned: '计划',
  none: '还没有活动。',
  noDays: '活动里没有接下来的工作日。',
  up: (title: string) => `上移 ${title}`,
  down: (title: string) => `下移 ${title}`,
  moved: (title: string, place: number) => `${title}，现在第 ${place} 位`,
  onDay: (day: string) => `${day} 推送`,
  looks: '各平台上的样子',
  platforms: { feishu: '飞书', wecom: '企业微信', dingtalk: '钉钉' },
  withoutTemplate: '钉钉（没有卡片模板）',
  allShown: '内容和按钮都能完整显示。',
  shortcomings: {
    refused: (reason: string) => `平台不收这张卡片（${reason}），请改短一些。`,
    cut: (bytes: string) => `只显示前 ${bytes} 字节，后面的会被截掉。`,
    'in-words': () => '这里没有按钮，改为提示员工发送文字。',
    'button-lost': (label: string) => `按钮「${label}」在这里用不了。`,
    'input-lost': (label: string) => `「${label}」在这里不能填写。`,
    'image-linked': (alt: string) => `图片${alt === '' ? '' : `「${alt}」`}要点开才看得到。`,
    'not-rung': () => '这里不会响铃加急。',
  },
};

const en: typeof zh = {
  library: 'Library',
  calendar: 'Content calendar',
  about:
    'Which tip goes out on each coming workday. What is settled stays; the rest follows the order below, and what people say of tips.',
  campaign: 'Campaign',
  level: 'Level',
  days: 'The coming days',
  order: 'Order',
  orderAbout:
    'Drag a tip, use its buttons, or press Alt+↑ and Alt+↓ on its title. Each change is kept at once.',
  chosen: 'Settled',
  planned: 'Planned',
  none: 'There is no campaign yet.',
  noDays: 'The campaign has no workday to come.',
  up: (title) => `Move up ${title}`,
  down: (title) => `Move down ${title}`,
  moved: (title, place) => `${title} is now number ${place}`,
  onDay: (day) => `Goes out ${day}`,
  looks: 'As each platform shows it',
  platforms: { feishu: 'Feishu', wecom: 'WeCom', dingtalk: 'DingTalk' },
  withoutTemplate: 'DingTalk without a template',
  allShown: 'Everything is shown, buttons included.',
  shortcomings: {
    refused: (reason) => `The platform does not take this card (${reason}); please shorten it.`,
    cut: (bytes) => `Only the first ${bytes} bytes are shown.`,
    'in-words': () => 'There are no buttons here; people are told what to write.',
    'button-lost': (label) => `The button “${label}” does not work here.`,
    'input-lost': (label) => `“${label}” cannot be filled in here.`,
    'image-linked': (alt) => `The picture${alt === '' ? '' : ` “${alt}”`} is a link to open.`,
    'not-rung': () => 'Nobody is called to attention here.',
  },
};

export const useCalendarTexts = () => (useLanguage() === 'en' ? en : zh);
