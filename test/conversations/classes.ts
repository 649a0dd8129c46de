import { putOnce } from '#src/app/schedules.ts';
import type { App } from '#src/app.ts';
import type { TrainingDeps } from '#src/features/trainings/index.ts';
import { type TrainingInput, trainingInput } from '#src/features/trainings/trainings.api.ts';
import { codeAt } from '#src/features/trainings/trainings.code.ts';
import {
  cancelTraining,
  changeTraining,
  createTraining,
  openTraining,
} from '#src/features/trainings/trainings.plan.ts';
import { bySystem, type Training } from '#src/features/trainings/trainings.store.ts';
import type { Db } from '#src/kernel/db.ts';

/** As in `testApp` and `meet`. */
export const SECRET_KEY = Buffer.alloc(32, 7);

export interface Classes {
  deps: TrainingDeps;
  /** Plans a class and opens it, as an operator does. */
  open(plan: TrainingInput): Promise<Training>;
  change(training: Training, differs: Partial<TrainingInput>): Promise<{ told: number; movedUp: number }>;
  cancel(training: Training, reason: string): Promise<void>;
  /** What stands on the wall now. */
  code(training: Training): string;
}

/** An operator at the desk of this application. */
export function classesOf(app: App, db: Db, fileRoot: string): Classes {
  const deps: TrainingDeps = {
    zone: 'Asia/Shanghai',
    fileRoot,
    secretKey: SECRET_KEY,
    publicUrl: 'http://127.0.0.1:8787',
    later: (tx, schedule) => putOnce(tx, app.scheduler, schedule),
  };
  const plans = new Map<string, TrainingInput>();
  const deed = () => ({ at: app.clock.now(), by: bySystem });
  const sent = async <Result>(work: Promise<Result>): Promise<Result> => {
    const result = await work;
    await app.settled();
    return result;
  };
  return {
    deps,
    open: (plan) =>
      sent(
        db.transaction(async (tx) => {
          const { id } = await createTraining(tx, deps, trainingInput.parse(plan), deed());
          plans.set(id, plan);
          return openTraining(tx, deps, id, deed());
        }),
      ),
    change: ({ id }, differs) => {
      const plan = { ...(plans.get(id) as TrainingInput), ...differs };
      plans.set(id, plan);
      return sent(db.transaction((tx) => changeTraining(tx, deps, id, trainingInput.parse(plan), deed())));
    },
    cancel: ({ id }, reason) =>
      sent(db.transaction(async (tx) => void (await cancelTraining(tx, deps, id, reason, deed())))),
    code: ({ id }) => codeAt(SECRET_KEY, id, app.clock.now()).code,
  };
}
