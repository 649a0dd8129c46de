import type { Db } from '../../kernel/db.ts';
import type { Correction } from './corrections.service.ts';

export { type Correction, correct } from './corrections.service.ts';

/** `correct`, for whoever is handed it. */
export type CorrectDays = (tx: Db, corrections: readonly Correction[]) => Promise<unknown>;
