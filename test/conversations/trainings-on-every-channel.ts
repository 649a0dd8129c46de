import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { employees } from '#src/features/directory/directory.tables.ts';
import type { Training } from '#src/features/trainings/trainings.store.ts';
import { Temporal } from '#src/kernel/time.ts';
import { type Classes, classesOf } from './classes.ts';
import { type Joined, meet, type Platform } from './on-every-channel.ts';

/**
 * One class as each channel shows it, on Friday 2026-09-18: full, waiting, moving up, reminded, moved, attended, rated,
 * missed. Anna reads Chinese, Ben English. Everything is typed, because not every client shows buttons.
 */
export function trainingsOn(name: string, start: () => Promise<Platform>): void {
  describe(`a class on ${name}`, () => {
    let the: Joined;
    let classes: Classes;
    let training: Training;
    let anna: string;
    let ben: string;
    beforeAll(async () => {
      the = await meet(await start());
      ({ anna, ben } = the.client.people);
      const { db } = the.database;
      await db.update(employees).set({ locale: 'en' }).where(eq(employees.number, 'E2'));
      classes = classesOf(the.app, db, the.fileRoot);
      training = await classes.open({
        title: '表格入门',
        kind: 'on-site',
        place: '3 楼培训室',
        lecturer: '王老师',
        startsAt: '2026-09-18T14:00:00+08:00',
        endsAt: '2026-09-18T15:00:00+08:00',
        seats: 1,
      });
    });
    afterAll(() => the?.close());

    const said = async (person: string, before = 0): Promise<string> =>
      (await the.client.seen({ person }))
        .slice(before)
        .map(({ words }) => words)
        .join('\n---\n');

    /** What `deed` brought to somebody, once `words` are among it. Seconds pass: a chat takes few messages in each. */
    async function brings(person: string, deed: () => Promise<unknown>, words: string): Promise<string> {
      const before = (await the.client.seen({ person })).length;
      await deed();
      for (let round = 0; round < 60; round += 1) {
        await the.app.settled();
        const came = await said(person, before);
        if (came.includes(words)) return came;
        await pause(50);
        if (round % 2 === 1) await the.app.advance(the.app.clock.now().add({ seconds: 2 }));
      }
      throw new Error(`nobody said ${words}, but: ${(await said(person, before)).slice(0, 600)}`);
    }
    const says = (person: string, text: string, words: string) =>
      brings(person, () => the.client.says(person, text), words);
    async function hears(person: string, words: RegExp, before = 0): Promise<void> {
      for (let round = 0; round < 60 && !words.test(await said(person, before)); round += 1) {
        await the.app.settled();
        await pause(50);
        if (round % 2 === 1) await the.app.advance(the.app.clock.now().add({ seconds: 2 }));
      }
      expect(await said(person, before)).toMatch(words);
    }
    const moveTo = (instant: string) => the.app.advance(Temporal.Instant.from(instant));

    it('培训 lists it, and 报名 takes the seat and brings the calendar', async () => {
      expect(await says(anna, '培训', '近期培训')).toContain('表格入门');
      await says(anna, `报名 ${training.no}`, '报名成功');
      await hears(anna, /2026-09-18 表格入门\.ics|calendar\.ics\?k=/);
    });

    it('whoever comes when it is full waits, in English too', async () => {
      await says(ben, 'trainings', 'Coming classes');
      await says(ben, `signup ${training.no}`, 'number 1 on the waiting list');
      await says(ben, `sign up ${training.no}`, 'on the waiting list already');
    });

    it('取消报名 gives the seat to whoever waits, who is told', async () => {
      await brings(ben, () => the.client.says(anna, `取消报名 ${training.no}`), 'You have a seat');
      await hears(anna, /报名取消了/);
    });

    it('a larger room brings the next one in', async () => {
      await says(anna, `报名 ${training.no}`, '候补第 1 位');
      await brings(anna, () => classes.change(training, { seats: 2 }), '轮到你了');
    });

    it('another place is told once, to both', async () => {
      const before = (await the.client.seen({ person: ben })).length;
      await brings(anna, () => classes.change(training, { seats: 2, place: '5 楼报告厅' }), '地点有调整');
      await hears(ben, /Changed: 表格入门/, before);
      const told = (await the.client.seen({ person: ben })).slice(before);
      expect(told.filter(({ words }) => words.includes('Changed: 表格入门'))).toHaveLength(1);
    });

    it('the last reminder comes an hour before, also at lunch', async () => {
      const before = (await the.client.seen({ person: ben })).length;
      expect(await brings(anna, () => moveTo('2026-09-18T05:00:05Z'), '培训提醒')).toContain('1 小时后');
      await hears(ben, /in 1 hour/, before);
    });

    it('the code of the wall counts once; an old one, and whoever guesses, hears why not', async () => {
      await moveTo('2026-09-18T06:05:00Z');
      const old = classes.code(training);
      await moveTo('2026-09-18T06:07:00Z');
      await says(ben, `attend ${old}`, 'That code has changed');
      await says(ben, 'attend 000000', 'I do not know that code');
      await says(ben, `attend ${classes.code(training)}`, 'You are in: 表格入门');
      await says(ben, `attend ${classes.code(training)}`, 'once is enough');
    });

    it('afterwards whoever was there is asked how it was', async () => {
      await brings(ben, () => moveTo('2026-09-18T07:06:00Z'), 'How was it');
      await says(ben, `rateclass ${training.no} 5 very clear`, 'Thank you, good to hear');
    });

    it('whoever was absent gets the recording, once it is there, and nobody else', async () => {
      const before = (await the.client.seen({ person: ben })).length;
      const url = 'https://meet.example.com/rec/1';
      const differs = { seats: 2, place: '5 楼报告厅', recordingUrl: url };
      expect(await brings(anna, () => classes.change(training, differs), '回放来了')).toContain('打开回放');
      expect(await said(ben, before)).not.toContain('recording');
      await says(anna, `评课 ${training.no} 5`, '没有可以打分的课');
    });
  });
}
