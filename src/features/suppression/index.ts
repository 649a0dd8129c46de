/** When people are left in peace, and what they may decide about it themselves: the door of the slice. */
import type { Feature } from '../feature.ts';
import { quietCommand } from './suppression.chat.ts';
import { openCommand } from './suppression.digest.ts';
import type { CompanyHours } from './suppression.queries.ts';

export { digestCards } from './suppression.digest.ts';
export { suppressionProblems } from './suppression.problems.ts';
export { type CompanyHours, rulesOfPeople } from './suppression.queries.ts';

export function suppression(company: Pick<CompanyHours, 'quiet'>): Feature {
  return { name: 'suppression', commands: [quietCommand(company), openCommand()] };
}
