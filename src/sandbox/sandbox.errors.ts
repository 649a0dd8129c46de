import type { Locale } from '../chat/locale.ts';
import { AppError } from '../kernel/errors.ts';
import { MAX_ATTACHMENT_BYTES, MAX_TEXT_CHARACTERS } from './limits.api.ts';
import type { Problem } from './sandbox.api.ts';

/** Why the sandbox says no: the HTTP status and the sentence for whoever tried. */
export const sandboxErrors = {
  'sandbox.bad-request': {
    status: 400,
    'zh-CN': '这个请求看不懂，请刷新页面后再试。',
    en: 'This request makes no sense here. Reload the page and try again.',
  },
  'sandbox.text-too-long': {
    status: 413,
    'zh-CN': `消息太长了：最多 ${MAX_TEXT_CHARACTERS} 个字，请分几条发送。`,
    en: `This message is too long: at most ${MAX_TEXT_CHARACTERS} characters. Please send it in parts.`,
  },
  'sandbox.file-too-large': {
    status: 413,
    'zh-CN': `文件太大了：沙盒里最多 ${MAX_ATTACHMENT_BYTES / 1000} KB。`,
    en: `This file is too large: the sandbox takes at most ${MAX_ATTACHMENT_BYTES / 1000} KB.`,
  },
  'sandbox.too-large': {
    status: 413,
    'zh-CN': '内容太大了：一次最多 64 KB。',
    en: 'Too much at once: at most 64 KB.',
  },
  'sandbox.not-a-member': {
    status: 403,
    'zh-CN': '你不在这个会话里。',
    en: 'You are not a member of this chat.',
  },
  'sandbox.person-unknown': {
    status: 404,
    'zh-CN': '通讯录里没有这个人。',
    en: 'There is no such person in the directory.',
  },
  'sandbox.message-unknown': {
    status: 404,
    'zh-CN': '这个会话里没有这条消息。',
    en: 'There is no such message in this chat.',
  },
  'sandbox.file-gone': {
    status: 404,
    'zh-CN': '文件已经不在了。',
    en: 'This file is no longer there.',
  },
  'sandbox.page-missing': {
    status: 503,
    'zh-CN': '沙盒页面还没有构建：请先运行 npm run build。',
    en: 'The sandbox page has not been built yet: run npm run build first.',
  },
} as const;

export type SandboxErrorCode = keyof typeof sandboxErrors;

export function sandboxError(code: SandboxErrorCode): AppError {
  return new AppError(code, sandboxErrors[code].en);
}

/** Statuses of Fastify's own refusals that our table has a sentence for. */
const OF_STATUS: Record<number, SandboxErrorCode> = { 400: 'sandbox.bad-request', 413: 'sandbox.too-large' };

/** `undefined` for what is not ours to explain: the server's own error handler takes it. */
export function problemOf(thrown: unknown, locale: Locale): Problem | undefined {
  const code = codeOf(thrown);
  if (code === undefined) return undefined;
  const { status, [locale]: detail, en: title } = sandboxErrors[code];
  return { type: 'about:blank', title, status, code, detail };
}

function codeOf(thrown: unknown): SandboxErrorCode | undefined {
  if (thrown instanceof AppError) {
    return thrown.code in sandboxErrors ? (thrown.code as SandboxErrorCode) : undefined;
  }
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? OF_STATUS[status] : undefined;
}
