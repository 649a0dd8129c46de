import { describe, expect, it } from '@jest/globals';
import { inputOf, writingOf } from '../../src/console/notices/notices.form.ts';
import type { NoticeView } from '../../src/features/notices/notices.api.ts';

const urgent = {
  kind: 'notice',
  format: 'card',
  title: '停电',
  body: '今晚停电。',
  values: {},
  audience: { departments: ['RD'] },
  attachments: [],
  link: null,
  ladder: [],
  signatories: [],
  sendAt: '2026-09-23T10:00:00Z',
  urgentReason: '今晚停电',
  rings: true,
} as unknown as NoticeView;

describe('a notice that is changed in the console', () => {
  it('keeps what the form does not show', () => {
    expect(inputOf({ ...writingOf(urgent), title: '今晚停电' }, urgent)).toMatchObject({
      title: '今晚停电',
      format: 'card',
      sendAt: '2026-09-23T10:00:00Z',
      rings: true,
    });
  });

  it('rings no more once it is not urgent, as the server would refuse it', () => {
    expect(inputOf({ ...writingOf(urgent), urgentReason: ' ' }, urgent)).toMatchObject({
      urgentReason: null,
      rings: false,
    });
  });
});
