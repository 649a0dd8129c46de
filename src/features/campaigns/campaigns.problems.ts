/** What is answered instead of a campaign. */
export const campaignProblems = {
  'campaign.not-found': {
    status: 404,
    title: { 'zh-CN': '没有这个活动', en: 'There is no such campaign' },
  },
} as const;
