/** What kind of problem a code stands for. The title is the same for every occurrence of the code. */
export interface ProblemKind {
  status: number;
  title: { 'zh-CN': string; en: string };
}

/** Codes such as `quiz.closed`, as each feature keeps them. */
export type ProblemTable = Readonly<Record<string, ProblemKind>>;

/** The codes of HTTP itself. */
export const httpProblems = {
  'http.bad-request': {
    status: 400,
    title: { 'zh-CN': '请求无法理解', en: 'The request cannot be understood' },
  },
  'http.invalid': {
    status: 400,
    title: { 'zh-CN': '请求内容不符合要求', en: 'The request does not fit its schema' },
  },
  'input.invalid': { status: 400, title: { 'zh-CN': '输入有误', en: 'The input is not right' } },
  'paging.bad-cursor': {
    status: 400,
    title: { 'zh-CN': '翻页游标无效', en: 'The cursor is not one of ours' },
  },
  'auth.required': { status: 401, title: { 'zh-CN': '需要登录', en: 'Sign in first' } },
  'auth.link-spent': {
    status: 401,
    title: { 'zh-CN': '登录链接已失效', en: 'The sign-in link was used or is too old' },
  },
  'auth.forbidden': { status: 403, title: { 'zh-CN': '没有权限', en: 'You may not do this' } },
  'auth.cross-site': {
    status: 403,
    title: { 'zh-CN': '请求不是来自控制台', en: 'The request did not come from the console' },
  },
  'http.not-found': { status: 404, title: { 'zh-CN': '没有这个地址', en: 'Nothing is here' } },
  'http.timeout': { status: 408, title: { 'zh-CN': '请求超时', en: 'The request took too long to arrive' } },
  'clock.not-manual': {
    status: 409,
    title: { 'zh-CN': '系统时钟不能调整', en: 'The system clock cannot be set' },
  },
  'idempotency.in-flight': {
    status: 409,
    title: { 'zh-CN': '相同的请求尚未完成', en: 'The same request is still at work' },
  },
  'http.too-large': { status: 413, title: { 'zh-CN': '请求过大', en: 'The request is too large' } },
  'http.uri-too-long': { status: 414, title: { 'zh-CN': '地址过长', en: 'The address is too long' } },
  'http.media-type': {
    status: 415,
    title: { 'zh-CN': '不支持这种内容类型', en: 'This content type is not taken' },
  },
  'clock.backward': { status: 422, title: { 'zh-CN': '时钟只能向前', en: 'The clock only moves forward' } },
  'idempotency.other-request': {
    status: 422,
    title: { 'zh-CN': '这个幂等键已用于另一个请求', en: 'The key was used for another request' },
  },
  'http.too-many-requests': { status: 429, title: { 'zh-CN': '请求过于频繁', en: 'Too many requests' } },
  'http.headers-too-large': {
    status: 431,
    title: { 'zh-CN': '请求头过大', en: 'The headers are too large' },
  },
  'http.internal': { status: 500, title: { 'zh-CN': '服务器出错', en: 'Something went wrong on our side' } },
  'http.unavailable': { status: 503, title: { 'zh-CN': '暂时无法服务', en: 'Not available right now' } },
} satisfies ProblemTable;

/** One table of all codes. Throws when two tables claim the same one. */
export function mergeProblems(...tables: readonly ProblemTable[]): ProblemTable {
  const merged = new Map<string, ProblemKind>();
  for (const [code, kind] of tables.flatMap((table) => Object.entries(table))) {
    if (merged.has(code)) throw new Error(`two tables of problems claim the code ${code}`);
    merged.set(code, kind);
  }
  return Object.fromEntries(merged);
}
