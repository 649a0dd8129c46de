export { importUsage, readUsage, type UsageOptions } from './usage.import.ts';
