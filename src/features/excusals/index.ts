export { importExcusals, readExcusals } from './excusals.import.ts';
export { excuse } from './excusals.service.ts';
