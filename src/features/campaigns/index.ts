export {
  type CalendarDay,
  type CampaignCalendar,
  calendarOf,
  campaignCalendar,
} from './campaigns.calendar.ts';
export { daysOfCampaign } from './campaigns.lists.ts';
export { type CampaignLoaded, LAPSED, loadCampaign } from './campaigns.load.ts';
export { setTipOrder } from './campaigns.order.ts';
export { type CampaignFile, campaignFileSchema } from './campaigns.schema.ts';
export {
  activeCampaignFor,
  type Campaign,
  campaignById,
  listCampaigns,
  type Member,
  membersOf,
  phaseOn,
  phasesOf,
} from './campaigns.service.ts';
export { campaignOfTurn, campaignsOfTurns, type TurnCampaign } from './campaigns.turn.ts';
