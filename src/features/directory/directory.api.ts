import { z } from 'zod';
import { roles } from '../../chat/role.ts';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, wordInput } from '../../kernel/shapes.ts';

/** Somebody's department as lists show it. */
export const departmentNameShape = z.object({
  code: z
    .string()
    .describe("The customer's own code")
    .meta({ examples: ['FIN'] }),
  name: z.string(),
});

export const departmentShape = departmentNameShape.extend({
  id: z.uuid(),
  parentCode: z.string().nullable().describe('Null at the top'),
});
export type Department = z.infer<typeof departmentShape>;

export const departmentsQuery = pageQuery.strict();
export const departmentsPage = pageOf(departmentShape);

export const employeeShape = z.object({
  id: z.uuid(),
  number: z
    .string()
    .describe('工号: text, leading zeros count')
    .meta({ examples: ['E0001'] }),
  name: z.string(),
  position: z.string().nullable(),
  zone: z
    .string()
    .describe('IANA name of where the person lives today')
    .meta({ examples: ['Asia/Shanghai'] }),
  locale: z.string(),
  level: z.enum(['beginner', 'intermediate', 'advanced']),
  joinedOn: daySchema.nullable(),
  leftOn: daySchema.nullable().describe('The last day in the company; null while employed'),
  department: departmentNameShape.nullable().describe('The main department on the day asked for'),
  roles: z.array(z.enum(roles)).describe('Beyond being an employee, on the day asked for'),
});
export type EmployeeView = z.infer<typeof employeeShape>;

export const employeesQuery = pageQuery
  .extend({
    department: wordInput.optional().describe('A code; its people and those of everything below it'),
    search: wordInput.optional().describe('The beginning of a number or any part of a name'),
    employedOn: dayInput
      .optional()
      .describe(
        'Only who is in the company on this day, with the departments of this day; today when absent',
      ),
  })
  .strict();
export const employeesPage = pageOf(employeeShape);

export const employeeDetailShape = employeeShape.extend({
  posts: z
    .array(
      z.object({
        department: departmentNameShape,
        main: z.boolean().describe('The department that counts for figures; a second post is not'),
        from: daySchema,
        to: daySchema.nullable().describe('The last day; null while it lasts'),
      }),
    )
    .describe('All departments so far, newest first'),
  accounts: z
    .array(z.object({ channel: z.string(), account: z.string(), platformId: z.string() }))
    .describe('Where the person can be reached'),
});
export type EmployeeDetail = z.infer<typeof employeeDetailShape>;

const flag = z.enum(['true', 'false']).default('false');

export const importQuery = z.strictObject({
  kind: z
    .enum(['employees', 'departments'])
    .optional()
    .describe('What a file lists; absent for JSON, and for a workbook with the sheets 部门 and 员工'),
  dryRun: flag.describe('Report what would happen and change nothing'),
  asOf: dayInput
    .optional()
    .describe(
      "The day from which moves and leavings hold; the company's today when absent, never in the future",
    ),
  complete: flag.describe('The employees are everybody: whoever is missing has left'),
  confirmed: flag.describe('More than 5 % may leave at once: somebody has looked at it'),
});

const cell = z
  .union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])
  .describe('As in a file; a list stands for several codes, null for an empty cell');
const MOST_ROWS = 300_000;

/** Rows as JSON, by the keys of the columns. A row that lacks something is refused alone, in the report. */
export const importRows = z.strictObject({
  departments: z
    .array(z.strictObject({ code: cell, name: cell, parent: cell }).partial())
    .max(MOST_ROWS)
    .default([]),
  employees: z
    .array(
      z
        .strictObject({
          number: cell,
          name: cell,
          department: cell,
          secondPosts: cell,
          position: cell,
          zone: cell,
          locale: cell,
          roles: cell,
          liaisonFor: cell,
          joinedOn: cell,
          leftOn: cell,
          level: cell,
        })
        .partial(),
    )
    .max(MOST_ROWS)
    .default([])
    .meta({ examples: [[{ number: 'E0301', name: '王小明', department: 'FIN', joinedOn: '2026-03-02' }]] }),
});

const outcome = z.enum(['created', 'updated', 'unchanged', 'left', 'rejoined', 'moved', 'refused']);
const rowReport = z.object({
  line: z.int().describe('As Excel counts; for JSON the position from 1'),
  outcome,
  problems: z
    .array(z.string())
    .describe('Why the row was refused; with another outcome, what somebody should look at'),
});
const totals = z.object({
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  left: z.int(),
  rejoined: z.int(),
  moved: z.int(),
  refused: z.int(),
});

export const importReportShape = z.object({
  summary: z.string().describe('One sentence for a person, in the language of Accept-Language'),
  dryRun: z.boolean(),
  changed: z.boolean(),
  departments: z.array(rowReport.extend({ code: z.string() })),
  employees: z.array(rowReport.extend({ number: z.string() })),
  absent: z
    .array(z.object({ number: z.string(), name: z.string(), outcome: z.enum(['left', 'held']) }))
    .describe('Employed people whom a complete list does not mention'),
  totals: z.object({ departments: totals, employees: totals }),
  notices: z.array(z.string()).describe('What concerns the file as a whole'),
  unknownColumns: z
    .object({ departments: z.array(z.string()), employees: z.array(z.string()) })
    .describe('Headings that were not read'),
});
export type ImportReportView = z.infer<typeof importReportShape>;
