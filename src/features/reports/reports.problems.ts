/** The codes of this slice, with their HTTP status. */
export const reportProblems = {
  'export.not-found': { status: 404, title: { 'zh-CN': '没有这个导出', en: 'There is no such export' } },
  'export.not-ready': { status: 409, title: { 'zh-CN': '导出还没有完成', en: 'The export is not finished' } },
  'export.gone': { status: 410, title: { 'zh-CN': '导出文件已过期', en: 'The file of the export is gone' } },
} as const;
