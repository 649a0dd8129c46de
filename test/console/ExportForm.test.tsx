/** @jest-environment jsdom */
import { expect, it } from '@jest/globals';
import { act } from 'react';
import { ExportForm } from '#src/console/exports/ExportForm.tsx';
import { alertOn, press, problem, show, standInServer } from './support.tsx';

const months = ['2026-11', '2026-10'];
const DONE = { status: 202, json: { id: 'e1', state: 'requested' } };
const radio = (page: HTMLElement, value: string) =>
  page.querySelector(`input[type=radio][value=${value}]`) as HTMLInputElement;

const purpose = (page: HTMLElement) => page.querySelector('input[id$=-purpose]') as HTMLInputElement;

async function fill(page: HTMLElement, words: string): Promise<void> {
  const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  await act(async () => {
    write?.call(purpose(page), words);
    purpose(page).dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function formWithCsvChosen(): Promise<HTMLElement> {
  const page = await show(<ExportForm months={months} />);
  await act(async () => radio(page, 'csv-summary').click());
  await fill(page, '年终考核');
  return page;
}

it('asks for the newest month as a workbook unless something else is chosen', async () => {
  const asked = standInServer([DONE]);
  const page = await show(<ExportForm months={months} />);
  await fill(page, '11 月绩效核对 ');
  await press(page, '开始导出');
  expect(asked[0]).toMatchObject({
    path: '/api/v1/exports',
    body: { kind: 'checkins', month: '2026-11', purpose: '11 月绩效核对', format: 'xlsx' },
    headers: { 'x-cuhuo-csrf': '1' },
  });
});

it('keeps what was chosen when the server refuses, and the next try is a new request', async () => {
  const asked = standInServer([problem(403, 'auth.forbidden', '没有权限'), DONE]);
  const page = await formWithCsvChosen();
  await press(page, '开始导出');
  expect(alertOn(page)).toBe('没有权限。');
  expect(radio(page, 'csv-summary').checked).toBe(true);
  await press(page, '开始导出');
  expect(alertOn(page)).toBeUndefined();
  expect(asked[1]?.body).toEqual({
    kind: 'checkins',
    month: '2026-11',
    purpose: '年终考核',
    format: 'csv',
    part: 'summary',
  });
  expect(asked[1]?.headers['idempotency-key']).not.toBe(asked[0]?.headers['idempotency-key']);
});

it('says when a second person has to agree first', async () => {
  standInServer([{ status: 202, json: { id: 'e1', state: 'waiting' } }]);
  const page = await show(<ExportForm months={months} />);
  await fill(page, '年终考核');
  await press(page, '开始导出');
  expect(page.querySelector('[role=status]')?.textContent).toContain('请另一位同事复核');
});

it('repeats under the same key when the answer got lost, so that one export is made', async () => {
  const asked = standInServer(['lost', DONE]);
  const page = await formWithCsvChosen();
  await press(page, '开始导出');
  expect(alertOn(page)).toBe('连不上服务器，请稍后再试。');
  await press(page, '开始导出');
  expect(asked).toHaveLength(2);
  expect(asked[1]?.headers['idempotency-key']).toBe(asked[0]?.headers['idempotency-key']);
});
