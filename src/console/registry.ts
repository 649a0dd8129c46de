import { type ComponentType, lazy } from 'react';
import type { Permission } from '../http/session.api.ts';
import type { IconName } from './Icon.tsx';

interface Entry {
  /** Whoever lacks it does not see the page in the menu, and gets a sentence instead of the page. */
  permission: Permission;
  icon: IconName;
  page: ComponentType;
}

const entry = (
  permission: Permission,
  icon: IconName,
  load: () => Promise<{ default: ComponentType }>,
): Entry => ({ permission, icon, page: lazy(load) });

/** Every page by the last part of its address, in the order of the menu. A new page is one line here. */
export const registry = {
  '': entry('overview.read', 'today', () => import('./today/TodayPage.tsx')),
  board: entry('checkins.read', 'board', () => import('./board/BoardPage.tsx')),
  campaigns: entry('campaigns.read', 'schedules', () => import('./campaigns/CampaignsPage.tsx')),
  tips: entry('tips.read', 'tips', () => import('./tips/TipsPage.tsx')),
  notices: entry('notices.read', 'notices', () => import('./notices/NoticesPage.tsx')),
  quizzes: entry('quizzes.read', 'quizzes', () => import('./quizzes/QuizzesPage.tsx')),
  trainings: entry('trainings.read', 'trainings', () => import('./trainings/TrainingsPage.tsx')),
  faq: entry('faq.read', 'faq', () => import('./faq/FaqPage.tsx')),
  tickets: entry('tickets.read', 'tickets', () => import('./tickets/TicketsPage.tsx')),
  messages: entry('messages.read', 'messages', () => import('./messages/MessagesPage.tsx')),
  audiences: entry('audiences.read', 'audiences', () => import('./audiences/AudiencesPage.tsx')),
  people: entry('people.read', 'people', () => import('./people/PeoplePage.tsx')),
  streaks: entry('checkins.read', 'streaks', () => import('./streaks/StreaksPage.tsx')),
  excusals: entry('makeups.decide', 'schedules', () => import('./excusals/ExcusalsPage.tsx')),
  incidents: entry('incidents.read', 'incidents', () => import('./incidents/IncidentsPage.tsx')),
  performance: entry('performance.read', 'performance', () => import('./performance/PerformancePage.tsx')),
  exports: entry('exports.make', 'exports', () => import('./exports/ExportsPage.tsx')),
  schedules: entry('schedules.read', 'clock', () => import('./schedules/SchedulesPage.tsx')),
  channels: entry('channels.read', 'channels', () => import('./channels/ChannelsPage.tsx')),
  audit: entry('audit.read', 'audit', () => import('./audit/AuditPage.tsx')),
  system: entry('system.read', 'system', () => import('./system/SystemPage.tsx')),
  access: entry('session.read', 'access', () => import('./access/AccessPage.tsx')),
} satisfies Record<string, Entry>;

export type Place = keyof typeof registry;
export const places = Object.keys(registry) as Place[];
