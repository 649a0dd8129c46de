/** A strict platform that belongs to nobody, for tests, benchmarks and fault runs. */
export { loopbackAdapter } from './adapter.ts';
export { exactCounter } from './counters.ts';
export { easyRules, type LoopbackRules } from './rules.ts';
export { type Loopback, startLoopback } from './server.ts';
