export const incidentProblems = {
  'incident.not-found': { status: 404, title: { 'zh-CN': '没有这个故障', en: 'There is no such incident' } },
  'incident.decided': {
    status: 409,
    title: { 'zh-CN': '这个故障已经处理过了', en: 'The incident has been decided already' },
  },
  'incident.time': {
    status: 422,
    title: { 'zh-CN': '故障的起止时间不对', en: 'The times of the incident are not right' },
  },
} as const;
