import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../src/kernel/db.ts';
import type { Role } from '../src/kernel/permissions.ts';

/** What addresses of single things are asked with: the things of which there is most to tell. */
export interface Ids {
  campaign: string;
  message: string;
  notice: string;
  quiz: string;
  training: string;
  period: string;
  draft: string;
  schedule: string;
  audience: string;
  run: string;
  ticket: string;
  exported: string;
}

interface Asked {
  name: string;
  /** As the server knows it, below `/api/v1`. */
  route: string;
  query?: string;
  as?: Role;
  /** Asks a POST. */
  body?: object;
}

const search = encodeURIComponent('员工49');
const CAMPAIGN = 'bench-campaign';

/** Every list and board of the API. */
export const lists: readonly Asked[] = [
  { name: 'board of today', route: '/overview', query: `campaign=${CAMPAIGN}` },
  { name: 'board of today, executive', route: '/overview', as: 'executive' },
  { name: 'board of today, operator', route: '/overview', as: 'operator' },
  { name: 'board of today, HR', route: '/overview', as: 'hr' },
  { name: 'board of today, liaison', route: '/overview', as: 'liaison' },
  { name: 'who is missing', route: '/checkins/missing', query: `campaign=${CAMPAIGN}` },
  {
    name: 'who is missing in a department',
    route: '/checkins/missing',
    query: `campaign=${CAMPAIGN}&department=D7`,
  },
  {
    name: 'who is missing in a centre',
    route: '/checkins/missing',
    query: `campaign=${CAMPAIGN}&department=C3`,
  },
  {
    name: 'who is missing, liaison',
    route: '/checkins/missing',
    query: `campaign=${CAMPAIGN}`,
    as: 'liaison',
  },
  { name: 'employees', route: '/employees' },
  { name: 'employees of a department', route: '/employees', query: 'department=D7' },
  { name: 'employees of a centre', route: '/employees', query: 'department=C3' },
  { name: 'employees by a part of a name', route: '/employees', query: `search=${search}` },
  { name: 'employees by a name that nobody has', route: '/employees', query: 'search=nobody' },
  { name: 'employees, liaison', route: '/employees', as: 'liaison' },
  { name: 'an employee', route: '/employees/B471' },
  { name: 'evidence of an employee', route: '/employees/B471/evidence' },
  { name: 'departments', route: '/departments' },
  { name: 'directory runs', route: '/directory/runs' },
  { name: 'check-ins', route: '/checkins' },
  { name: 'check-ins of a department', route: '/checkins', query: 'department=D7' },
  { name: 'check-ins of a centre', route: '/checkins', query: 'department=C3' },
  { name: 'check-ins of a person', route: '/checkins', query: 'employee=B471' },
  { name: 'check-ins, liaison', route: '/checkins', as: 'liaison' },
  { name: 'streaks', route: '/streaks' },
  { name: 'streaks of a department', route: '/streaks', query: 'department=D7' },
  { name: 'streaks of a centre', route: '/streaks', query: 'department=C3' },
  { name: 'streaks, liaison', route: '/streaks', as: 'liaison' },
  { name: 'points of a person', route: '/points', query: 'employee=B471' },
  { name: 'use of the software', route: '/usage' },
  { name: 'use of the software by a person', route: '/usage', query: 'employee=B471' },
  { name: 'campaigns', route: '/campaigns' },
  { name: 'a campaign with its phases', route: `/campaigns/${CAMPAIGN}` },
  { name: 'tips of the days', route: `/campaigns/${CAMPAIGN}/tip-days` },
  { name: 'content calendar', route: `/campaigns/${CAMPAIGN}/tip-plan` },
  { name: 'tips', route: '/tips' },
  { name: 'tips by a word', route: '/tips', query: `search=${encodeURIComponent('小技巧4')}` },
  { name: 'a tip', route: '/tips/bench' },
  { name: 'deliveries', route: '/deliveries' },
  { name: 'deliveries of a person', route: '/deliveries', query: 'employee=B471' },
  { name: 'deliveries that were refused', route: '/deliveries', query: 'state=refused' },
  { name: 'deliveries of a purpose', route: '/deliveries', query: 'purpose=checkins.reminder' },
  { name: 'deliveries in a state without any', route: '/deliveries', query: 'state=recalled' },
  { name: 'deliveries of a day, counted', route: '/deliveries/summary', query: `campaign=${CAMPAIGN}` },
  { name: 'messages', route: '/messages' },
  { name: 'messages with the answers', route: '/messages', query: 'answers=true' },
  { name: 'a message to everybody', route: '/messages/:message' },
  { name: 'stops', route: '/stops' },
  { name: 'channels', route: '/channels' },
  { name: 'schedules', route: '/schedules' },
  { name: 'runs of a schedule', route: '/schedules/:schedule/runs' },
  { name: 'queue', route: '/queue' },
  { name: 'audit', route: '/audit' },
  { name: 'audit of an action', route: '/audit', query: 'action=export.download' },
  { name: 'audit of an actor', route: '/audit', query: 'actor=token7' },
  { name: 'exports', route: '/exports' },
  { name: 'an export', route: '/exports/:exported' },
  { name: 'quiet hours', route: '/quiet-rules' },
  { name: 'exclusions', route: '/exclusions' },
  { name: 'quizzes', route: '/quizzes' },
  { name: 'a quiz', route: '/quizzes/:quiz' },
  { name: 'results of a quiz', route: '/quizzes/:quiz/results' },
  { name: 'items of a quiz', route: '/quizzes/:quiz/items' },
  { name: 'rescores of a quiz', route: '/quizzes/:quiz/rescores' },
  { name: 'league of a quiz', route: '/quizzes/:quiz/league' },
  { name: 'live board of a quiz', route: '/quizzes/:quiz/live' },
  { name: 'questions', route: '/questions' },
  { name: 'questions by a word', route: '/questions', query: 'search=199' },
  { name: 'a question', route: '/questions/question-7' },
  { name: 'notices', route: '/notices' },
  { name: 'a notice to everybody', route: '/notices/:notice' },
  { name: 'receipts of a notice to everybody', route: '/notices/:notice/deliveries' },
  { name: 'receipts, liaison', route: '/notices/:notice/deliveries', as: 'liaison' },
  { name: 'templates of notices', route: '/notice-templates' },
  { name: 'trainings', route: '/trainings' },
  { name: 'a training', route: '/trainings/:training' },
  { name: 'people of a training', route: '/trainings/:training/people' },
  { name: 'people of a training, liaison', route: '/trainings/:training/people', as: 'liaison' },
  { name: 'arrivals of a training', route: '/trainings/:training/arrivals' },
  { name: 'history of a training', route: '/trainings/:training/history' },
  { name: 'materials of a training', route: '/trainings/:training/materials' },
  { name: 'results of a training', route: '/trainings/:training/results' },
  { name: 'open tickets', route: '/tickets' },
  { name: 'all tickets', route: '/tickets', query: 'state=all' },
  { name: 'tickets that nobody merged', route: '/tickets', query: 'state=merged' },
  { name: 'a ticket', route: '/tickets/:ticket' },
  { name: 'figures of tickets', route: '/tickets/figures' },
  { name: 'duty roster', route: '/tickets/roster' },
  { name: 'knowledge', route: '/faq/entries' },
  { name: 'knowledge by a word', route: '/faq/entries', query: 'search=199' },
  { name: 'an entry', route: '/faq/entries/entry-7' },
  { name: 'versions of an entry', route: '/faq/entries/entry-7/versions' },
  { name: 'figures of the knowledge', route: '/faq/figures' },
  { name: 'what could not be answered', route: '/faq/misses' },
  { name: 'what could not be answered, in groups', route: '/faq/misses/clusters' },
  { name: 'make-ups', route: '/makeups' },
  { name: 'make-ups that wait', route: '/makeups', query: 'state=open' },
  { name: 'make-ups, liaison', route: '/makeups', as: 'liaison' },
  { name: 'excusals', route: '/excusals' },
  { name: 'excusals of a person', route: '/excusals', query: 'employee=B471' },
  { name: 'outages', route: '/incidents' },
  { name: 'flags', route: '/flags' },
  { name: 'appeals', route: '/appeals' },
  { name: 'decided appeals', route: '/appeals', query: 'state=decided' },
  { name: 'requests about data', route: '/data-requests' },
  { name: 'deletions', route: '/privacy/deletions' },
  { name: 'privacy notices', route: '/privacy/notices' },
  { name: 'periods', route: '/performance/periods' },
  { name: 'a period', route: '/performance/periods/:period' },
  { name: 'results of a period', route: '/performance/periods/:period/results' },
  { name: 'rules', route: '/performance/rules', query: `campaign=${CAMPAIGN}` },
  { name: 'drafts of rules', route: '/performance/drafts', query: `campaign=${CAMPAIGN}` },
  { name: 'a draft of a rule', route: '/performance/drafts/:draft' },
  {
    name: 'differences of a draft',
    route: '/performance/drafts/:draft/differences',
    query: 'verdict=better',
  },
  { name: 'links', route: '/links' },
  { name: 'audiences', route: '/audiences' },
  { name: 'tags', route: '/audience-tags' },
  { name: 'a frozen audience', route: '/audiences/:audience/preview' },
  { name: 'own sign-ins', route: '/sessions' },
  { name: 'sign-ins of everybody', route: '/sessions', query: 'whose=all' },
  { name: 'tokens', route: '/tokens' },
  { name: 'an audience: a department', route: '/audiences:preview', body: { department: 'D7' } },
  {
    name: 'an audience: a department, liaison',
    route: '/audiences:preview',
    body: { department: 'D7' },
    as: 'liaison',
  },
  {
    name: 'an audience: nobody seen for a week, outside of two departments',
    route: '/audiences:preview',
    body: {
      all: [
        { checkins: { lastDays: 7, atMost: 0 } },
        { not: { any: [{ department: 'D7' }, { department: 'D8' }] } },
      ],
    },
  },
  {
    name: 'an audience: everything at once',
    route: '/audiences:preview',
    body: {
      any: [
        { all: [{ tag: 'tag3' }, { platform: 'sandbox' }, { level: 'beginner' }] },
        { role: 'liaison' },
        { all: [{ department: 'C3' }, { checkins: { lastDays: 30, atLeast: 10 } }] },
      ],
    },
  },
];

/** What else can be asked for, and why it is no list. */
export const noLists: Readonly<Record<string, string>> = {
  '/clock': 'one word from memory',
  '/session': 'one row',
  '/session/access': 'one row',
  '/delivery-states': 'a table in the source',
  '/performance/key': 'one file',
  '/tips/:key/looks': 'drawn from one tip',
  '/trainings/:id/code': 'drawn from one training',
  '/links/:code/qr': 'a picture',
  '/quizzes/certificates/:code': 'one row',
  '/faq/calibration': 'a curve that was kept when it was fitted',
  '/faq/replay': 'one answer, worked out again; P8 measures answers',
  '/directory/runs/:id': 'one run with its failures',
  // Files are made for as long as they take.
  '/exports/:id/file': 'a file',
  '/faq/export': 'a file',
  '/faq/files/:file': 'a file',
  '/link-sheet': 'a file',
  '/notices/:id/receipts.csv': 'a file',
  '/performance/drafts/:id/differences.xlsx': 'a file',
  '/performance/periods/:id/package': 'a file',
  '/questions/pictures/:name': 'a file',
  '/questions:export': 'a file',
  '/quizzes/:id/answers.xlsx': 'a file',
  '/quizzes/:id/certificates/:number': 'a file',
  '/trainings/:id/people.xlsx': 'a file',
};

/** The things to ask about, once the data is there. */
export async function idsIn(db: Db): Promise<Ids> {
  const one = async (query: SQL): Promise<string> => {
    const { rows } = await db.execute<{ id: string }>(query);
    if (rows[0] === undefined) throw new Error('the data of the bench lack something to ask about');
    return String(rows[0].id);
  };
  const newest = (table: string) =>
    one(sql`select id from ${sql.identifier(table)} order by id desc limit 1`);
  return {
    campaign: await one(sql`select id from campaigns`),
    message: await one(
      sql`select id from outbox_messages where purpose = 'checkins.reminder' order by id desc limit 1`,
    ),
    notice: await one(sql`select id from notices order by no desc limit 1`),
    quiz: await newest('quizzes'),
    training: await one(sql`select id from trainings order by no desc limit 1`),
    period: await newest('performance_periods'),
    draft: await newest('performance_rule_drafts'),
    schedule: 'bench:7',
    audience: await one(sql`select id from audiences where mode = 'frozen'`),
    run: await newest('directory_runs'),
    ticket: await one(sql`select max(number) as id from tickets`),
    exported: await newest('exports'),
  };
}

export function urlOf({ route, query }: Asked, ids: Ids): string {
  const path = route.replace(/:([a-z]+)(?=\/|$)/g, (all, name: string) =>
    name in ids ? ids[name as keyof Ids] : all,
  );
  return `/api/v1${path}${query === undefined ? '' : `?${query}`}`;
}

/** Whether the address of a route, such as `/quizzes/:id/results`, is asked by `lists`. */
export function isAsked(url: string): boolean {
  const parts = url.split('/');
  return lists.some(({ route }) => {
    const asked = route.split('/');
    return (
      asked.length === parts.length &&
      asked.every((part, place) => part === parts[place] || parts[place]?.startsWith(':') === true)
    );
  });
}
