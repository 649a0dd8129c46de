import type { createBullBoard } from '@bull-board/api';

type Adapter = Parameters<typeof createBullBoard>[0]['serverAdapter'];
type Given<Setter extends keyof Adapter> = Parameters<Adapter[Setter]>[0];

/** What Bull Board hands to a web server. */
export interface Board {
  queues: Given<'setQueues'>;
  uiConfig: Given<'setUIConfig'>;
  page: Given<'setEntryRoute'>;
  routes: Given<'setApiRoutes'>;
  viewFolder: string;
  staticFolder: string;
}

/** An adapter that only keeps what it is given: Bull Board's own one for Fastify also serves what writes. */
export function keepingAdapter(): { adapter: Adapter; board: () => Board } {
  const kept: Partial<Board> = {};
  const keep = (part: Partial<Board>): Adapter => {
    Object.assign(kept, part);
    return adapter;
  };
  const adapter: Adapter = {
    setQueues: (queues) => keep({ queues }),
    setUIConfig: (uiConfig) => keep({ uiConfig }),
    setEntryRoute: (page) => keep({ page }),
    setApiRoutes: (routes) => keep({ routes }),
    setViewsPath: (viewFolder) => keep({ viewFolder }),
    setStaticPath: (_route, staticFolder) => keep({ staticFolder }),
    // Errors are answered as everywhere else; Bull Board's answers tell where in the code they arose.
    setErrorHandler: () => adapter,
  };
  return { adapter, board: () => kept as Board };
}
