/** What somebody may do beyond being an employee. */
export const roles = [
  'liaison',
  'hr',
  'operator',
  'reviewer',
  'support',
  'executive',
  'auditor',
  'admin',
] as const;
export type Role = (typeof roles)[number];

/** A liaison sees and reaches only the departments delegated to them, for as long as they are. */
export const SCOPED_ROLES: ReadonlySet<Role> = new Set(['liaison']);

/**
 * What a permission shows or changes: `things` of the campaign, `figures` about people without names, or `people`
 * themselves. Figures and people have a scope, which is part of the query; executives get no people.
 */
type About = 'things' | 'figures' | 'people';

interface Row {
  about: About;
  /** Everybody with one of these; an administrator as well. `everyone` needs no role, but somebody to be. */
  roles: readonly Role[] | 'everyone';
  meaning: { 'zh-CN': string; en: string };
}

const EVERY_ROLE = roles;
const OFFICE: readonly Role[] = ['operator', 'reviewer', 'hr', 'support', 'auditor', 'liaison'];

const row = (about: About, granted: readonly Role[] | 'everyone', chinese: string, english: string): Row => ({
  about,
  roles: granted,
  meaning: { 'zh-CN': chinese, en: english },
});

/**
 * Who may do what: API, console, chat words and `docs/roles.md` all follow this one table. What stands nowhere here
 * nobody may do. A new address names its row in its `config`, a new chat command in its `permission`.
 */
export const permissions = {
  'me.use': row(
    'things',
    'everyone',
    '使用自己的打卡、记录和问答',
    'Check in, see the own record, ask questions',
  ),
  'session.read': row('things', 'everyone', '查看和结束自己的登录', 'See and end the own sign-ins'),
  'console.use': row('things', EVERY_ROLE, '登录控制台', 'Sign in to the console'),

  'overview.read': row('figures', EVERY_ROLE, '查看汇总数据', 'See the figures of a day'),
  'departments.read': row('things', [...OFFICE, 'executive'], '查看部门', 'See the departments'),
  'people.read': row('people', ['hr', 'liaison'], '查看员工', 'See employees'),
  'people.write': row('people', ['hr'], '导入员工和部门', 'Import employees and departments'),
  'directory.runs': row('things', ['operator', 'hr', 'auditor'], '查看通讯录同步', 'See the directory runs'),
  'directory.sync': row(
    'things',
    ['operator', 'hr'],
    '同步通讯录和确认离职',
    'Start a directory run, confirm removals',
  ),
  'roles.assign': row('people', [], '授予和收回角色', 'Give and take roles'),

  'campaigns.read': row('things', EVERY_ROLE, '查看活动', 'See campaigns'),
  'campaigns.write': row('things', ['operator'], '编辑活动', 'Edit campaigns'),
  'tips.read': row('things', [...OFFICE, 'executive'], '查看小技巧', 'See tips'),
  'tips.write': row('things', ['operator'], '编辑小技巧和内容日历', 'Edit tips and the content calendar'),
  'tips.review': row('things', ['reviewer'], '审核小技巧', 'Review tips'),

  'checkins.read': row(
    'people',
    ['hr', 'liaison'],
    '查看打卡和未打卡名单',
    'See who checked in and who did not',
  ),
  'evidence.read': row('people', ['hr'], '查看个人证据链', "See a person's trail of evidence"),
  'evidence.correct': row('people', ['hr'], '补卡、免打卡和处理申诉', 'Make-ups, excusals and appeals'),
  'makeups.decide': row('people', ['hr', 'liaison'], '查看和处理补卡', 'See and decide make-ups'),
  'incidents.read': row('things', ['hr', 'operator', 'auditor'], '查看系统故障', 'See outages'),
  'incidents.decide': row('people', [], '认定系统故障并免打卡', 'Declare outages and excuse those they hit'),
  'usage.write': row('people', ['hr', 'operator'], '上报使用数据', 'Report use of the software'),
  'privacy.read': row(
    'things',
    ['hr', 'auditor'],
    '查看个人信息告知和清理记录',
    'See privacy notices and deletions',
  ),
  'points.read': row('people', ['hr'], '查看积分流水', 'See the ledger of points'),
  'points.correct': row('people', ['hr'], '冲正积分', 'Take points back'),
  'exports.make': row('people', ['hr'], '导出打卡和绩效', 'Export check-ins and performance'),
  'exports.approve': row(
    'people',
    ['hr'],
    '复核别人的大批量导出',
    "Approve or refuse somebody else's large export",
  ),

  'performance.read': row(
    'things',
    ['operator', 'hr', 'auditor'],
    '查看绩效规则和周期',
    'See performance rules and periods',
  ),
  'performance.write': row(
    'things',
    ['operator', 'hr'],
    '起草和发布绩效规则',
    'Draft and publish performance rules',
  ),
  'performance.results': row('people', ['hr'], '查看个人绩效结果', "See people's performance results"),
  'performance.close': row('people', ['hr'], '核对和关闭绩效周期', 'Preview and close performance periods'),

  'audiences.read': row(
    'people',
    ['operator', 'liaison'],
    '查看受众和样例',
    'See audiences and samples of them',
  ),
  'audiences.write': row('people', ['operator'], '编辑受众', 'Edit audiences'),
  'notices.read': row('things', ['operator', 'reviewer', 'liaison'], '查看通知', 'See notices'),
  'notices.send': row('people', ['operator', 'liaison'], '发通知和催办', 'Send notices and reminders'),
  'notices.review': row('things', ['reviewer'], '审核通知', 'Review notices'),
  'deliveries.read': row(
    'people',
    ['operator', 'hr', 'support'],
    '查看每个人的投递结果',
    'See what became of each message',
  ),
  'deliveries.summary': row(
    'figures',
    EVERY_ROLE.filter((role) => role !== 'liaison'),
    '查看投递汇总',
    'See how many messages arrived',
  ),
  'messages.read': row(
    'things',
    ['operator', 'reviewer', 'support', 'auditor'],
    '查看消息和停发',
    'See messages and stops',
  ),
  'deliveries.control': row(
    'things',
    ['operator'],
    '暂停、继续和取消发送',
    'Pause, resume and cancel sending',
  ),
  'suppression.read': row('things', OFFICE, '查看免打扰时段', 'See quiet hours'),
  'suppression.write': row('things', ['operator', 'hr'], '编辑免打扰时段', 'Edit quiet hours'),
  'exclusions.read': row('people', ['hr'], '查看免打扰名单', 'See who is left out of messages, and why'),
  'exclusions.write': row('people', ['hr'], '编辑免打扰名单', 'Leave people out of messages'),
  'schedules.read': row(
    'things',
    ['operator', 'reviewer', 'auditor'],
    '查看定时任务',
    'See schedules and runs',
  ),

  'quizzes.read': row(
    'things',
    ['operator', 'reviewer', 'executive'],
    '查看题库和答题',
    'See questions and quizzes',
  ),
  'quizzes.write': row('things', ['operator'], '编辑题库和答题', 'Edit questions and quizzes'),
  'quizzes.results': row('people', ['operator', 'hr'], '查看个人答题结果', "See people's results"),
  'trainings.read': row('things', [...OFFICE, 'executive'], '查看培训', 'See trainings'),
  'trainings.write': row('things', ['operator'], '编辑培训', 'Edit trainings'),
  'trainings.people': row(
    'people',
    ['operator', 'hr', 'liaison'],
    '查看培训报名和出席',
    'See who signed up for trainings, and who came',
  ),
  'trainings.correct': row(
    'people',
    ['operator', 'hr'],
    '代报名和更正出席',
    'Sign people up, correct attendance',
  ),

  'faq.ask': row('things', OFFICE, '试问知识库', 'Ask the knowledge base'),
  'faq.read': row('things', OFFICE, '查看知识库', 'See the knowledge base'),
  'faq.write': row('things', ['operator', 'support'], '编辑知识库', 'Edit the knowledge base'),
  'faq.misses': row('people', ['operator', 'support'], '查看未命中的问题', 'See what could not be answered'),
  'tickets.read': row('people', ['support', 'operator'], '查看工单', 'See tickets'),
  'tickets.write': row('people', ['support'], '处理工单', 'Work on tickets'),
  'tickets.roster': row('things', ['operator', 'support'], '编辑值班表', 'Edit the duty roster'),

  'audit.read': row('people', ['auditor'], '查看审计', 'Read the audit'),
  'channels.read': row('things', ['operator', 'auditor'], '查看渠道状态', 'See how the channels are'),
  'system.read': row('things', [], '查看队列和系统', 'See queues and system'),
  'access.manage': row('people', [], '管理登录和令牌', 'Manage sign-ins and tokens'),
  'clock.read': row('things', EVERY_ROLE, '查看系统时间', 'See what time it is'),
  'clock.set': row('things', [], '调整演练时钟', 'Move the clock of a rehearsal'),
} as const satisfies Record<string, Row>;

export type Permission = keyof typeof permissions;

const rowOf = (permission: Permission): Row => permissions[permission];

/** Whether somebody with these roles may. An unknown permission is given to nobody. */
export function permits(held: readonly Role[], permission: Permission): boolean {
  const granted = (rowOf(permission) as Row | undefined)?.roles;
  if (granted === undefined) return false;
  return granted === 'everyone' || held.includes('admin') || granted.some((role) => held.includes(role));
}

/**
 * The same for words in chat, where an administrator has only what their roles name: their power belongs to the
 * console, which asks for a sign-in and writes down what was read.
 */
export function permitsInChat(held: readonly Role[], permission: Permission): boolean {
  const granted = (rowOf(permission) as Row | undefined)?.roles;
  return granted === 'everyone' || (granted ?? []).some((role) => held.includes(role));
}

/** The roles that give a permission; none for what everybody has. */
export function rolesGiving(permission: Permission): readonly Role[] {
  const granted = rowOf(permission).roles;
  return granted === 'everyone' ? [] : granted;
}

/** Everything that these roles together may do. */
export function permissionsOf(held: readonly Role[]): Permission[] {
  return (Object.keys(permissions) as Permission[]).filter((permission) => permits(held, permission));
}

/**
 * How far a permission reaches for these roles: over everybody as soon as one role without bounds gives it, else only
 * over the departments that are theirs. `things` are nobody's.
 */
export function reachOf(held: readonly Role[], permission: Permission): 'everyone' | 'own-departments' {
  const { about, roles: granted } = rowOf(permission);
  if (about === 'things' || granted === 'everyone' || held.includes('admin')) return 'everyone';
  const giving = granted.filter((role) => held.includes(role));
  return giving.length > 0 && giving.every((role) => SCOPED_ROLES.has(role)) ? 'own-departments' : 'everyone';
}

/** Whose data a query may return: everybody's, or that of people in these departments (ids, those below included). */
export type Scope = 'everyone' | readonly string[];

/** The departments that a query may look into, of those asked for; undefined for all. */
export function narrowed(scope: Scope, wanted: readonly string[] | undefined): readonly string[] | undefined {
  if (scope === 'everyone') return wanted;
  return wanted === undefined ? scope : wanted.filter((id) => scope.includes(id));
}
