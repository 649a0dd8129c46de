/** What the directory answers instead of people and departments. */
export const directoryProblems = {
  'employee.not-found': {
    status: 404,
    title: { 'zh-CN': '没有这名员工', en: 'There is no such employee' },
  },
  'department.not-found': {
    status: 404,
    title: { 'zh-CN': '没有这个部门', en: 'There is no such department' },
  },
  'directory.run-not-found': {
    status: 404,
    title: { 'zh-CN': '没有这次通讯录同步', en: 'There is no such directory run' },
  },
  'directory.run-not-held': {
    status: 409,
    title: {
      'zh-CN': '这次同步没有等待确认的离职',
      en: 'This run holds no removals back, or a newer one has begun',
    },
  },
  'directory.no-source': {
    status: 409,
    title: { 'zh-CN': '没有接入能同步通讯录的平台', en: 'No platform is connected that has a directory' },
  },
} as const;
