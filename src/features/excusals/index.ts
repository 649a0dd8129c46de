export { importExcusals, readExcusals } from './excusals.import.ts';
export { excuse, excuseForIncident } from './excusals.service.ts';
