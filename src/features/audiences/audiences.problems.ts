import type { ProblemTable } from '../../http/problems.table.ts';

export const audienceProblems = {
  'audience.not-found': { status: 404, title: { 'zh-CN': '没有这个受众', en: 'There is no such audience' } },
  'audience.name-taken': { status: 409, title: { 'zh-CN': '已有同名受众', en: 'The name is taken' } },
} satisfies ProblemTable;
