import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  at: (line: number, column: string, what: string) => `第 ${line} 行「${column}」：${what}`,
  shifted: '这一行的格数多于表头，可能多了一个分隔符；含分隔符的内容请加引号。',
  empty: '不能为空，请填写。',
  tooLong: (max: number) => `不能超过 ${max} 个字。`,
  excelError: (value: string) => `单元格里是 Excel 的错误值 ${value}，请改正公式或直接填写内容。`,
  lostDigits: (value: string) =>
    `Excel 已把它变成数字 ${value}，后面的位数丢了；请把这一列设成“文本”后重新填写。`,
  wasNumber: (code: string) =>
    `这一格是数字，其他行是文本；已按 ${code} 导入，如果前面有 0 请把单元格设成“文本”后重填。`,
  duplicate: (code: string, lines: readonly number[]) =>
    `${code} 在第 ${lines.join('、')} 行重复出现，请只保留一行。`,
  unknownDepartment: (code: string) => `没有编码为 ${code} 的部门；请先在部门表里加上它，或改成已有的编码。`,
  refusedParent: (code: string) => `上级部门 ${code} 没有导入，请先改正它所在的那一行。`,
  circle: (codes: readonly string[]) => `上级关系绕成了一圈：${codes.join(' → ')}；请改正其中一个上级。`,
  badDate: (value: string) => `“${value}”不是日期；请写成 2026-11-22 这样。`,
  leftBeforeJoined: (joined: string) => `离职日期早于入职日期 ${joined}；请改正其中一个。`,
  badZone: (value: string) => `没有时区“${value}”；请写成 Asia/Shanghai 这样的名称。`,
  badLocale: (value: string) => `不认识语言“${value}”；请写 zh-CN 或 en。`,
  badLevel: (value: string) =>
    `不认识水平“${value}”；请写 beginner（初级）、intermediate（中级）或 advanced（高级）。`,
  badRole: (value: string) =>
    `不认识角色“${value}”；请写 liaison（接口人）、hr（人事）、operator（运营）、support（客服）或 admin（管理员）。`,
  liaisonWithoutScope: '角色有 liaison（接口人），请填写其负责的部门编码。',
  scopeWithoutLiaison: '角色里没有 liaison（接口人），这一格没有起作用。',
  noDepartment: '没有填写部门，已按没有部门导入。',
  secondPostIsMain: (code: string) => `${code} 已是主部门，不再作为兼职部门。`,
  outdated: (since: string, asOf: string) =>
    `此人在 ${since} 已有更新的记录，不能再按 ${asOf} 导入；请用不早于 ${since} 的生效日期。`,
  futureAsOf: (asOf: string) => `生效日期 ${asOf} 在将来；请到当天再导入，或改成不晚于今天的日期。`,
  removalsHeld: (count: number, limit: number) =>
    `文件里没有的在职员工有 ${count} 人，超过一次最多 ${limit} 人，因此都没有按离职处理；请核对后确认再导入。`,
  removalsUnsure: '有的行读不出工号，无法判断谁不在文件里，因此没有人按离职处理；请改正这些行后再导入。',
  unchanged: '导入完成：没有任何变化。',
  done: (departments: string, employees: string) => `导入完成：部门 ${departments}；员工 ${employees}。`,
  nothing: '没有行',
  outcomes: {
    created: '新增',
    updated: '更新',
    unchanged: '没有变化',
    left: '离职',
    rejoined: '重新入职',
    moved: '调动',
    refused: '未导入',
  },
  badCursor: '翻页标记无效，请从第一页开始。',
};

const en: typeof zh = {
  at: (line, column, what) => `Line ${line}, "${column}": ${what}`,
  shifted: 'this row has more cells than the header, perhaps a separator too many; quote what contains one.',
  empty: 'must not be empty; please fill it in.',
  tooLong: (max) => `must not be longer than ${max} characters.`,
  excelError: (value) =>
    `the cell holds the Excel error ${value}; please mend the formula or type the content.`,
  lostDigits: (value) =>
    `Excel turned this into the number ${value} and lost its last digits; please format the column as text and type it again.`,
  wasNumber: (code) =>
    `the cell is a number while others are text; imported as ${code}. If it begins with 0, format the cell as text and type it again.`,
  duplicate: (code, lines) => `${code} stands in lines ${lines.join(', ')}; please keep one of them.`,
  unknownDepartment: (code) =>
    `there is no department with the code ${code}; please add it to the departments or use an existing code.`,
  refusedParent: (code) => `the parent department ${code} was not imported; please mend its row first.`,
  circle: (codes) => `the parents form a circle: ${codes.join(' → ')}; please mend one of them.`,
  badDate: (value) => `"${value}" is not a date; please write it like 2026-11-22.`,
  leftBeforeJoined: (joined) => `is before the joining date ${joined}; please mend one of the two.`,
  badZone: (value) => `there is no time zone "${value}"; please write a name such as Asia/Shanghai.`,
  badLocale: (value) => `the language "${value}" is not known; please write zh-CN or en.`,
  badLevel: (value) => `the level "${value}" is not known; please write beginner, intermediate or advanced.`,
  badRole: (value) =>
    `the role "${value}" is not known; please write liaison, hr, operator, support or admin.`,
  liaisonWithoutScope: 'the roles contain liaison; please give the codes of the departments served.',
  scopeWithoutLiaison: 'the roles do not contain liaison, so this cell has no effect.',
  noDepartment: 'no department is given; imported without one.',
  secondPostIsMain: (code) => `${code} is the main department already and was not taken as a second post.`,
  outdated: (since, asOf) =>
    `newer records of this person begin on ${since}, so an import as of ${asOf} is out of date; please use ${since} or later.`,
  futureAsOf: (asOf) => `The import is as of ${asOf}, which is in the future; please use today or earlier.`,
  removalsHeld: (count, limit) =>
    `${count} employees are not in the file, more than the ${limit} that may leave at once, so nobody was taken for a leaver; please check and confirm.`,
  removalsUnsure:
    'Some rows have no readable employee no., so nobody can tell who is absent, and nobody was taken for a leaver; please mend these rows.',
  unchanged: 'Imported: nothing changed.',
  done: (departments, employees) => `Imported: departments ${departments}; employees ${employees}.`,
  nothing: 'no rows',
  outcomes: {
    created: 'created',
    updated: 'updated',
    unchanged: 'unchanged',
    left: 'left',
    rejoined: 'rejoined',
    moved: 'moved',
    refused: 'refused',
  },
  badCursor: 'The cursor is not valid; please start at the first page.',
};

export const directoryTexts: Catalogue<typeof zh> = { 'zh-CN': zh, en };
export type DirectoryTexts = typeof zh;
