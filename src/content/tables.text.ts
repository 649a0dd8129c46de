const zh = {
  missingFile: (name: string) => `找不到或无法读取文件 ${name}。`,
  tooLarge: (name: string, megabytes: number) => `${name} 超过 ${megabytes} MB，请拆成几个文件再导入。`,
  tooManyRows: (name: string, rows: number) =>
    `${name} 超过 ${rows.toLocaleString('en')} 行，请拆成几个文件再导入。`,
  empty: (name: string) => `${name} 是空的：第一行应当是列名。`,
  oldWorkbook: (name: string) => `${name} 是旧版 .xls 或加了密码的工作簿，请另存为不加密的 .xlsx 再导入。`,
  brokenWorkbook: (name: string) =>
    `${name} 不是完整的 XLSX 工作簿，可能没有传完或已损坏，请重新保存或上传。`,
  brokenCsv: (name: string, line: number) => `${name} 第 ${line} 行读不下去：引号没有配对，或这一行过长。`,
  notText: (name: string) => `${name} 不是 UTF-8 或 GB18030 编码的文本，请另存为 CSV UTF-8 再导入。`,
  missingColumns: (name: string, missing: string[], found: string[]) =>
    `${name} 缺少必需的列 ${missing.map(quoted).join('')}；文件里有的列是 ${found.map(quoted).join('') || '（无）'}。`,
  twice: (name: string, column: string) => `${name} 里「${column}」一列出现了不止一次，请只保留一列。`,
};

const quoted = (column: string): string => `「${column}」`;

const en: typeof zh = {
  missingFile: (name) => `The file ${name} cannot be found or read.`,
  tooLarge: (name, megabytes) =>
    `${name} is larger than ${megabytes} MB; please split it into several files.`,
  tooManyRows: (name, rows) =>
    `${name} has more than ${rows.toLocaleString('en')} rows; please split it into several files.`,
  empty: (name) => `${name} is empty: its first line should hold the column names.`,
  oldWorkbook: (name) =>
    `${name} is an old .xls or a workbook with a password; please save it as .xlsx without a password.`,
  brokenWorkbook: (name) =>
    `${name} is not a complete XLSX workbook, perhaps cut off or damaged; please save or upload it again.`,
  brokenCsv: (name, line) =>
    `${name} cannot be read at line ${line}: a quote is not closed or the line is too long.`,
  notText: (name) => `${name} is neither UTF-8 nor GB18030 text; please save it as CSV UTF-8.`,
  missingColumns: (name, missing, found) =>
    `${name} lacks the required column ${missing.map((column) => `"${column}"`).join(', ')}; its columns are ${
      found.map((column) => `"${column}"`).join(', ') || '(none)'
    }.`,
  twice: (name, column) => `${name} has the column "${column}" more than once; please keep one.`,
};

export const tableTexts = { 'zh-CN': zh, en };
export type TableTexts = typeof zh;
