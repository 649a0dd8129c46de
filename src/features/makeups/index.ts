import type { Feature } from '../feature.ts';
import { makeupCommands } from './makeups.chat.ts';
import { learnCommands } from './makeups.learn.chat.ts';

/** 补卡 and 补学: how a missed day comes back, within the bounds of the rule. */
export function makeups(): Feature {
  return { name: 'makeups', commands: [...makeupCommands(), ...learnCommands()] };
}
