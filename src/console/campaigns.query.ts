import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { campaignsPage } from '../features/campaigns/campaigns.api.ts';
import { call } from './api.ts';

type CampaignsPage = z.output<typeof campaignsPage>;

/** The newest campaigns: their zones and months. */
export const campaignsQuery = queryOptions({
  queryKey: ['campaigns'],
  queryFn: ({ signal }) => call<CampaignsPage>('/campaigns?limit=100', { signal }),
});
