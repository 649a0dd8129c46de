import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type ChannelDeps, openChannels } from './app/channels.ts';
import { questionsAhead, rerankSettings } from './app/faq-models.ts';
import { keepHouse } from './app/housekeeping.ts';
import { keepManualClock, restoreManualClock } from './app/manual-time.ts';
import { apiProblems, apiRoutes, auditedReading } from './app/routes.ts';
import {
  putCampaignSchedules,
  putDirectorySchedule,
  putOnce,
  putQuizSchedules,
  putTrainingSchedules,
  putWeeklyMisses,
} from './app/schedules.ts';
import { sampleTickets } from './app/ticket-gauges.ts';
import { createActionSealer } from './chat/action-id.ts';
import type { ChannelAdapter } from './chat/adapter.ts';
import type { Config } from './config.ts';
import { access } from './features/access/index.ts';
import { campaignBy } from './features/campaigns/campaigns.lists.ts';
import { actedOn, checkins } from './features/checkins/index.ts';
import { correct } from './features/corrections/index.ts';
import { employeeIdOf, namesOf } from './features/directory/directory.lists.ts';
import {
  actorsOf,
  directorySync,
  knownIds,
  type SandboxPerson,
  sandboxPeople,
  syncRoutes,
} from './features/directory/index.ts';
import {
  type AnswerQuestion,
  createReranker,
  faq,
  faqConsoleRoutes,
  faqFilesRoutes,
  faqLearningRoutes,
  faqProblems,
  faqRoutes,
} from './features/faq/index.ts';
import { findFlags, noteForeignTap } from './features/flags/index.ts';
import { fallbacks, helpCommand, stranger } from './features/guide/index.ts';
import { beat, findIncidents, incidentRoutes } from './features/incidents/index.ts';
import { linkProblems, links } from './features/links/index.ts';
import { linkRoutes } from './features/links/links.routes.ts';
import { makeups } from './features/makeups/index.ts';
import { actedOnNotice, noticeProblems, notices } from './features/notices/index.ts';
import { noticeRoutes } from './features/notices/notices.routes.ts';
import { appealRoutes } from './features/periods/appeals.routes.ts';
import {
  ownFreezes,
  performanceExport,
  periodProblems,
  periods,
  showMonth,
  signerFrom,
  takesMonth,
} from './features/periods/index.ts';
import { periodRoutes } from './features/periods/periods.routes.ts';
import { ruleRoutes } from './features/periods/rules.routes.ts';
import { aheadOfTips, cleanUp, privacy, withNotice } from './features/privacy/index.ts';
import { pictures } from './features/questions/index.ts';
import { questionProblems } from './features/questions/questions.problems.ts';
import { questionRoutes } from './features/questions/questions.routes.ts';
import { quizzes, roundNumbers, typedAnswers } from './features/quizzes/index.ts';
import { quizProblems } from './features/quizzes/quizzes.problems.ts';
import { quizRoutes } from './features/quizzes/quizzes.routes.ts';
import { reportProblems, reportRoutes, reports } from './features/reports/index.ts';
import { rewards } from './features/rewards/index.ts';
import { digestCards, rulesOfPeople, suppression } from './features/suppression/index.ts';
import { type TicketDeps, ticketProblems, ticketRoutes, tickets } from './features/tickets/index.ts';
import { pushTips, tips } from './features/tips/index.ts';
import {
  cardsForLink,
  serveTrainings,
  type TrainingDeps,
  trainingNumbers,
  trainingProblems,
  trainingRoutes,
  trainings,
} from './features/trainings/index.ts';
import type { ApiRoutes } from './http/api.ts';
import { createChatLink } from './http/credentials.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import type { ProblemTable } from './http/problems.table.ts';
import { type CommandTable, commandTable } from './inbox/command-table.ts';
import { createRouter, type Router } from './inbox/router.ts';
import type { Database, Db } from './kernel/db.ts';
import { newId } from './kernel/ids.ts';
import type { JobCall } from './kernel/jobs.ts';
import type { Log } from './kernel/log.ts';
import type { Secrets } from './kernel/secrets.ts';
import { type Clock, localDay, type ManualClock, systemClock, Temporal } from './kernel/time.ts';
import { workdayCalendar } from './kernel/workdays.ts';
import { confirmDue } from './outbox/confirm.ts';
import { createRelay, type Relay } from './outbox/relay.ts';
import { sendJob } from './outbox/sender.ts';
import { throughDue } from './outbox/through-due.ts';
import { createSandboxAdapter } from './sandbox/index.ts';
import {
  createChores,
  createQueue,
  createScheduler,
  type JobQueue,
  queueBackend,
  type Scheduler,
} from './scheduler/index.ts';

export interface App {
  clock: Clock | ManualClock;
  metrics: Metrics;
  /** What the slices add to `/api/v1`, and the problems that they can answer with. */
  routes: readonly ApiRoutes[];
  problems: readonly ProblemTable[];
  /** What the slices serve beside the API. */
  pages: readonly ((server: FastifyInstance) => void)[];
  router: Router;
  commands: CommandTable;
  adapters: readonly ChannelAdapter[];
  queue: JobQueue;
  relay: Relay;
  scheduler: Scheduler;
  /** Puts the schedules that follow from campaigns and people; after imports and at start. */
  refreshSchedules(): Promise<void>;
  /** Moves the manual clock; everything that falls due on the way fires in order. */
  advance(to: Temporal.Instant): Promise<void>;
  /** Resolves when every promised message has been sent and every job is done. */
  settled(): Promise<void>;
  /** Takes work from the queue and wakes the schedules: roles `all` and `worker`. */
  startWorking(): Promise<void>;
  stop(): Promise<void>;
}

/** The sandbox shows everybody, also those without a position or a department. */
function sandboxPerson({ position, department, ...person }: SandboxPerson) {
  return { ...person, position: position ?? '', department: department ?? '' };
}

export interface AppOptions {
  config: Pick<Config, 'role' | 'clock' | 'sandbox' | 'dataDir' | 'redisUrl' | 'behaviour'> &
    Partial<Pick<Config, 'platforms' | 'publicUrl' | 'faqKeys'>>;
  database: Database;
  databaseUrl: string;
  secrets: Pick<Secrets, 'secretKey'>;
  log: Log;
  /** Instead of the platforms in `config`: what a test or a rehearsal speaks through. */
  channels?: (deps: ChannelDeps) => ChannelAdapter[];
  /** How many jobs one process works on at once. */
  concurrency?: number;
}

/** The first that has an answer. */
function inTurn(...answerers: readonly AnswerQuestion[]): AnswerQuestion {
  return async (tx, turn) => {
    for (const answer of answerers) {
      const reply = await answer(tx, turn);
      if (reply !== undefined) return reply;
    }
    return undefined;
  };
}

const ROLES_THAT_WORK = ['all', 'worker'];

/** Joins all parts. Read it from top to bottom to know who uses whom; nothing runs before `startWorking`. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, database, log } = options;
  const { db } = database;
  const { behaviour } = config;

  const manual =
    config.clock === 'manual' ? await restoreManualClock(db, behaviour.clock.startAt) : undefined;
  const clock = manual ?? systemClock;
  const calendar = workdayCalendar(behaviour.calendar);
  const metrics = createMetrics();
  const sealer = createActionSealer(options.secrets.secretKey);
  const fileRoot = join(config.dataDir, 'files');
  mkdirSync(fileRoot, { recursive: true });

  const amnesty = {
    ...behaviour.amnesty,
    from: Temporal.PlainTime.from(behaviour.amnesty.from),
    to: Temporal.PlainTime.from(behaviour.amnesty.to),
  };

  const adapters: ChannelAdapter[] = [];
  if (config.sandbox) {
    const people = {
      list: async () => (await sandboxPeople(db, localDay(clock.now(), behaviour.zone))).map(sandboxPerson),
      exists: (ids: string[]) => knownIds(db, 'sandbox', 'sandbox', ids),
    };
    const clockIsManual = manual !== undefined;
    adapters.push(createSandboxAdapter({ database, clock, log, people, fileRoot, clockIsManual }));
  }
  const channelDeps: ChannelDeps = {
    database,
    clock,
    log,
    fileRoot,
    publicUrl: config.publicUrl ?? 'http://127.0.0.1:8787',
  };
  const { platforms } = config;
  adapters.push(
    ...(options.channels?.(channelDeps) ??
      (platforms === undefined ? [] : openChannels(platforms, channelDeps, behaviour))),
  );
  const adapterOf = (channel: string, account: string) =>
    adapters.find((adapter) => adapter.channel === channel && adapter.account === account);

  const performance = performanceExport({ db });
  const exportDeps = {
    db,
    clock,
    fileRoot,
    keepDays: behaviour.exports.keepDays,
    others: { performance },
    zone: behaviour.zone,
    approval: {
      above: behaviour.exports.secondApproverAbove,
      channels: () => adapters.map(({ channel }) => channel),
    },
  };
  const hrReports = reports({
    ...exportDeps,
    enqueue: (call, { id, priority }) => queue.enqueue(call, { id, priority }),
    nudge: () => relay.nudge(),
  });
  const signer = signerFrom(options.secrets.secretKey);
  const hrPeriods = periods({
    db,
    clock,
    fileRoot,
    signer,
    correctDays: correct,
    exports: exportDeps,
    enqueue: (call, { id, priority }) => queue.enqueue(call, { id, priority }),
    beginExport: hrReports.begin,
  });
  const periodDeps = {
    calendar,
    db,
    clock,
    fileRoot,
    signer,
    correctDays: correct,
    campaignBy,
    namesOf,
    reading: auditedReading({ db, clock }),
    beginRun: hrPeriods.beginRun,
    beginComparison: hrPeriods.beginComparison,
    nudge: () => relay.nudge(),
  };
  const ticketDeps: TicketDeps = {
    zone: behaviour.zone,
    calendar,
    later: (tx, key, at, call) => scheduler.put(tx, { key, call, when: { at }, misfire: { policy: 'once' } }),
  };
  const support = tickets(ticketDeps);
  const reranker = createReranker(rerankSettings(behaviour.faq, config.faqKeys), {
    log,
    count: (kind, outcome) => metrics.faqModel.inc({ kind, outcome }),
  });
  const answers = faq({
    db,
    fileRoot,
    handOver: support.handOver,
    reranker,
    observe: ({ via, outcome, seconds }) => {
      metrics.faqQuestions.inc({ via, outcome });
      metrics.faqSeconds.observe(seconds);
    },
  });
  const company = { zone: behaviour.zone, quiet: behaviour.messages.quiet, calendar };
  const rulesOf = rulesOfPeople(company);
  const budget = {
    perDay: behaviour.messages.perDay,
    perWeek: behaviour.messages.perWeek,
    digestAt: Temporal.PlainTime.from(behaviour.messages.digestAt),
  };
  const noticeDeps = {
    db,
    clock,
    fileRoot,
    adapters,
    rulesOf,
    budget,
    settings: behaviour.notices,
    zone: behaviour.zone,
    schedules: {
      put: (tx: Db, { key, call, at }: { key: string; call: JobCall; at: Temporal.Instant }) =>
        scheduler.put(tx, { key, call, when: { at }, misfire: { policy: 'once' } }),
      remove: async (tx: Db, key: string) => void (await scheduler.remove(tx, key)),
    },
    enqueue: (call: JobCall, { id, priority }: { id: string; priority: 'answer' }) =>
      queue.enqueue(call, { id, priority }),
    nudge: () => relay.nudge(),
    wake: () => scheduler.wake(),
  };
  const linkFor = (tx: Db, employee: { employeeId: string; name: string }) =>
    createChatLink(tx, { ...employee, publicUrl: channelDeps.publicUrl, now: systemClock.now() });
  const closing = { zone: behaviour.zone };
  const certificates = { fileRoot, zone: behaviour.zone, secretKey: options.secrets.secretKey };
  const rounds = quizzes({
    ...closing,
    certificates: {
      db,
      clock,
      files: certificates,
      enqueue: (call, { id, priority }) => queue.enqueue(call, { id, priority }),
      nudge: () => relay.nudge(),
    },
  });
  const trainingDeps: TrainingDeps = {
    zone: behaviour.zone,
    fileRoot,
    secretKey: options.secrets.secretKey,
    publicUrl: channelDeps.publicUrl,
    later: (tx, schedule) => putOnce(tx, scheduler, schedule),
  };
  const classes = trainings(trainingDeps);
  const sources = adapters.flatMap(({ directory }) => directory ?? []);
  const sync = directorySync({
    db,
    clock,
    log,
    zone: behaviour.zone,
    sources,
    refreshSchedules: () => refreshSchedules(),
    enqueue: (call, options) => queue.enqueue(call, options),
  });
  sync.listen();
  const daily = checkins({ month: { takes: takesMonth, show: showMonth }, freezes: ownFreezes });
  const features = [
    rewards(),
    tips(),
    daily,
    makeups(),
    rounds,
    notices(noticeDeps),
    links({ cardsFor: cardsForLink }),
    classes,
    hrReports,
    hrPeriods,
    answers,
    support,
    suppression(company),
    privacy({ fileRoot }),
    access({ linkFor }),
    sync,
  ];
  // Whatever hands in evidence; the word for the tip is where most begin.
  const collecting = new Set([...(daily.commands ?? []).map(({ name }) => name), 'tips.today']);
  const commandsOf = (actor: Parameters<CommandTable['of']>[0]) => commands.of(actor);
  const commands: CommandTable = commandTable(
    [...features.flatMap((feature) => feature.commands ?? []), helpCommand({ commandsOf })].map((command) =>
      collecting.has(command.name) ? withNotice(command) : command,
    ),
    fallbacks({
      commandsOf,
      answerQuestion: inTurn(classes.overhear, support.overhear, answers.answer),
      typedAnswers,
      noteForeign: noteForeignTap,
    }),
  );

  const backend = queueBackend({
    databaseUrl: options.databaseUrl,
    redisUrl: config.redisUrl,
    redisSpread: behaviour.redis,
    log,
  });
  const send = sendJob({
    db,
    clock,
    sealer,
    adapterOf,
    acted: async (tx, stopKey, ids) =>
      stopKey.startsWith('notice:') ? actedOnNotice(tx, stopKey, ids) : actedOn(tx, stopKey, ids),
    rulesOf,
    nudge: () => relay.nudge(),
    count: (channel, state, n) => metrics.deliveries.inc({ channel, state }, n),
  });
  const queue = createQueue({
    backend,
    jobs: [send, ...features.flatMap((feature) => feature.queueJobs ?? [])],
    log,
    concurrency: options.concurrency ?? 16,
  });
  const relay = createRelay({
    db,
    clock,
    log,
    enqueue: (calls, options) => queue.enqueue(calls, options),
    send: (batchId) => send.with({ batchId }),
    adapters,
    rulesOf,
    budget,
    digestCards,
  });
  const router = createRouter({
    db,
    clock,
    log,
    sealer,
    commands,
    actorsOf,
    stranger,
    nudge: relay.nudge,
    prepare: questionsAhead({ secondLook: answers.secondLook, commands, zone: behaviour.zone }),
    count: (channel, outcome) => metrics.events.inc({ channel, outcome }),
  });
  const scheduler = createScheduler({
    db,
    clock,
    jobs: features
      .flatMap((feature) => feature.scheduledJobs ?? [])
      .map((job) => (job.name === pushTips.name ? aheadOfTips(pushTips) : job)),
    backend,
    calendar,
    log,
    onFired: ({ fired, skipped }) => {
      metrics.scheduleRuns.inc({ outcome: 'fired' }, fired);
      metrics.scheduleRuns.inc({ outcome: 'skipped' }, skipped);
      if (fired > 0) relay.nudge();
      if (fired > 0 && sources.length > 0) void sync.sweep().catch(() => undefined);
    },
  });
  const chores = createChores(log);

  async function refreshSchedules(): Promise<void> {
    await db.transaction(async (tx) => {
      await putCampaignSchedules(tx, scheduler);
      if (sources.length > 0) await putDirectorySchedule(tx, scheduler, sync.nightly, behaviour.zone);
      await putWeeklyMisses(tx, scheduler, behaviour.zone);
    });
    await db.transaction((tx) => putTrainingSchedules(tx, scheduler, clock.now()));
    await refreshQuizzes();
  }

  async function refreshQuizzes(): Promise<void> {
    await db.transaction((tx) => putQuizSchedules(tx, scheduler));
    relay.nudge();
    await scheduler.wake();
  }

  async function settled(): Promise<void> {
    do {
      await relay.sweep();
      await queue.idle();
      // In this order: what leaves the rows between the two questions is on the queue at the second.
    } while ((await relay.open()) > 0 || !(await queue.isIdle()));
  }

  const confirmDeps = {
    db,
    clock,
    log,
    adapters,
    count: (channel: string, state: string, n: number) => metrics.deliveries.inc({ channel, state }, n),
  };

  async function atEachStop(): Promise<void> {
    await confirmDue(confirmDeps);
    if (sources.length > 0) await sync.sweep();
    await settled();
    await keepManualClock(db, clock.now());
  }

  return {
    clock,
    metrics,
    routes: [
      ...apiRoutes({
        db,
        clock,
        calendar,
        zone: behaviour.zone,
        refreshSchedules,
        adapters,
        company,
        nudge: () => relay.nudge(),
      }),
      reportRoutes({ ...exportDeps, begin: hrReports.begin }),
      periodRoutes(periodDeps),
      ruleRoutes(periodDeps),
      appealRoutes(periodDeps),
      questionRoutes({ db, clock, pictures: pictures({ fileRoot }) }),
      quizRoutes({
        db,
        clock,
        reading: auditedReading({ db, clock }),
        closing,
        certificates,
        campaignBy,
        employeeIdOf,
        namesOf,
        refresh: refreshQuizzes,
      }),
      incidentRoutes({ db, clock, zone: behaviour.zone, amnesty }),
      syncRoutes(sync),
      noticeRoutes(noticeDeps),
      linkRoutes({ db, clock, publicUrl: channelDeps.publicUrl }),
      faqRoutes({ db, clock, zone: behaviour.zone, faq: answers, employeeIdOf }),
      faqConsoleRoutes({ db, clock, zone: behaviour.zone, faq: answers, employeeIdOf }),
      faqLearningRoutes({ db, clock, faq: answers }),
      faqFilesRoutes({ db, clock, faq: answers }),
      ticketRoutes({
        ...ticketDeps,
        db,
        clock,
        employeeIdOf,
        reading: auditedReading({ db, clock }),
        nudge: () => relay.nudge(),
      }),
      trainingRoutes({
        ...trainingDeps,
        db,
        clock,
        reading: auditedReading({ db, clock }),
        nudge: () => relay.nudge(),
        wake: () => scheduler.wake(),
      }),
    ],
    problems: [
      ...apiProblems,
      reportProblems,
      periodProblems,
      faqProblems,
      ticketProblems,
      questionProblems,
      quizProblems,
      noticeProblems,
      linkProblems,
      trainingProblems,
    ],
    pages: [(server) => serveTrainings(server, { db, clock, secretKey: options.secrets.secretKey })],
    router,
    commands,
    adapters,
    queue,
    relay,
    scheduler,
    refreshSchedules,
    async advance(to) {
      await throughDue(to, relay.nextDue, async (moment) => {
        await scheduler.advanceTo(moment, atEachStop);
        await atEachStop();
      });
      await keepManualClock(db, clock.now());
    },
    settled,
    async startWorking() {
      // Every role answers questions, so every process keeps its index up with what the others write.
      chores.every('refresh faq', '*/5 * * * * *', answers.knowledge.refresh);
      // A clock that is moved by hand jumps over minutes in which nobody was down.
      if (manual === undefined) {
        const process = newId();
        chores.every('beat', '0 * * * * *', () => beat(db, { process, role: config.role, at: clock.now() }));
      }
      if (!ROLES_THAT_WORK.includes(config.role)) return;
      await queue.start();
      await scheduler.start();
      await relay.sweep();
      await hrReports.sweep();
      await hrPeriods.sweep();
      await rounds.sweep();
      await sync.sweep();
      chores.every('sweep directory runs', '50 * * * * *', sync.sweep);
      chores.every('sweep exports', '45 * * * * *', hrReports.sweep);
      chores.every('sweep periods', '40 * * * * *', hrPeriods.sweep);
      chores.every('sweep certificates', '35 * * * * *', rounds.sweep);
      chores.every('keep house', '17 3 * * *', () =>
        keepHouse({ ...exportDeps, inboxKeepDays: behaviour.inbox.keepDays, adapters }),
      );
      chores.every('sweep outbox', '*/15 * * * * *', relay.sweep);
      chores.every('confirm deliveries', '5,20,35,50 * * * * *', async () => {
        if ((await confirmDue(confirmDeps)) > 0) relay.nudge();
      });
      if (manual === undefined) {
        chores.every('find incidents', '40 */5 * * * *', async () => {
          const found = await db.transaction((tx) =>
            findIncidents(tx, { zone: behaviour.zone, rule: amnesty, now: clock.now() }),
          );
          metrics.incidentsFound.inc(found);
        });
      }
      chores.every('delete what is too old', '40 19 * * *', async () => {
        const { retention, zone } = behaviour;
        const deleted = await cleanUp(db, { retention, fileRoot, zone, now: clock.now() });
        metrics.deletedRows.inc(deleted);
      });
      chores.every('find proxy check-ins', '10 21 * * *', async () => {
        const found = await db.transaction((tx) =>
          findFlags(tx, { rule: behaviour.flags, zone: behaviour.zone, now: clock.now() }),
        );
        metrics.flagsFound.inc(found);
      });
      // People and campaigns that another process imported get their schedules here.
      chores.every('refresh schedules', '30 * * * * *', refreshSchedules);
      chores.every('sample gauges', '*/15 * * * * *', async () => {
        const counts = await queue.counts();
        for (const [state, n] of Object.entries(counts)) metrics.queueDepth.set({ state }, n);
        metrics.outboxBacklog.set(await relay.open());
        await sampleTickets(db, clock.now(), metrics);
        for (const { kind, rounds: running, people, answers } of await roundNumbers(db)) {
          metrics.quizRounds.set({ kind }, running);
          metrics.quizPeople.set({ kind }, people);
          metrics.quizAnswers.set({ kind }, answers);
        }
        const { coming, signedUp, waiting, present } = await trainingNumbers(db, clock.now().toString());
        metrics.trainings.set(coming);
        metrics.trainingPeople.set({ standing: 'signed-up' }, signedUp);
        metrics.trainingPeople.set({ standing: 'waiting' }, waiting);
        metrics.trainingAttendance.set(present);
      });
    },
    async stop() {
      await chores.stop();
      await scheduler.stop();
      await queue.close();
      await relay.close();
      for (const adapter of adapters) await adapter.close();
      await backend.close();
    },
  };
}
