import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import type { NoticePreview, NoticeView } from '../../features/notices/notices.api.ts';
import { Problem } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useWorkTexts } from '../use-work-texts.ts';
import { useWrite } from '../use-write.ts';
import { useNoticeTexts } from './notices.text.ts';

/** What can be done with a notice where it stands. The server decides; what it refuses is said in one sentence. */
export function NoticeActions({ notice }: { notice: NoticeView }) {
  const { id, state } = notice;
  switch (state) {
    case 'draft':
      return (
        <>
          <Preview notice={notice} />
          <Act id={id} word="submit" />
          <Sending id={id} />
          <Act id={id} word="cancel" danger />
        </>
      );
    case 'in-review':
      return (
        <>
          <Preview notice={notice} />
          <Act id={id} word="approve" />
          <Rejecting id={id} />
          <Act id={id} word="cancel" danger />
        </>
      );
    case 'approved':
      return (
        <>
          <Preview notice={notice} />
          <Sending id={id} />
          <Act id={id} word="cancel" danger />
        </>
      );
    case 'scheduled':
      return <Act id={id} word="cancel" danger />;
    case 'sent':
      return (
        <>
          <Act id={id} word="remind" />
          <Act id={id} word="close" />
          <Act id={id} word="recall" danger />
          <Correcting notice={notice} />
        </>
      );
    case 'closed':
    case 'recalled':
      return <Correcting notice={notice} />;
    case 'cancelled':
      return null;
  }
}

type Word = 'submit' | 'approve' | 'reject' | 'cancel' | 'remind' | 'close' | 'recall';

function Act({
  id,
  word,
  body = {},
  danger = false,
}: {
  id: string;
  word: Word;
  body?: object;
  danger?: boolean;
}) {
  const text = useNoticeTexts();
  const { mutate, isPending, error } = useWrite<object, unknown>(`/notices/${id}/${word}`);
  return (
    <>
      <Button danger={danger} loading={isPending} onClick={() => mutate(body)}>
        {text[word]}
      </Button>
      {error === null ? null : <Problem error={error} />}
    </>
  );
}

/** Whoever wrote it hears why it goes back. */
function Rejecting({ id }: { id: string }) {
  const text = useNoticeTexts();
  const field = useId();
  const [reason, setReason] = useState('');
  const { mutate, isPending, error } = useWrite<{ reason: string }, NoticeView>(`/notices/${id}/reject`);
  return (
    <>
      <label htmlFor={field}>{text.reason}</label>
      <Input
        id={field}
        className="notice-correction"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button loading={isPending} onClick={() => mutate({ reason })}>
        {text.reject}
      </Button>
      {error === null ? null : <Problem error={error} />}
    </>
  );
}

function Sending({ id }: { id: string }) {
  const text = useNoticeTexts();
  const field = useId();
  const [at, setAt] = useState('');
  const { mutate, isPending, error } = useWrite<{ sendAt?: string | null }, NoticeView>(
    `/notices/${id}/send`,
  );
  return (
    <>
      <Button type="primary" loading={isPending} onClick={() => mutate({ sendAt: null })}>
        {text.send}
      </Button>
      <label htmlFor={field}>{text.sendAt}</label>
      <input
        id={field}
        className="field"
        type="datetime-local"
        value={at}
        onChange={(event) => setAt(event.target.value)}
      />
      <Button disabled={at === ''} onClick={() => mutate({ sendAt: new Date(at).toISOString() })}>
        {text.schedule}
      </Button>
      {error === null ? null : <Problem error={error} />}
    </>
  );
}

function Preview({ notice: { id, toGroups } }: { notice: NoticeView }) {
  const text = useNoticeTexts();
  const times = useTimes();
  const channels = useWorkTexts().channels.names;
  const { mutate, data, isPending, error } = useWrite<object, NoticePreview>(`/notices/${id}/preview`);
  return (
    <>
      <Button loading={isPending} onClick={() => mutate({})}>
        {text.preview}
      </Button>
      {data === undefined ? null : (
        <div className="notice-preview" role="status">
          <p>{text.previewed(data.people, data.leaving)}</p>
          {data.finishesAt === null ? null : <p>{text.finishesAt(times.short(data.finishesAt))}</p>}
          {toGroups ? <p>{data.groups > 0 ? text.groupsCount(data.groups) : text.noGroups}</p> : null}
          {data.problems.map(({ code, sentence }) => (
            <p key={code} className="problem">
              {sentence}
            </p>
          ))}
          {data.needsApproval ? <p>{text.needsApproval}</p> : null}
          {data.shortfalls.length === 0 ? null : (
            <ul>
              {data.shortfalls.map(({ kind, reason, n, words, people }) => (
                <li key={`${kind} ${reason}`}>{text.shortfall(words, n, people)}</li>
              ))}
            </ul>
          )}
          <ul>
            {data.fits.map(({ channel, account, bytes, most }) => (
              <li key={`${channel} ${account}`}>{text.fits(channels[channel] ?? channel, bytes, most)}</li>
            ))}
          </ul>
          {data.shortcomings.map(({ channel, place, kind, what }) => (
            <p key={`${channel} ${place} ${kind} ${what}`}>
              {text.look.where(channels[channel] ?? channel, place)}
              {text.look[kind](what)}
            </p>
          ))}
          {data.sample === null ? null : (
            <div className="notice-sample">
              <strong>{data.sample.title}</strong>
              <p>{data.sample.body}</p>
            </div>
          )}
        </div>
      )}
      {error === null ? null : <Problem error={error} />}
    </>
  );
}

function Correcting({ notice }: { notice: NoticeView }) {
  const text = useNoticeTexts();
  const field = useId();
  const [body, setBody] = useState('');
  const { mutate, isPending, error } = useWrite<{ title: string; body: string }, NoticeView>(
    `/notices/${notice.id}/correct`,
  );
  return (
    <>
      <label htmlFor={field}>{text.correctBody}</label>
      <Input
        id={field}
        className="notice-correction"
        maxLength={3_000}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
      <Button
        disabled={body.trim() === ''}
        loading={isPending}
        onClick={() => mutate({ title: notice.title, body })}
      >
        {text.correct}
      </Button>
      {error === null ? null : <Problem error={error} />}
    </>
  );
}
