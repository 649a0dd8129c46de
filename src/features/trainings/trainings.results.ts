import { and, asc, eq, gt } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Scope } from '../../kernel/permissions.ts';
import { funnelsOf } from '../links/index.ts';
import { roundFigures } from '../quizzes/index.ts';
import type { ArrivalsView, ResultsView } from './trainings.api.ts';
import { peopleOf } from './trainings.lists.ts';
import { ratingsOf } from './trainings.ratings.ts';
import type { Training } from './trainings.store.ts';
import { trainingAttendance } from './trainings.tables.ts';

/** Fewer scores than this would tell who gave which. */
const LEAST_RATINGS = 3;
const MOST_COMMENTS = 200;

type Seeing = { scope: Scope; zone: string };

/** How a class went, of the people in the scope. */
export async function resultsOf(tx: Db, training: Training, seeing: Seeing): Promise<ResultsView> {
  const people = await peopleOf(tx, training, seeing);
  const ids = people.map(({ employeeId }) => employeeId);
  const seated = people.filter(({ standing }) => standing === 'in');
  const ratings = await ratingsOf(tx, training.id, ids);
  const scores = [1, 2, 3, 4, 5].map((value) => ratings.filter(({ score }) => score === value).length);
  const sum = ratings.reduce((total, { score }) => total + score, 0);
  const quiz = training.quizKey === null ? undefined : await roundFigures(tx, training.quizKey, ids);
  const { linkCode } = training;
  const funnel = linkCode === null ? undefined : (await funnelsOf(tx, [linkCode])).get(linkCode);
  return {
    signedUp: seated.length,
    waiting: people.filter(({ standing }) => standing === 'waiting').length,
    present: people.filter(({ present }) => present).length,
    late: people.filter(({ late }) => late).length,
    absent: seated.filter(({ present }) => !present).length,
    ratings:
      ratings.length < LEAST_RATINGS
        ? null
        : {
            count: ratings.length,
            average: Math.round((sum / ratings.length) * 100) / 100,
            scores,
            comments: ratings
              .flatMap(({ score, comment }) => (comment === null ? [] : [{ score, comment }]))
              .sort((a, b) => (a.comment < b.comment ? -1 : 1))
              .slice(0, MOST_COMMENTS),
          },
    quiz:
      quiz === undefined
        ? null
        : {
            key: quiz.key,
            title: quiz.title,
            state: quiz.state,
            people: quiz.people,
            rightShare: quiz.rightShare === null ? null : Number(quiz.rightShare),
          },
    poster: funnel === undefined ? null : { scans: funnel.scans, arrived: funnel.arrived },
    recordingToldAt: training.recordingToldAt?.toString() ?? null,
  };
}

const MOST_AT_ONCE = 500;

/** The newest place in the list of arrivals: what is not beyond `after` names nobody new. */
export async function lastArrival(tx: Db, trainingId: string, after: number): Promise<number> {
  const rows = await tx
    .select({ seq: trainingAttendance.seq })
    .from(trainingAttendance)
    .where(and(eq(trainingAttendance.trainingId, trainingId), gt(trainingAttendance.seq, after)))
    .orderBy(asc(trainingAttendance.seq))
    .limit(MOST_AT_ONCE);
  return rows.at(-1)?.seq ?? after;
}

/** Who came after a place in the list, and the numbers of now. `items` is empty unless asked for. */
export async function arrivalsOf(
  tx: Db,
  training: Training,
  seeing: Seeing,
  span: { after: number; through: number },
): Promise<ArrivalsView> {
  const people = new Map((await peopleOf(tx, training, seeing)).map((one) => [one.employeeId, one]));
  const rows =
    span.through === span.after
      ? []
      : await tx
          .select()
          .from(trainingAttendance)
          .where(and(eq(trainingAttendance.trainingId, training.id), gt(trainingAttendance.seq, span.after)))
          .orderBy(asc(trainingAttendance.seq))
          .limit(MOST_AT_ONCE);
  const all = [...people.values()];
  return {
    after: span.through,
    signedUp: all.filter(({ standing }) => standing === 'in').length,
    present: all.filter(({ present }) => present).length,
    late: all.filter(({ late }) => late).length,
    items: rows
      .filter(({ seq }) => seq <= span.through)
      .flatMap(({ seq, employeeId, at, late, present }) => {
        const person = people.get(employeeId);
        if (person === undefined) return [];
        const { number, name, department } = person;
        return [{ seq, number, name, department, at: at.toString(), late, present }];
      }),
  };
}
