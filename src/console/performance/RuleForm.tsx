import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import {
  type EvidenceKind,
  evidenceKinds,
  type PerformanceRule,
} from '../../features/performance/performance.schema.ts';
import { Problem } from '../parts.tsx';
import { useSend } from '../use-send.ts';
import { Field } from './Field.tsx';
import { usePerformanceTexts } from './performance.text.ts';
import { Repairs } from './Repairs.tsx';
import { fieldsOf, type RuleFields, ruleFrom } from './rule-draft.ts';

/** The next version, beginning with the last one. It is compared before anybody can publish it. */
export function RuleForm({
  campaign,
  fromDay,
  last,
}: {
  campaign: string;
  fromDay: string;
  last: PerformanceRule | undefined;
}) {
  const { rules: t } = usePerformanceTexts();
  const [fields, setFields] = useState<RuleFields>(() => fieldsOf(last));
  const [from, setFrom] = useState(fromDay);
  const [problem, setProblem] = useState<string>();
  const send = useSend();
  const set = (changes: Partial<RuleFields>): void => setFields((old) => ({ ...old, ...changes }));
  const compare = (): void => {
    const made = ruleFrom(fields, last);
    if ('problem' in made) return setProblem(made.problem);
    setProblem(undefined);
    send.mutate({ path: '/performance/drafts', body: { campaign, fromDay: from, rule: made.rule } });
  };
  const number = (name: string, key: 'days' | 'of' | 'weight' | 'individual' | 'freezes' | 'appealDays') => (
    <Field name={name}>
      <InputNumber
        aria-label={name}
        value={fields[key]}
        min={0}
        onChange={(value) => set({ [key]: value ?? 0 })}
      />
    </Field>
  );
  return (
    <section className="panel" aria-label={t.draft}>
      <h2>{t.draft}</h2>
      <div className="performance-form">
        <Field name={t.fromDay}>
          <Input
            type="date"
            aria-label={t.fromDay}
            value={from}
            onChange={({ target }) => setFrom(target.value)}
          />
        </Field>
        {fields.groups.map((group, index) => (
          // Groups have no name but their place.
          <Field key={`group ${index + 1}`} name={`${t.demand} ${t.group(index + 1)}`}>
            <Select<EvidenceKind[]>
              mode="multiple"
              aria-label={t.group(index + 1)}
              value={group}
              onChange={(value) => set({ groups: fields.groups.with(index, value) })}
              options={evidenceKinds.map((value) => ({ value, label: t.kinds[value] }))}
            />
          </Field>
        ))}
        <Field name={t.target}>
          <Select
            aria-label={t.target}
            value={fields.target}
            onChange={(target) => set({ target })}
            options={(['days', 'consecutive'] as const).map((value) => ({
              value,
              label: t.targetKinds[value],
            }))}
          />
        </Field>
        {number(t.days, 'days')}
        {fields.target === 'days' ? number(t.of, 'of') : null}
        {number(t.weight, 'weight')}
        {number(t.individual, 'individual')}
        {number(t.freezes, 'freezes')}
        <Repairs fields={fields} set={set} />
        {number(t.appealDays, 'appealDays')}
        <Field name={t.bands}>
          <Input.TextArea
            aria-label={t.bands}
            value={fields.bands}
            autoSize
            onChange={({ target }) => set({ bands: target.value })}
          />
        </Field>
      </div>
      <Button type="primary" loading={send.isPending} onClick={compare}>
        {t.compare}
      </Button>
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {t.bad}
          {problem}
        </p>
      )}
      {send.error === null ? null : <Problem error={send.error} />}
    </section>
  );
}
