import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** The numbers that Prometheus reads. One set per process; `app.ts` hands them to whom they concern. */
export function createMetrics() {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    /** `outcome`: handled, repeat, ignored, failed. */
    events: new Counter({
      name: 'cuhuo_events_total',
      help: 'Chat events by channel and what became of them',
      labelNames: ['channel', 'outcome'] as const,
      registers,
    }),
    deliveries: new Counter({
      name: 'cuhuo_deliveries_total',
      help: 'Deliveries by channel and the state they reached',
      labelNames: ['channel', 'state'] as const,
      registers,
    }),
    scheduleRuns: new Counter({
      name: 'cuhuo_schedule_runs_total',
      help: 'Schedule slots by outcome',
      labelNames: ['outcome'] as const,
      registers,
    }),
    queueDepth: new Gauge({
      name: 'cuhuo_queue_depth',
      help: 'Jobs in the queue by state',
      labelNames: ['state'] as const,
      registers,
    }),
    outboxBacklog: new Gauge({
      name: 'cuhuo_outbox_backlog',
      help: 'Promised deliveries that have not reached an end yet',
      registers,
    }),
    quizRounds: new Gauge({
      name: 'cuhuo_quiz_rounds',
      help: 'Quiz rounds that run now',
      labelNames: ['kind'] as const,
      registers,
    }),
    quizPeople: new Gauge({
      name: 'cuhuo_quiz_people',
      help: 'People who have a paper in a round that runs now',
      labelNames: ['kind'] as const,
      registers,
    }),
    quizAnswers: new Gauge({
      name: 'cuhuo_quiz_answers',
      help: 'Answers taken in the rounds that run now',
      labelNames: ['kind'] as const,
      registers,
    }),
    faqQuestions: new Counter({
      name: 'cuhuo_faq_questions_total',
      help: 'Questions by where they were asked and what was answered',
      labelNames: ['via', 'outcome'] as const,
      registers,
    }),
    faqSeconds: new Histogram({
      name: 'cuhuo_faq_search_duration_seconds',
      help: 'Time to find the entries for one question',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
      registers,
    }),
    ticketsOpen: new Gauge({
      name: 'cuhuo_tickets_open',
      help: 'Tickets that wait or are in hand',
      labelNames: ['priority', 'state'] as const,
      registers,
    }),
    ticketsOverdue: new Gauge({
      name: 'cuhuo_tickets_overdue',
      help: 'Open tickets that nobody has answered by the time promised',
      labelNames: ['priority'] as const,
      registers,
    }),
    ticketBreaches: new Gauge({
      name: 'cuhuo_ticket_sla_breaches',
      help: 'Times, ever, that a ticket was not answered by the time promised',
      labelNames: ['priority'] as const,
      registers,
    }),
    ticketFirstReply: new Gauge({
      name: 'cuhuo_ticket_first_reply_seconds',
      help: 'Time from opening to the first answer of a person, over 30 days; absent without one',
      labelNames: ['priority', 'quantile'] as const,
      registers,
    }),
    ticketScore: new Gauge({
      name: 'cuhuo_ticket_csat',
      help: 'Mean score from 1 to 5 of tickets solved lately; absent without one',
      labelNames: ['days'] as const,
      registers,
    }),
    ticketScores: new Gauge({
      name: 'cuhuo_ticket_csat_scores',
      help: 'Scores behind cuhuo_ticket_csat',
      labelNames: ['days'] as const,
      registers,
    }),
    faqModel: new Counter({
      name: 'cuhuo_faq_model_calls_total',
      help: 'Questions shown to a configured model, by what came of it',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    trainings: new Gauge({ name: 'cuhuo_trainings', help: 'Open trainings that are not over', registers }),
    /** `standing`: signed-up, waiting. */
    trainingPeople: new Gauge({
      name: 'cuhuo_training_people',
      help: 'People on the lists of open trainings that are not over',
      labelNames: ['standing'] as const,
      registers,
    }),
    trainingAttendance: new Gauge({
      name: 'cuhuo_training_attendance',
      help: 'Attendances of all trainings, as corrected',
      registers,
    }),
    incidentsFound: new Counter({
      name: 'cuhuo_incidents_found_total',
      help: 'Outages of a check-in window that this process found in the health record',
      registers,
    }),
    flagsFound: new Counter({
      name: 'cuhuo_flags_found_total',
      help: 'Groups of check-ins that this process found to look like proxies, for HR to look into',
      registers,
    }),
    deletedRows: new Counter({
      name: 'cuhuo_retention_deleted_total',
      help: 'Rows and files that this process deleted because their class is kept no longer',
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'cuhuo_http_request_duration_seconds',
      help: 'Time from request to answer by route template and class of status',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}

/** Times every request and serves `/metrics`. Paths count under their template, so that ids make no new series. */
export function serveMetrics(server: FastifyInstance, { registry, httpSeconds }: Metrics): void {
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    httpSeconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
  });
  server.get('/metrics', { config: { rateLimit: false } }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
