// The map of the sources: who may look at whom. Each name is the reason that a reader sees.
const layer = (name, from, mayReach) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [from, ...mayReach] },
});

/** What a routes file needs to put a slice on the API. */
const routesMayReach = '^src/http/(api|paging|paging\\.api|auth|authorise|problems\\.table)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    layer('kernel-stands-alone', '^src/kernel/', []),
    layer('embedded-postgres-stands-alone', '^src/embedded-postgres/', []),
    layer('content-reads-files', '^src/content/', ['^src/kernel/']),
    layer('chat-is-vocabulary', '^src/chat/', ['^src/kernel/']),
    layer('outbox-knows-messages', '^src/outbox/', ['^src/(kernel|chat)/', routesMayReach]),
    layer('scheduler-wakes-jobs', '^src/scheduler/', ['^src/kernel/', routesMayReach]),
    layer('inbox-hands-to-commands', '^src/inbox/', ['^src/(kernel|chat|outbox)/']),
    layer('adapters-translate', '^src/(adapters|sandbox)/', ['^src/(kernel|chat)/']),
    layer('http-carries', '^src/http/', ['^src/kernel/']),
    layer('config-is-read-once', '^src/config(\\.ts|/)', ['^src/(kernel|content)/']),
    layer('features-speak-in-messages', '^src/features/', [
      '^src/(kernel|chat|outbox|content)/',
      routesMayReach,
    ]),
    {
      name: 'only-routes-know-http',
      severity: 'error',
      from: {
        path: '^src/(features|outbox|scheduler)/',
        pathNot: ['\\.routes\\.ts$', '\\.api\\.ts$', '\\.problems\\.ts$'],
      },
      to: { path: '^src/http/' },
    },
    {
      name: 'the-verifier-stands-alone',
      severity: 'error',
      from: { path: '^src/verify-export/' },
      to: {
        path: '.',
        pathNot: [
          '^src/verify-export/',
          '^src/features/performance/performance\\.(rules|package|schema)\\.ts$',
          '^(node:)?(crypto|fs|fs/promises)$',
        ],
      },
    },
    layer('console-reads-api-shapes', '^src/console/', [
      '^src/(features/[^/]+|outbox|scheduler|http)/[^/]+\\.api\\.ts$',
      // The form checks a rule as the server does.
      '^src/features/performance/performance\\.schema\\.ts$',
    ]),
    layer('sandbox-page-reads-api-shapes', '^src/sandbox/page/', [
      '^src/sandbox/[^/]+\\.api\\.ts$',
      '^src/chat/message\\.ts$',
    ]),
    {
      name: 'slices-meet-at-the-door',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: {
        path: '^src/features/',
        pathNot: [
          '^src/features/$1/',
          '^src/features/feature\\.ts$',
          '/index\\.ts$',
          '\\.tables\\.ts$',
          '\\.schema\\.ts$',
          '\\.api\\.ts$',
        ],
      },
    },
    {
      name: 'platforms-are-strangers',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/[^/]+/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'only-the-app-joins',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/app(\\.ts|/)', '^src/cli/', '^src/main\\.ts$'] },
      to: { path: '^src/(app|cli)(\\.ts|/)' },
    },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' } },
};
