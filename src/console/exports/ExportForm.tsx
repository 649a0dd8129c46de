import { Button, Input, Radio, Select } from 'antd';
import { type SubmitEvent, useId, useState } from 'react';
import type { ExportShape } from '../../features/reports/reports.api.ts';
import { useTexts } from '../language.ts';
import { Problem } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useWrite } from '../use-write.ts';

/** What a file holds: XLSX both tables, CSV one of them. */
const shapes = {
  xlsx: { format: 'xlsx' },
  'csv-detail': { format: 'csv', part: 'detail' },
  'csv-summary': { format: 'csv', part: 'summary' },
} as const;
type ShapeName = keyof typeof shapes;

type Request = { kind: 'checkins'; month: string; purpose: string } & (typeof shapes)[ShapeName];

/** Asks for an export. What was chosen stays, whatever the server says. */
export function ExportForm({ months }: { months: readonly string[] }) {
  const text = useTexts();
  const times = useTimes();
  const id = useId();
  const [chosen, setChosen] = useState<string>();
  const [shape, setShape] = useState<ShapeName>('xlsx');
  const [purpose, setPurpose] = useState('');
  const { mutate, isPending, data, error } = useWrite<Request, ExportShape>('/exports');
  const month = chosen ?? months[0] ?? '';

  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isPending) mutate({ kind: 'checkins', month, purpose: purpose.trim(), ...shapes[shape] });
  };

  return (
    <form className="export-form" onSubmit={onSubmit}>
      <div className="labelled">
        <label htmlFor={id}>{text.exports.month}</label>
        <Select
          id={id}
          value={month}
          onChange={setChosen}
          options={months.map((value) => ({ value, label: times.month(value) }))}
        />
      </div>
      <fieldset className="labelled">
        <legend>{text.exports.format}</legend>
        <Radio.Group
          value={shape}
          onChange={({ target }) => setShape(target.value as ShapeName)}
          options={(Object.keys(shapes) as ShapeName[]).map((value) => ({
            value,
            label: text.exports.shapes[value],
          }))}
        />
      </fieldset>
      <div className="labelled export-purpose">
        <label htmlFor={`${id}-purpose`}>{text.exports.purpose}</label>
        <Input
          id={`${id}-purpose`}
          value={purpose}
          onChange={({ target }) => setPurpose(target.value)}
          placeholder={text.exports.purposeHint}
          aria-describedby={`${id}-purpose-about`}
          minLength={2}
          maxLength={200}
          required
        />
        <p className="muted small" id={`${id}-purpose-about`}>
          {text.exports.purposeAbout}
        </p>
      </div>
      <Button type="primary" htmlType="submit" loading={isPending}>
        {text.exports.create}
      </Button>
      <p className="muted form-word" role="status">
        {data === undefined ? '' : data.state === 'waiting' ? text.exports.waits : text.exports.created}
      </p>
      {error === null ? null : <Problem error={error} />}
    </form>
  );
}
