import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Radio, Select } from 'antd';
import { type ReactNode, type SubmitEvent, useId, useState } from 'react';
import type { NoticeInputShape, NoticeView } from '../../features/notices/notices.api.ts';
import { Problem } from '../parts.tsx';
import { useWrite } from '../use-write.ts';
import { departmentsQuery } from './notices.query.ts';
import { useNoticeTexts } from './notices.text.ts';

/** A draft, from a short text to a formal document. What was written stays, whatever the server says. */
export function NoticeForm() {
  const text = useNoticeTexts();
  const departments = useQuery(departmentsQuery);
  const { mutate, isPending, isSuccess, error } = useWrite<NoticeInputShape, NoticeView>('/notices');
  const [kind, setKind] = useState<'notice' | 'document'>('notice');
  const [title, setTitle] = useState('');
  const [body, setBody] = useState('');
  const [codes, setCodes] = useState<string[]>([]);
  const [issuer, setIssuer] = useState('');
  const [documentNumber, setDocumentNumber] = useState('');
  const [signatories, setSignatories] = useState('');
  const [needsAcknowledgement, setReceipt] = useState(false);
  const [takesSignUp, setSignUp] = useState(false);
  const [toGroups, setGroups] = useState(false);
  const isDocument = kind === 'document';

  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isPending) return;
    const formal = {
      issuer: issuer.trim() || null,
      documentNumber: documentNumber.trim() || null,
      signatories: signatories
        .split(/[、,，]/)
        .map((one) => one.trim())
        .filter(Boolean),
    };
    mutate({
      kind,
      title,
      body,
      audience: { departments: codes },
      needsAcknowledgement: isDocument || needsAcknowledgement,
      takesSignUp,
      toGroups,
      ...(isDocument ? formal : {}),
    });
  };

  return (
    <form className="notice-form" onSubmit={onSubmit}>
      <fieldset className="labelled">
        <legend>{text.kind}</legend>
        <Radio.Group
          value={kind}
          onChange={({ target }) => setKind(target.value as 'notice' | 'document')}
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
            onChange={(event) => setTitle(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled label={text.body}>
        {(id) => (
          <Input.TextArea
            id={id}
            required
            rows={6}
            maxLength={3_600}
            showCount
            value={body}
            onChange={(event) => setBody(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled label={text.departments}>
        {(id) => (
          <Select
            id={id}
            mode="multiple"
            optionFilterProp="label"
            value={codes}
            onChange={setCodes}
            options={departments.data?.items.map(({ code, name }) => ({ value: code, label: name })) ?? []}
          />
        )}
      </Labelled>
      {isDocument ? (
        <>
          <Labelled label={text.issuer}>
            {(id) => (
              <Input
                id={id}
                maxLength={100}
                value={issuer}
                onChange={(event) => setIssuer(event.target.value)}
              />
            )}
          </Labelled>
          <Labelled label={text.documentNumber}>
            {(id) => (
              <Input
                id={id}
                maxLength={100}
                value={documentNumber}
                onChange={(event) => setDocumentNumber(event.target.value)}
              />
            )}
          </Labelled>
          <Labelled label={text.signatories}>
            {(id) => (
              <Input
                id={id}
                maxLength={300}
                value={signatories}
                onChange={(event) => setSignatories(event.target.value)}
              />
            )}
          </Labelled>
        </>
      ) : (
        <Checkbox checked={needsAcknowledgement} onChange={({ target }) => setReceipt(target.checked)}>
          {text.receipt}
        </Checkbox>
      )}
      <Checkbox checked={takesSignUp} onChange={({ target }) => setSignUp(target.checked)}>
        {text.signUp}
      </Checkbox>
      <Checkbox checked={toGroups} onChange={({ target }) => setGroups(target.checked)}>
        {text.groups}
      </Checkbox>
      <Button type="primary" htmlType="submit" loading={isPending}>
        {text.keep}
      </Button>
      <p className="muted form-word" role="status">
        {isSuccess ? text.kept : ''}
      </p>
      {error === null ? null : <Problem error={error} />}
    </form>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="labelled">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
