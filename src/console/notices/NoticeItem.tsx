import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { NoticeDetail, NoticeView } from '../../features/notices/notices.api.ts';
import { Loaded, More, Tag, type Tone } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useWorkTexts } from '../use-work-texts.ts';
import { NoticeActions } from './NoticeActions.tsx';
import { NoticeFacts } from './NoticeFacts.tsx';
import { NoticeForm } from './NoticeForm.tsx';
import { noticeQuery, peopleQuery } from './notices.query.ts';
import { useNoticeTexts } from './notices.text.ts';

const tones: Partial<Record<NoticeView['state'], Tone>> = {
  'in-review': 'warm',
  approved: 'notice',
  scheduled: 'notice',
  sent: 'good',
};

export function NoticeItem({ notice }: { notice: NoticeView }) {
  const text = useNoticeTexts();
  const times = useTimes();
  const [isOpen, setOpen] = useState(false);
  const { no, title, state, counts, preparedBy, reviewedBy, approvedBy, sendAt, sentAt } = notice;
  const when = sentAt ?? sendAt;
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          {no}. {title}
        </p>
        <p className="muted small">
          {[
            text.prepared(preparedBy.name),
            reviewedBy && text.reviewed(reviewedBy.name),
            approvedBy && text.approved(approvedBy.name),
            when && times.short(when),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {counts.total === 0 ? null : (
          <p className="small">
            {(Object.keys(text.counts) as (keyof typeof text.counts)[])
              .filter((key) => key === 'total' || counts[key] > 0)
              .map((key) => `${text.counts[key]} ${counts[key]}`)
              .join(' · ')}
          </p>
        )}
      </div>
      <Tag tone={tones[state] ?? 'plain'}>{text.states[state]}</Tag>
      <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? text.shut : text.open}
      </Button>
      {isOpen ? <NoticeDetails notice={notice} /> : null}
    </li>
  );
}

function NoticeDetails({ notice }: { notice: NoticeView }) {
  const text = useNoticeTexts();
  const times = useTimes();
  const detail = useQuery(noticeQuery(notice.id));
  const [showsPeople, setShowsPeople] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const people = useInfiniteQuery(peopleQuery(notice.id, showsPeople));
  return (
    <div className="notice-details">
      {isEditing ? null : <p className="notice-body">{notice.body}</p>}
      <NoticeFacts notice={notice} recall={detail.data?.recall ?? []} />
      {isEditing ? (
        <NoticeForm notice={notice} onKept={() => setEditing(false)} />
      ) : (
        <div className="notice-actions">
          <NoticeActions notice={notice} />
          {CHANGEABLE.includes(notice.state) ? (
            <Button onClick={() => setEditing(true)}>{text.edit}</Button>
          ) : null}
        </div>
      )}
      {notice.counts.total === 0 ? null : showsPeople ? (
        <>
          <Loaded query={people}>
            {({ pages }) => (
              <ul className="notice-people">
                {pages
                  .flatMap(({ items }) => items)
                  .map(({ number, name, department, standing, reason }) => (
                    <li key={number}>
                      {name} <span className="muted">{department}</span> {text.standings[standing]}{' '}
                      <span className="muted small">
                        {reason === null ? '' : (text.why[reason] ?? reason)}
                      </span>
                    </li>
                  ))}
              </ul>
            )}
          </Loaded>
          <More query={people} />
          <a href={`/api/v1/notices/${notice.id}/receipts.csv`} download>
            CSV
          </a>
        </>
      ) : (
        <Button onClick={() => setShowsPeople(true)}>{text.loadPeople}</Button>
      )}
      <h3>{text.steps}</h3>
      <Loaded query={detail}>
        {({ steps }) => (
          <ol className="small">
            {steps.map((one) => (
              <li key={`${one.step} ${one.at}`}>
                {times.short(one.at)} {text.step[one.step] ?? one.step}{' '}
                <span className="muted">{one.by.kind === 'system' ? '' : one.by.name}</span>
                <StepDetail detail={one.detail} />
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </div>
  );
}

const CHANGEABLE: NoticeView['state'][] = ['draft', 'in-review', 'approved', 'scheduled'];

/** How many people a step was about, why it was taken, and what a recall reached on each platform. */
function StepDetail({ detail }: Pick<NoticeDetail['steps'][number], 'detail'>) {
  const text = useNoticeTexts();
  const channels = useWorkTexts().channels.names;
  const { people, reason, channels: reached } = detail;
  return (
    <>
      {typeof people === 'number' ? ` · ${text.stepPeople(people)}` : null}
      {typeof reason === 'string' && reason !== '' ? ` · ${reason}` : null}
      {Array.isArray(reached)
        ? (reached as { channel: string; recalled: number; left: number }[]).map((one) => (
            <span key={one.channel}>
              {' · '}
              {text.reached(channels[one.channel] ?? one.channel, one.recalled, one.left)}
            </span>
          ))
        : null}
    </>
  );
}
