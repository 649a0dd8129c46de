/** @jest-environment jsdom */
import { expect, it } from '@jest/globals';
import ClockBar from '#src/console/clock/ClockBar.tsx';
import { alertOn, fill, press, problem, show, standInServer } from './support.tsx';

const NOW = '2026-11-23T01:15:00Z';
const field = (page: HTMLElement) => page.querySelector('input') as HTMLInputElement;

it('shows the time of the zone and moves on by an hour', async () => {
  const asked = standInServer([{ status: 200, json: { mode: 'manual', now: '2026-11-23T02:15:00Z' } }]);
  const page = await show(<ClockBar now={NOW} />);
  expect(page.querySelector('time')?.textContent).toContain('09:15');
  await press(page, '+1 小时');
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    method: 'POST',
    path: '/api/v1/clock',
    body: { now: '2026-11-23T02:15:00Z' },
    headers: { 'x-cuhuo-csrf': '1', 'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
});

it('says why it cannot go back and keeps what was entered', async () => {
  const asked = standInServer([problem(422, 'clock.backward', '时钟只能向前', 'the clock stands at noon')]);
  const page = await show(<ClockBar now={NOW} />);
  await fill(field(page), '2026-11-20T09:00');
  await press(page, '推进');
  expect(asked[0]?.body).toEqual({ now: '2026-11-20T01:00:00Z' });
  expect(alertOn(page)).toBe('时钟只能向前。');
  expect(field(page).value).toBe('2026-11-20T09:00');
});
