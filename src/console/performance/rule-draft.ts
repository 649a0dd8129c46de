import {
  type EvidenceKind,
  type PerformanceRule,
  performanceRuleSchema,
} from '../../features/performance/performance.schema.ts';

/** A rule as the form holds it: what is not in the form stays as it is in the last version. */
export interface RuleFields {
  groups: EvidenceKind[][];
  target: 'days' | 'consecutive';
  days: number;
  of: number;
  bands: string;
  weight: number;
  individual: number;
  freezes: number;
  firstDays: PerformanceRule['firstDays'];
  makeUps: PerformanceRule['makeUps'];
  earnBack: PerformanceRule['earnBack'];
  appealDays: number;
}

export function fieldsOf(rule: PerformanceRule | undefined): RuleFields {
  if (rule === undefined)
    return {
      groups: [['tap'], []],
      target: 'days',
      days: 20,
      of: 22,
      bands: '达成 100 100\n部分达成 60 60\n未达成 0 0',
      weight: 5,
      individual: 80,
      freezes: 1,
      firstDays: { days: 7, freezes: 0 },
      makeUps: { perPeriod: 2, withinWorkdays: 5, approver: 'hr' },
      earnBack: { perPeriod: 1, withinWorkdays: 5, answers: 3 },
      appealDays: 7,
    };
  const { target } = rule;
  return {
    groups: [...rule.day, ...(rule.day.length < 2 ? [[]] : [])],
    target: target.kind,
    days: target.days,
    of: target.kind === 'days' ? target.of : 22,
    bands: rule.bands.map(({ name, from, credit }) => `${name} ${from} ${credit}`).join('\n'),
    weight: rule.weight,
    individual: rule.parts.individual,
    freezes: rule.freezes,
    firstDays: rule.firstDays,
    makeUps: rule.makeUps,
    earnBack: rule.earnBack,
    appealDays: rule.appealDays,
  };
}

/** The rule that the form means, or what is missing in it. */
export function ruleFrom(
  fields: RuleFields,
  last: PerformanceRule | undefined,
): { rule: PerformanceRule } | { problem: string } {
  const { target, days, of, weight, individual, freezes, firstDays, makeUps, earnBack, appealDays } = fields;
  const parsed = performanceRuleSchema.safeParse({
    ...last,
    day: fields.groups.filter((group) => group.length > 0),
    target: target === 'days' ? { kind: target, days, of } : { kind: target, days },
    bands: fields.bands
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [name, from, credit] = line.trim().split(/\s+/);
        return { name, from: Number(from), credit: Number(credit) };
      }),
    parts: { individual, team: 100 - individual },
    weight,
    freezes,
    firstDays,
    makeUps,
    earnBack,
    appealDays,
  });
  if (parsed.success) return { rule: parsed.data };
  const [first] = parsed.error.issues;
  return { problem: `${first?.path.join('.')} ${first?.message}` };
}
