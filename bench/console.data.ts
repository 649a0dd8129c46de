import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../src/kernel/db.ts';
import { type BenchCampaign, ZONE } from './organisation.ts';

/** Departments of the company, which stand under ten others, so that a list has something to go down. */
export const DEPARTMENTS = 200;

/** Rows in every table that a list or a board reads: what a company of this size has after forty days. */
export async function fillConsole(db: Db, { campaignId, tipId, today }: BenchCampaign): Promise<number> {
  const day = sql`${today.toString()}::date`;
  const campaign = sql`${campaignId}::uuid`;
  const run = async (statement: SQL): Promise<number> => (await db.execute(statement)).rowCount ?? 0;

  // Ids sort by birth, as ours do.
  await run(sql`
    create function born(at timestamptz) returns uuid language sql volatile as $$
      select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(hex, 1, 3) || '8' || substr(hex, 4, 15))::uuid from md5(random()::text) hex $$`);
  await run(sql`
    insert into departments (id, code, name, created_at)
    select gen_random_uuid(), 'C' || n, '中心' || n, now() from generate_series(0, 9) n`);
  await run(sql`
    insert into departments (id, code, name, parent_id, created_at)
    select gen_random_uuid(), 'D' || n, '部门' || n, (select id from departments where code = 'C' || n / 20), now()
    from generate_series(0, ${DEPARTMENTS - 1}) n`);
  await run(sql`
    insert into memberships (id, employee_id, department_id, main, from_day)
    select gen_random_uuid(), e.id, d.id, true, '2020-01-01'
    from employees e join departments d on d.code = 'D' || (substring(e.number from 2)::int % ${DEPARTMENTS})
    where e.number like 'B%'`);
  await run(sql`
    insert into employee_roles (id, employee_id, role, department_id, from_day)
    select gen_random_uuid(), m.employee_id, 'liaison', m.department_id, '2020-01-01'
    from (select distinct on (department_id) department_id, employee_id from memberships) m`);
  await run(sql`
    insert into employee_tags (tag, employee_id)
    select 'tag' || (substring(number from 2)::int % 20), id from employees where number like 'B%'`);

  const checkins = await run(sql`
    insert into checkins (campaign_id, employee_id, day, at, received_at, zone, grade, channel, tip_id)
    select ${campaign}, e.id, ${day} - n, now() - n * interval '1 day', now() - n * interval '1 day', ${ZONE}, 'tap', 'sandbox', ${tipId}
    from generate_series(39, 0, -1) n cross join employees e
    where e.number like 'B%' and random() < 0.5`);
  await run(sql`
    insert into streaks (campaign_id, employee_id, current, best, counted, last_day)
    select campaign_id, employee_id, 1, 3, count(*), max(day) from checkins group by 1, 2`);
  await run(sql`
    insert into task_completions (campaign_id, employee_id, day, task, grade, tip_id, at, received_at, channel, event_key)
    select campaign_id, employee_id, day, 'learn-tip', grade, tip_id, at, received_at, channel,
           day || ':' || employee_id from checkins`);
  await run(sql`
    insert into point_entries (transfer_id, key, account_kind, account_id, campaign_id, amount, reason, at)
    select born(c.at), 'checkin:' || c.day || ':' || c.employee_id, side.kind,
           case side.kind when 'campaign' then c.campaign_id else c.employee_id end, c.campaign_id, side.amount, 'check-in', c.at
    from checkins c cross join (values ('campaign', -5), ('employee', 5)) side (kind, amount)`);
  await run(sql`
    insert into point_balances (campaign_id, employee_id, balance, changed_at)
    select campaign_id, employee_id, counted * 5, now() from streaks`);
  await run(sql`
    insert into usage_days (employee_id, day, source, amount, received_at)
    select e.id, ${day} - n, 'server', 3, now() from generate_series(0, 4) n cross join employees e`);

  await messages(run, { day, campaign });
  await evidence(run, { day, campaign });
  await work(run, { day, campaign, tip: sql`${tipId}::uuid` });
  // As autovacuum leaves tables that grow: what is known to be visible is read from the index alone.
  await db.execute(sql`vacuum analyze`);
  return checkins;
}

type Run = (statement: SQL) => Promise<number>;

/** Ten days of tips and reminders for everybody, notices, and answers in between: a million deliveries. */
async function messages(run: Run, { day, campaign }: { day: SQL; campaign: SQL }): Promise<void> {
  await run(sql`
    insert into outbox_messages (id, purpose, priority, content, campaign_id, created_at)
    select born(at), purpose, 'campaign', '{"kind": "text", "text": "今天的小技巧"}', ${campaign}, at
    from generate_series(9, 0, -1) n
    cross join (values ('tips.daily', interval '9 hours'), ('checkins.reminder', interval '17 hours')) p (purpose, time)
    cross join lateral (select least((${day} - n) at time zone ${ZONE} + time, now()) as at) moment`);
  await run(sql`
    insert into deliveries (message_id, recipient, employee_id, address_kind, channel, account, platform_id, state, reason,
                            attempts, planned_at, changed_at, sent_at)
    select m.id, e.id::text, e.id, 'person', 'sandbox', 'sandbox', e.number,
           (array['delivered', 'delivered', 'read', 'read', 'clicked', 'accepted', 'refused', 'excluded'])[1 + (random() * 7)::int],
           null, 1, m.created_at, m.created_at, m.created_at
    from outbox_messages m cross join employees e where m.purpose in ('tips.daily', 'checkins.reminder')`);
  await run(sql`
    insert into outbox_messages (id, purpose, priority, content, created_at)
    select born(at), 'answer', 'answer', '{"kind": "text", "text": "打卡成功"}', at
    from (select now() - n * interval '5 seconds' as at from generate_series(100000, 1, -1) n) moments`);
  await run(sql`
    insert into deliveries (message_id, recipient, employee_id, address_kind, channel, account, platform_id, state, attempts, planned_at, changed_at)
    select m.id, e.id::text, e.id, 'person', 'sandbox', 'sandbox', e.number, 'delivered', 1, m.created_at, m.created_at
    from (select *, row_number() over (order by id) as place from outbox_messages where purpose = 'answer') m
    join (select *, row_number() over (order by number) as place from employees) e
      on e.place = 1 + m.place % (select count(*) from employees)`);
  await run(sql`
    insert into send_stops (id, kind, scope, subject, reason, by, since, ended_at, ended_by)
    select born(at), 'pause', 'message', m.id::text, '等一等', 'token:bench', at, at + interval '1 hour', 'token:bench'
    from (select *, created_at as at from outbox_messages order by id limit 500) m`);
  await run(sql`
    insert into notices (id, kind, format, state, title, body, values, fields, signatories, attachments, needs_acknowledgement,
                         takes_sign_up, audience, to_groups, ladder, sends_when_approved, prepared_by, created_at, changed_at, sent_at)
    select born(at), 'notice', 'card', 'sent', '通知' || n, '各位同事', '{}', '{}', '[]', '[]', true, false,
           '{"everyone": true}', false, '[]', false,
           jsonb_build_object('kind', 'token', 'id', 'bench', 'name', 'bench', 'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), at, at, at
    from generate_series(1, 300) n cross join lateral (select now() - (301 - n) * interval '2 hours' as at) moment`);
  // The newest five went to everybody, the others to a department each.
  await run(sql`
    insert into outbox_messages (id, purpose, priority, content, campaign_id, created_at)
    select id, 'notices.text', 'campaign', '{"kind": "text", "text": "通知"}', null, created_at from notices`);
  await run(sql`
    insert into notice_messages (message_id, notice_id, part, at) select id, id, 'text', sent_at from notices`);
  await run(sql`
    insert into notice_recipients (notice_id, employee_id, message_id, department_id)
    select k.id, m.employee_id, k.id, m.department_id from notices k cross join memberships m where k.no > 295
    union all
    select k.id, m.employee_id, k.id, m.department_id
    from notices k join departments d on d.code = 'D' || k.no % ${DEPARTMENTS} join memberships m on m.department_id = d.id
    where k.no <= 295`);
  await run(sql`
    insert into deliveries (message_id, recipient, employee_id, address_kind, channel, account, platform_id, state, attempts, planned_at, changed_at)
    select r.message_id, r.employee_id::text, r.employee_id, 'person', 'sandbox', 'sandbox', e.number,
           case when random() < 0.5 then 'read' else 'delivered' end, 1, k.created_at, k.created_at
    from notice_recipients r join notices k on k.id = r.notice_id join employees e on e.id = r.employee_id`);
  await run(sql`
    insert into notice_responses (notice_id, employee_id, response, at)
    select notice_id, employee_id, 'acknowledged', now() from notice_recipients where random() < 0.6`);
  await run(sql`
    insert into notice_templates (key, title, body, needs_acknowledgement, position)
    select 'template' || n, '模板' || n, '各位同事', false, n from generate_series(1, 50) n`);
}

/** What decides about days and pay: excusals, make-ups, appeals, flags, periods, audit. */
async function evidence(run: Run, { day, campaign }: { day: SQL; campaign: SQL }): Promise<void> {
  const anybody = (share: number): SQL =>
    sql`(select *, row_number() over (order by number) as n from employees where number like 'B%' and random() < ${share}) e`;
  await run(sql`
    insert into excusals (id, employee_id, from_day, to_day, reason, reference, source, by, at)
    select born(now() - e.n * interval '1 second'), e.id, ${day} - (e.n % 30)::int, ${day} - (e.n % 30)::int + 1, 'leave', 'B-' || e.n, 'import', 'token:bench', now()
    from ${anybody(0.4)}`);
  await run(sql`
    insert into excused_days (employee_id, day, reason, excusal_id)
    select employee_id, from_day + n, reason, id from excusals cross join generate_series(0, 1) n`);
  await run(sql`
    insert into makeup_requests (id, campaign_id, employee_id, day, period_from, reason, approver, at)
    select born(now() - e.n * interval '1 second'), ${campaign}, e.id, ${day} - (e.n % 30)::int, ${day} - 40, '出差没有网络', 'hr', now() from ${anybody(0.4)}`);
  await run(sql`
    insert into makeup_decisions (request_id, outcome, by, reason, at)
    select id, 'approved', 'token:bench', null, now() from makeup_requests where random() < 0.8`);
  await run(sql`
    insert into appeals (id, campaign_id, employee_id, day, reason, trail, answer_by, at)
    select born(now() - e.n * interval '1 minute'), ${campaign}, e.id, ${day} - 20, '那天打过卡', '["没有记录"]', ${day} + 5, now() - e.n * interval '1 minute' from ${anybody(0.1)}`);
  await run(sql`
    insert into appeal_decisions (appeal_id, outcome, reason, by, by_name, at)
    select id, 'granted', '补上', 'token:bench', 'bench', now() from appeals where random() < 0.5`);
  await run(sql`
    insert into evidence_flags (id, key, kind, campaign_id, employee_ids, from_day, to_day, times, found_at, state)
    select born(now() - e.n * interval '1 minute'), 'flag' || e.n, 'same-order', ${campaign}, array[e.id, e.id], ${day} - 14, ${day}, 7, now(), 'open' from ${anybody(0.05)}`);
  await run(sql`
    insert into data_requests (id, employee_id, text, at)
    select born(now() - e.n * interval '1 minute'), e.id, '请更正我的部门', now() from ${anybody(0.05)}`);
  await run(sql`
    insert into exclusions (id, employee_id, reason, from_day, created_at, by)
    select born(now() - e.n * interval '1 minute'), e.id, 'leave', ${day} - 30, now(), 'token:bench' from ${anybody(0.1)}`);
  await run(sql`
    insert into quiet_rules (id, department_id, quiet, workdays, changed_at)
    select gen_random_uuid(), id, '[{"from": "21:00", "to": "08:00"}]', '"calendar"', now() from departments where code like 'D%'`);
  await run(sql`
    insert into incidents (id, number, title, starts_at, ends_at, source, state, created_at)
    select born(at), 'F' || n, '平台故障', at, at + interval '1 hour', 'found', case when n > 497 then 'found' else 'dismissed' end, at
    from generate_series(1, 500) n cross join lateral (select now() - (501 - n) * interval '1 hour' as at) moment`);
  await run(sql`
    insert into retention_runs (id, class, keep_days, older_than, deleted, at)
    select born(at), 'chat', 180, at, 12, at from generate_series(1, 1000) n cross join lateral (select now() - (1001 - n) * interval '1 hour' as at) moment`);
  await run(sql`
    insert into privacy_notices (version, basis, texts, contact, since)
    select n, 'institution', '{"zh-CN": "告知", "en": "Notice"}', 'hr@example.invalid', now() - (21 - n) * interval '1 day' from generate_series(1, 20) n`);
  await run(sql`
    insert into audit (at, actor_kind, actor_id, action, subject, detail)
    select now() - (300001 - n) * interval '10 seconds', 'token', 'token' || n % 50,
           (array['employees.list', 'checkins.list', 'export.download', 'sign-in'])[1 + n % 4], 'employee:B' || n % 50000, '{}'
    from generate_series(1, 300000) n`);
  await run(sql`
    insert into exports (id, kind, format, from_day, to_day, state, requested_by_kind, requested_by, file_name, people, rows, bytes, created_at, purpose)
    select born(at), 'checkins', 'xlsx', ${day} - 30, ${day}, 'done', 'token', 'bench', '打卡.xlsx', 50000, 1000000, 1, at, '年终考核'
    from generate_series(1, 2000) n cross join lateral (select now() - (2001 - n) * interval '1 hour' as at) moment`);
  await periods(run, { day, campaign });
}

const RULE = JSON.stringify({
  day: [['tap']],
  target: { kind: 'days', days: 15, of: 20 },
  bands: [
    { name: '优秀', from: 90, credit: 100 },
    { name: '其他', from: 0, credit: 50 },
  ],
  weight: 10,
  parts: { individual: 80, team: 20 },
  freezes: 0,
  firstDays: { days: 7, freezes: 0 },
  makeUps: { perPeriod: 2, withinWorkdays: 5, approver: 'hr' },
  earnBack: { perPeriod: 1, withinWorkdays: 5, answers: 3 },
  appealDays: 7,
});

/** Six periods of forty days, each closed over everybody, and a draft of a rule that was compared for everybody. */
async function periods(run: Run, { day, campaign }: { day: SQL; campaign: SQL }): Promise<void> {
  await run(sql`
    insert into performance_rules (id, campaign_id, version, rule, from_day, reason, published_by, published_at)
    select born(now()), ${campaign}, n, ${RULE}::jsonb, ${day} - 400 + n, '新的规则', 'token:bench', now() from generate_series(1, 20) n`);
  await run(sql`
    insert into performance_periods (id, campaign_id, name, from_day, to_day, state, closed_at, created_at)
    select born(now()), ${campaign}, '周期' || n, ${day} - n * 40, ${day} - n * 40 + 39, 'closed', now(), now() from generate_series(1, 6) n`);
  await run(sql`
    insert into performance_runs (id, period_id, kind, revision, state, reason, prepared_by, confirmed_by, requested_at, as_of,
                                  rule_version, campaign_name, people, receipt)
    select born(now()), id, 'closing', 0, 'done', '月末', 'token:bench', 'token:other', now(), now(), 1, 'Bench', 50000, 'receipt'
    from performance_periods`);
  await run(sql`
    insert into performance_results (run_id, place, employee_id, row, receipt)
    select r.id, e.place, e.id, jsonb_build_object(
        'number', e.number, 'name', e.name, 'departmentCode', 'D1', 'department', '部门1', 'due', 20, 'counted', 18, 'current', 3, 'best', 9,
        'excused', 1, 'madeUp', 0, 'earnedBack', 0, 'appealed', 0, 'frozen', 0,
        'grades', '{"tap": 18, "declared": 0, "read": 0, "question": 0, "usage": 0}'::jsonb,
        'needed', 15, 'reached', 90, 'band', '优秀', 'teamReached', 80, 'teamBand', '其他', 'score', 9.5), 'receipt'
    from performance_runs r
    cross join (select *, row_number() over (order by number) as place from employees where number like 'B%') e`);
  await run(sql`
    insert into performance_rule_drafts (id, campaign_id, rule, from_day, state, created_by, created_at, against, counts)
    select born(now()), ${campaign}, ${RULE}::jsonb, ${day} + 30, 'ready', 'token:bench', now(), 1,
           '{"periods": ["周期1"], "people": 50000, "better": 25000, "worse": 0, "same": 25000, "new": 0}' from generate_series(1, 20) n`);
  await run(sql`
    insert into performance_rule_draft_rows (draft_id, place, employee_id, number, name, department, period, before, after, verdict)
    select (select id from performance_rule_drafts order by id desc limit 1), row_number() over (order by e.number), e.id, e.number, e.name, '部门1', '周期1',
           outcome, outcome, case when random() < 0.5 then 'better' else 'same' end
    from employees e cross join (select '{"counted": 18, "needed": 15, "reached": 90, "band": "优秀", "score": 9.5}'::jsonb as outcome) o
    where e.number like 'B%'`);
}

/** What operators, lecturers and support work with. */
async function work(run: Run, { day, campaign, tip }: { day: SQL; campaign: SQL; tip: SQL }): Promise<void> {
  await run(sql`
    insert into tips (id, key, title, body, try_now, feature, area, scene, tags, level, departments, position)
    select gen_random_uuid(), 'bench-' || n, '小技巧' || n, '打开 **视图**。', '现在试一次', '导航窗格', 'word-processing', '写长报告', '{长文档}',
           'beginner', '{}', n from generate_series(1, 500) n`);
  await run(sql`
    insert into tip_days (campaign_id, day, track, tip_id, chosen_at)
    select ${campaign}, ${day} - n, 'beginner', ${tip}, now() from generate_series(0, 39) n`);
  await run(sql`
    insert into tip_reactions (id, tip_id, employee_id, reaction, at)
    select gen_random_uuid(), ${tip}, id, 'useful', now() from employees where number like 'B%'`);
  await run(sql`
    insert into questions (id, key, kind, text, feature, area, level, tags, review, content, version, updated_at)
    select gen_random_uuid(), 'question-' || n, 'single', '怎样跳到某一页？' || n, '导航窗格', 'word-processing', 'beginner', '{}', 'reviewed',
           jsonb_build_object('id', 'question-' || n, 'kind', 'single', 'text', '怎样跳到某一页？' || n, 'feature', '导航窗格', 'area', 'word-processing',
             'level', 'beginner', 'tags', '[]'::jsonb, 'review', 'reviewed', 'explanation', '按 Ctrl+G。', 'options', '["Ctrl+G", "Ctrl+P"]'::jsonb, 'answer', 0),
           1, now() from generate_series(1, 2000) n`);
  await run(sql`
    insert into question_versions (question_id, version, content, at) select id, 1, content, now() from questions`);
  await quizzes(run, { campaign });
  await classes(run, { day });
  await support(run);
  await run(sql`
    insert into audiences (id, name, definition, mode, created_at)
    select born(now()), '受众' || n, jsonb_build_object('department', 'D' || n % ${DEPARTMENTS}), 'live', now() from generate_series(1, 200) n`);
  await run(sql`
    insert into audiences (id, name, definition, mode, created_at) values (born(now()), '全员', '{"everyone": true}', 'frozen', now())`);
  await run(sql`
    insert into audience_members (audience_id, employee_id)
    select a.id, e.id from audiences a cross join employees e where a.mode = 'frozen'`);
  await run(sql`
    insert into directory_runs (id, channel, account, cause, state, created, changed, removed, held, started_at, ended_at)
    select born(at), 'feishu', 'bench', 'schedule', 'done', 3, 5, 1, 0, at, at from generate_series(1, 500) n
    cross join lateral (select now() - (501 - n) * interval '1 day' as at) moment`);
  await run(sql`
    insert into schedules (id, key, job, payload, cron, zone, calendar, misfire, next_at, created_at)
    select born(now()), 'bench:' || n, 'tips.push', '{}', '0 9 * * *', ${ZONE}, 'workdays', '{"policy": "skip"}', now() + interval '1 day', now()
    from generate_series(1, 1000) n`);
  await run(sql`
    insert into schedule_runs (schedule_id, schedule_key, slot, outcome, at)
    select id, key, now() - n * interval '1 day', 'fired', now() - n * interval '1 day' from schedules cross join generate_series(1, 100) n`);
  await run(sql`
    insert into links (code, label, medium, campaign_id, by, created_at)
    select 'bench' || n, '海报' || n, 'poster', ${campaign}, 'token:bench', now() from generate_series(1, 200) n`);
  await run(sql`
    insert into link_scans (id, code, visitor, at)
    select gen_random_uuid(), 'bench' || (1 + n % 200), 'visitor' || n % 5000, now() from generate_series(1, 100000) n`);
  await run(sql`
    insert into link_arrivals (code, employee_id, at)
    select 'bench' || (1 + substring(number from 2)::int % 200), id, now() from employees where number like 'B%' and random() < 0.2`);
  await run(sql`
    insert into credentials (id, kind, name, hash, created_at, expires_at, employee_id, roles, way, seen_at)
    select born(now()), case when n % 4 = 0 then 'api-token' else 'session' end, 'bench' || n, 'hash' || n, now(), now() + interval '1 day', null, '{hr}', 'server', now()
    from generate_series(1, 4000) n`);
}

async function quizzes(run: Run, { campaign }: { campaign: SQL }): Promise<void> {
  await run(sql`
    insert into quizzes (id, key, campaign_id, kind, file, state, starts_at, ends_at, created_at, published_at, closed_at)
    select born(at), 'round-' || n, ${campaign}, 'span', jsonb_build_object(
        'id', 'round-' || n, 'kind', 'span', 'title', '答题' || n, 'intro', '答题学技巧', 'audience', 'everyone', 'invites', 'audience',
        'policy', '{"method": "accuracy", "perRight": 100, "parts": false, "speedShare": 0.5, "ties": "faster", "winners": 3, "leastPeople": 3}'::jsonb,
        'blueprint', '[{"count": 5}]'::jsonb, 'draw', 'same', 'startsAt', '2026-11-01T00:00:00Z', 'endsAt', '2026-11-02T00:00:00Z',
        'secondsPerQuestion', 20, 'graceSeconds', 2, 'attempts', 1, 'dailyTime', '10:30',
        'points', '{"right": 2, "finish": 5, "winners": [50, 30, 20]}'::jsonb),
      'closed', at, at + interval '1 day', at, at, at + interval '1 day'
    from generate_series(1, 100) n cross join lateral (select now() - (101 - n) * interval '1 day' as at) moment`);
  await run(sql`
    insert into quiz_questions (quiz_id, position, question_id, version, slot)
    select z.id, q.place, q.id, 1, 0
    from quizzes z cross join (select id, row_number() over (order by key) as place from questions order by key limit 5) q`);
  // Of the newest ten rounds everybody took part in the last one, and a tenth in the others.
  await run(sql`
    insert into quiz_papers (quiz_id, employee_id, attempt, items, at, opened_at, started_at, finished_at)
    select z.id, e.id, 1, '[]', 5, z.starts_at, z.starts_at, z.ends_at
    from (select *, row_number() over (order by id desc) as age from quizzes) z cross join employees e
    where z.age <= 10 and (z.age = 1 or random() < 0.1)`);
  await run(sql`
    insert into quiz_answers (quiz_id, employee_id, attempt, position, given, share, answered_at, taken_ms, channel, event_key)
    select p.quiz_id, p.employee_id, 1, n, '[0]', (random() < 0.7)::int, p.opened_at, 4000 + (random() * 8000)::int, 'sandbox',
           p.quiz_id || ':' || p.employee_id || ':' || n
    from quiz_papers p cross join generate_series(1, 5) n`);
  await run(sql`
    insert into quiz_scores (quiz_id, employee_id, attempt, score, "right", answered, asked, taken_ms, last_at, rank)
    select quiz_id, employee_id, 1, sum(share)::int * 100, sum(share)::int, 5, 5, sum(taken_ms), max(answered_at),
           rank() over (partition by quiz_id order by sum(share) desc, sum(taken_ms))
    from quiz_answers group by quiz_id, employee_id`);
  await run(sql`
    insert into quiz_withdrawals (quiz_id, position, reason, by, at)
    select id, 1, '题目有误', 'token:bench', now() from quizzes order by id desc limit 1`);
  await run(sql`
    insert into quiz_rescores (quiz_id, position, employee_id, score_before, score_after, rank_before, rank_after, at)
    select quiz_id, 1, employee_id, score, score, rank, rank, now() from quiz_scores
    where quiz_id = (select id from quizzes order by id desc limit 1)`);
  await run(sql`
    insert into quiz_certificates (code, quiz_id, employee_id, at)
    select 'CODE' || row_number() over (), quiz_id, employee_id, now() from quiz_scores where rank <= 100`);
}

async function classes(run: Run, { day }: { day: SQL }): Promise<void> {
  const by = sql`'{"kind": "token", "id": "bench", "name": "bench"}'::jsonb`;
  await run(sql`
    insert into trainings (id, title, about, kind, form, scope, lecturer, place, zone, starts_at, ends_at, walk_ins, late_after_minutes,
                           least_minutes, reminders, material_links, state, created_at, created_by)
    select born(now()), '培训' || n, '', 'on-site', 'live', 'general', '李老师', '三楼', ${ZONE}, at, at + interval '2 hours', true, 10, 72,
           '["1d"]', '[]', 'open', now(), ${by}
    from generate_series(1, 300) n cross join lateral (select now() + (n - 150) * interval '12 hours' as at) moment`);
  await run(sql`
    insert into training_signups (training_id, employee_id, state, turn, changed_at)
    select t.id, e.id, 'signed-up', born(now()), now() from (select * from trainings order by no desc limit 20) t
    cross join employees e where random() < 0.05`);
  await run(sql`
    insert into training_signup_events (id, training_id, employee_id, kind, at, by)
    select born(changed_at), training_id, employee_id, 'signed-up', changed_at, ${by} from training_signups`);
  await run(sql`
    insert into training_attendance (id, training_id, employee_id, present, at, day, late, source, grade, by)
    select born(changed_at), training_id, employee_id, true, changed_at, ${day}, false, 'code', 'witnessed', ${by} from training_signups where random() < 0.8`);
  await run(sql`
    insert into training_ratings (id, training_id, employee_id, score, comment, at)
    select born(changed_at), training_id, employee_id, 1 + (random() * 4)::int, '很好', changed_at from training_signups where random() < 0.5`);
  await run(sql`
    insert into training_materials (training_id, id, label) select t.id, born(now()), '签到表' || n from trainings t cross join generate_series(1, 8) n`);
}

async function support(run: Run): Promise<void> {
  await run(sql`
    insert into faq_entries (id, key, question, "similar", answer, tags, departments, review, active, version, updated_at)
    select gen_random_uuid(), 'entry-' || n, '怎么安装第' || n || '个插件', '{插件装不上}', '打开应用中心。', '{安装}', '{}', 'reviewed', true, 1, now()
    from generate_series(1, 2000) n`);
  await run(sql`
    insert into faq_versions (entry_id, version, content, at)
    select id, 1, jsonb_build_object('question', question, 'similar', '[]'::jsonb, 'answer', answer, 'steps', '[]'::jsonb, 'attachments', '[]'::jsonb,
      'tags', '[]'::jsonb, 'productVersion', null, 'departments', '[]'::jsonb, 'validFrom', null, 'validUntil', null, 'review', 'reviewed', 'active', true), now()
    from faq_entries`);
  await run(sql`
    insert into faq_feedback (id, entry_id, version, employee_id, thumb, at)
    select gen_random_uuid(), f.id, 1, e.id, 'up', now()
    from (select *, row_number() over (order by key) as place from faq_entries) f
    join (select *, row_number() over (order by number) as place from employees) e on e.place % 2000 = f.place - 1`);
  await run(sql`
    insert into faq_misses (id, text, department, context, outcome, candidates, at)
    select born(at), (array['发票怎么开', '会议室在哪', '打印机没有墨', '账号被锁了', '怎么请假'])[1 + n % 5] || n % 200, 'D' || n % 200, 'sandbox private', 'rephrase', '[]', at
    from generate_series(1, 20000) n cross join lateral (select now() - (20001 - n) * interval '2 minutes' as at) moment`);
  await run(sql`
    insert into faq_asked (id, text, outcome, entry_key, at)
    select born(at), '怎么安装第' || n % 2000 || '个插件', 'answer', 'entry-' || (1 + n % 2000), at
    from generate_series(1, 200000) n cross join lateral (select now() - (200001 - n) * interval '10 seconds' as at) moment`);
  await run(sql`
    insert into tickets (id, state, priority, question, asker_id, department, transcript, facts, opened_at, due_at, first_reply_at, solved_at, solution, score, changed_at)
    select born(at), 'solved', 'technical', '插件装不上', e.id, 'D1', '[]', '{}', at, at + interval '2 days', at + interval '1 hour', at + interval '1 day', '重装', 5, at
    from (select *, row_number() over (order by number) as n from employees where number like 'B%') e
    cross join lateral (select now() - (60000 - e.n) * interval '1 minute' as at) moment`);
  await run(sql`
    insert into tickets (id, state, priority, question, asker_id, department, transcript, facts, opened_at, due_at, changed_at)
    select born(now()), 'waiting', 'technical', '登录不了', id, 'D1', '[]', '{}', now(), now() + interval '2 days', now()
    from employees where number like 'B%' limit 2000`);
  await run(sql`
    insert into ticket_events (id, ticket_id, kind, text, detail, at)
    select born(t.opened_at), t.id, k.kind, null, '{}', t.opened_at from tickets t cross join (values ('opened'), ('support-said'), ('solved')) k (kind)`);
  await run(sql`
    insert into duty_roster (id, employee_id, days, from_time, to_time)
    select gen_random_uuid(), id, 'workdays', '09:00', '18:00' from employees where number like 'B%' limit 30`);
}
