export { beat, findIncidents } from './incidents.health.ts';
export { incidentRoutes } from './incidents.routes.ts';
export type { AmnestyRule } from './incidents.rules.ts';
