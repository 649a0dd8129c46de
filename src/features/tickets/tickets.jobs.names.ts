import { z } from 'zod';
import type { JobCall } from '../../kernel/jobs.ts';

/** The calls of the clock, apart from what they do: opening a ticket sets them, and they look at tickets again. */
const named = <Payload>(name: string, payload: z.ZodType<Payload>) => ({
  name,
  payload,
  with: (given: Payload): JobCall => ({ job: name, payload: given }),
});

export const ticketDue = named(
  'tickets.due',
  z.object({ ticketId: z.uuid(), step: z.enum(['remind', 'escalate']) }),
);
export const dutyBegins = named('tickets.duty', z.object({ ticketId: z.uuid() }));
