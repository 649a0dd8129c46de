import { expect, it } from '@jest/globals';
import { typeOf } from '#src/features/faq/faq.files.api.ts';

it.each([
  // Windows calls it application/x-zip-compressed, and without Office it has no name for a DOCX.
  ['安装包.zip', 'application/zip'],
  ['手册.v2.DOCX', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['截图.jpeg', 'image/jpeg'],
  ['病毒.exe', 'application/octet-stream'],
  ['没有结尾', 'application/octet-stream'],
  ['x.constructor', 'application/octet-stream'],
])('an attachment is what its name says, whatever the system calls it: %s', (name, type) => {
  expect(typeOf(name)).toBe(type);
});
