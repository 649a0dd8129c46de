import type { Quota, Way } from '../../chat/quota.ts';

/** How the simulated platform behaves. All shares are of calls or of people, from 0 to 1; the same seed, the same luck. */
export interface LoopbackRules {
  seed: number;
  ways: readonly (Omit<Way, 'takes'> & { kinds: readonly ('text' | 'card' | 'file' | 'image')[] })[];
  quotas: readonly Quota[];
  latencyMs: number;
  /** Calls that are taken and whose answer never comes. */
  lostAnswers: number;
  /** People who are refused although the call succeeds. */
  refusals: number;
  /** People whom the call names as taken, and who get nothing. */
  silentDrops: number;
  /** What the platform tells afterwards. `findsLost`: also about calls whose answer was lost. */
  tells: 'nothing' | 'results' | 'results-and-lost';
  /** Whether success means that it arrived, or only that it was taken. */
  answers: 'delivered' | 'accepted';
}

/** A platform without limits and faults, as fast as it can be. */
export const easyRules: LoopbackRules = {
  seed: 1,
  ways: [
    {
      name: 'send',
      batchSize: 1_000,
      repeatsSafely: true,
      serves: 'single',
      kinds: ['text', 'card', 'file'],
    },
  ],
  quotas: [],
  latencyMs: 0,
  lostAnswers: 0,
  refusals: 0,
  silentDrops: 0,
  tells: 'nothing',
  answers: 'delivered',
};
