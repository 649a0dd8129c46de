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
} as const;
