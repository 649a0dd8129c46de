import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Radio, Select } from 'antd';
import { type SubmitEvent, useState } from 'react';
import type { NoticeInputShape, NoticeView } from '../../features/notices/notices.api.ts';
import { Problem } from '../parts.tsx';
import { useWrite } from '../use-write.ts';
import { Labelled } from './Labelled.tsx';
import { MoreFields } from './MoreFields.tsx';
import {
  emptyWriting,
  inputOf,
  type NoticeWriting,
  ownVariablesIn,
  type Part,
  usualHours,
  writingOf,
} from './notices.form.ts';
import { departmentsQuery, templatesQuery } from './notices.query.ts';
import { useNoticeTexts } from './notices.text.ts';

/** A draft, from a short text to a formal document. What was written stays, whatever the server says. */
export function NoticeForm({ notice, onKept }: { notice?: NoticeView; onKept?: () => void }) {
  const text = useNoticeTexts();
  const departments = useQuery(departmentsQuery);
  const [writing, setWriting] = useState<NoticeWriting>(
    notice === undefined ? emptyWriting : writingOf(notice),
  );
  const path = notice === undefined ? '/notices' : `/notices/${notice.id}`;
  const { mutate, isPending, isSuccess, error } = useWrite<NoticeInputShape, NoticeView>(
    path,
    notice === undefined ? 'POST' : 'PUT',
  );
  const change = (some: Partial<NoticeWriting>): void => setWriting((before) => ({ ...before, ...some }));
  const { kind, title, body, values, everyone } = writing;
  const isDocument = kind === 'document';

  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isPending) return;
    mutate(inputOf(writing, notice), {
      onSuccess: () => {
        if (notice === undefined) setWriting(emptyWriting);
        onKept?.();
      },
    });
  };

  return (
    <form className="notice-form" onSubmit={onSubmit}>
      {notice === undefined ? <Templates onPick={change} /> : null}
      <fieldset className="labelled">
        <legend>{text.kind}</legend>
        <Radio.Group
          value={kind}
          onChange={({ target }) => {
            const next = target.value as NoticeWriting['kind'];
            change({ kind: next, ladder: next === 'document' ? usualHours : {} });
          }}
          options={(['notice', 'document'] as const).map((value) => ({ value, label: text.kinds[value] }))}
        />
      </fieldset>
      <Labelled label={text.title}>
        {(id) => (
          <Input
            id={id}
            required
            maxLength={100}
            value={title}
            onChange={(event) => change({ title: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={text.body}>
        {(id) => (
          <Input.TextArea
            id={id}
            required
            rows={6}
            maxLength={20_000}
            count={{ show: true, max: 3_600 }}
            value={body}
            onChange={(event) => change({ body: event.target.value })}
          />
        )}
      </Labelled>
      {ownVariablesIn(`${title}\n${body}`).map((name) => (
        <Labelled key={name} label={text.valueOf(name)}>
          {(id) => (
            <Input
              id={id}
              maxLength={500}
              value={values[name] ?? ''}
              onChange={(event) => change({ values: { ...values, [name]: event.target.value } })}
            />
          )}
        </Labelled>
      ))}
      {notice?.corrects == null ? (
        <>
          <Checkbox checked={everyone} onChange={({ target }) => change({ everyone: target.checked })}>
            {text.everyone}
          </Checkbox>
          {everyone ? null : (
            <Labelled label={text.departments}>
              {(id) => (
                <Select
                  id={id}
                  mode="multiple"
                  optionFilterProp="label"
                  value={writing.departments}
                  onChange={(codes: string[]) => change({ departments: codes })}
                  options={
                    departments.data?.items.map(({ code, name }) => ({ value: code, label: name })) ?? []
                  }
                />
              )}
            </Labelled>
          )}
        </>
      ) : null}
      {isDocument ? <Formal writing={writing} change={change} /> : null}
      {isDocument ? null : (
        <Checkbox
          checked={writing.needsAcknowledgement}
          onChange={({ target }) => change({ needsAcknowledgement: target.checked })}
        >
          {text.receipt}
        </Checkbox>
      )}
      <MoreFields writing={writing} change={change} />
      <Button type="primary" htmlType="submit" loading={isPending}>
        {notice === undefined ? text.keep : text.keepChange}
      </Button>
      <p className="muted form-word" role="status">
        {isSuccess ? text.kept : ''}
      </p>
      {error === null ? null : <Problem error={error} />}
    </form>
  );
}

function Templates({ onPick }: { onPick: Part['change'] }) {
  const text = useNoticeTexts();
  const { data } = useQuery(templatesQuery);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Labelled label={text.template}>
      {(id) => (
        <Select
          id={id}
          placeholder={text.noTemplate}
          value={null}
          onChange={(key: string | null) => {
            const found = data.items.find((one) => one.key === key);
            if (found === undefined) return;
            const { title, body, needsAcknowledgement } = found;
            onPick({ title, body, needsAcknowledgement });
          }}
          options={data.items.map(({ key, title }) => ({ value: key, label: title }))}
        />
      )}
    </Labelled>
  );
}

function Formal({ writing, change }: Part) {
  const text = useNoticeTexts();
  return (
    <div className="notice-formal">
      {(['issuer', 'documentNumber', 'signatories'] as const).map((field) => (
        <Labelled key={field} label={text[field]}>
          {(id) => (
            <Input
              id={id}
              maxLength={field === 'signatories' ? 300 : 100}
              value={writing[field]}
              onChange={(event) => change({ [field]: event.target.value })}
            />
          )}
        </Labelled>
      ))}
    </div>
  );
}
