export { importExcusals, readExcusals } from './excusals.import.ts';
export { excuse, excuseForIncident } from './excusals.service.ts';
export { tellChanges } from './excusals.tell.ts';
