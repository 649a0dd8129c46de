import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { NoticeView } from '../../features/notices/notices.api.ts';
import { Loaded, More, Tag, type Tone } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { NoticeActions } from './NoticeActions.tsx';
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
  const people = useInfiniteQuery(peopleQuery(notice.id, showsPeople));
  return (
    <div className="notice-details">
      <p className="notice-body">{notice.body}</p>
      <div className="notice-actions">
        <NoticeActions notice={notice} />
      </div>
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
                      <span className="muted small">{reason}</span>
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
            {steps.map(({ step, by, at }) => (
              <li key={`${step} ${at}`}>
                {times.short(at)} {text.step[step] ?? step} <span className="muted">{by.name}</span>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </div>
  );
}
