import { expect, it } from '@jest/globals';
import { certificateCode } from '#src/features/quizzes/quizzes.certificate.ts';
import { drawCertificate } from '#src/features/quizzes/quizzes.certificate-page.ts';

const words = {
  heading: '荣 誉 证 书',
  person: '张小满 同学：',
  body: '在「技巧赛」答题活动中成绩优异，获第 1 名。特发此证，以资鼓励。',
  date: '2026 · 11 月 24 日',
  code: '证书编号 AAAA',
};

it('is one page with its Chinese characters embedded, and small because only those are', async () => {
  const pdf = await drawCertificate(words);
  const text = pdf.toString('latin1');
  expect(text.startsWith('%PDF-')).toBe(true);
  expect(text).toContain('/FontFile2');
  expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
  expect(pdf.length).toBeLessThan(300_000);
});

it('carries a number that follows from the person and the round, and that nobody can make up', () => {
  const key = Buffer.alloc(32, 1);
  expect(certificateCode(key, 'a', 'b')).toBe(certificateCode(key, 'a', 'b'));
  expect(certificateCode(key, 'a', 'b')).not.toBe(certificateCode(Buffer.alloc(32, 2), 'a', 'b'));
  expect(certificateCode(key, 'a', 'b')).toMatch(/^([0-9A-F]{4}-){3}[0-9A-F]{4}$/);
});
