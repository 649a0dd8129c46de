export { type FlagRule, findFlags, noteForeignTap } from './flags.service.ts';
