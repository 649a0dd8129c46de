import { InputNumber, Select } from 'antd';
import { Field } from './Field.tsx';
import { usePerformanceTexts } from './performance.text.ts';
import type { RuleFields } from './rule-draft.ts';

/** How a missed day is forgiven or comes back: freezes of the first days, 补卡 and 补学. */
export function Repairs({
  fields: { firstDays, makeUps, earnBack },
  set,
}: {
  fields: RuleFields;
  set: (changes: Partial<RuleFields>) => void;
}) {
  const { rules: t } = usePerformanceTexts();
  const number = (name: string, value: number, change: (value: number) => void, least = 0) => (
    <Field name={name}>
      <InputNumber aria-label={name} value={value} min={least} onChange={(given) => change(given ?? least)} />
    </Field>
  );
  return (
    <>
      {number(t.firstDays, firstDays.days, (days) => set({ firstDays: { ...firstDays, days } }))}
      {number(t.firstFreezes, firstDays.freezes, (freezes) => set({ firstDays: { ...firstDays, freezes } }))}
      {number(t.makeUps, makeUps.perPeriod, (perPeriod) => set({ makeUps: { ...makeUps, perPeriod } }))}
      {number(
        t.makeUpWindow,
        makeUps.withinWorkdays,
        (withinWorkdays) => set({ makeUps: { ...makeUps, withinWorkdays } }),
        1,
      )}
      <Field name={t.approver}>
        <Select
          aria-label={t.approver}
          value={makeUps.approver}
          onChange={(approver) => set({ makeUps: { ...makeUps, approver } })}
          options={(['nobody', 'liaison', 'hr'] as const).map((value) => ({
            value,
            label: t.approvers[value],
          }))}
        />
      </Field>
      {number(t.earnBack, earnBack.perPeriod, (perPeriod) => set({ earnBack: { ...earnBack, perPeriod } }))}
      {number(
        t.earnBackWindow,
        earnBack.withinWorkdays,
        (withinWorkdays) => set({ earnBack: { ...earnBack, withinWorkdays } }),
        1,
      )}
      {number(t.answers, earnBack.answers, (answers) => set({ earnBack: { ...earnBack, answers } }), 1)}
    </>
  );
}
