import { describe, expect, it } from '@jest/globals';
import { type Problem, Refusal } from '#src/console/api.ts';
import { catalogue } from '#src/console/console.text.ts';
import { problemSentence } from '#src/console/problem-sentence.ts';

const refusal = (problem: Partial<Problem>): Refusal =>
  new Refusal({
    title: '输入有误',
    status: 400,
    code: 'input.invalid',
    instance: 'urn:uuid:1-a1b2c3d4e5f6',
    ...problem,
  });
const inChinese = (error: unknown): string => problemSentence(error, catalogue['zh-CN'], 'zh-CN');
const inEnglish = (error: unknown): string => problemSentence(error, catalogue.en, 'en');

describe('one sentence for what went wrong', () => {
  it.each<[string, unknown, string]>([
    ['no answer at all', new Refusal(), '连不上服务器，请稍后再试。'],
    ['our own slip', new TypeError('x is undefined'), '页面出了点问题，请刷新后再试。'],
    ['a session that is over', refusal({ status: 401, code: 'auth.required' }), '登录已结束，请重新登录。'],
    [
      'the server broke',
      refusal({ status: 500, title: '服务器出错', detail: 'secret' }),
      '服务器出错，请稍后再试（日志编号 a1b2c3d4e5f6）。',
    ],
    [
      'a field is wrong',
      refusal({ errors: [{ path: 'body.month', message: 'must be a month' }] }),
      '输入有误：body.month must be a month。',
    ],
    ['an English detail on a Chinese page', refusal({ detail: 'the clock stands at noon' }), '输入有误。'],
    ['a Chinese detail', refusal({ detail: '第 3 行缺少工号' }), '输入有误：第 3 行缺少工号。'],
  ])('%s', (_name, error, sentence) => {
    expect(inChinese(error)).toBe(sentence);
  });

  it('gives the detail on an English page', () => {
    const error = refusal({ title: 'The input is not right', detail: 'line 3 has no number' });
    expect(inEnglish(error)).toBe('The input is not right: line 3 has no number.');
  });
});
