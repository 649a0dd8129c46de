/** What is answered instead of a question. */
export const questionProblems = {
  'question.not-found': { status: 404, title: { 'zh-CN': '没有这道题', en: 'There is no such question' } },
  'question.incomplete': {
    status: 409,
    title: { 'zh-CN': '这道题还缺解析，先补上再通过审核', en: 'The question lacks its explanation' },
  },
  'question.picture-not-found': {
    status: 404,
    title: { 'zh-CN': '没有这张图片', en: 'There is no such picture' },
  },
  'question.picture': {
    status: 400,
    title: { 'zh-CN': '图片须是 1 MB 以内的 PNG 或 JPEG', en: 'A picture is a PNG or JPEG of at most 1 MB' },
  },
} as const;
