import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type SubmitEvent, useId, useState } from 'react';
import type { LinkView } from '../../features/links/links.api.ts';
import { Loaded, Problem } from '../parts.tsx';
import { useWrite } from '../use-write.ts';
import { linksQuery } from './notices.query.ts';
import { useNoticeTexts } from './notices.text.ts';

/** Short links with their QR codes, and what each brought. */
export function LinksPanel() {
  const text = useNoticeTexts();
  const field = useId();
  const [label, setLabel] = useState('');
  const links = useQuery(linksQuery);
  const { mutate, isPending, error } = useWrite<{ label: string; medium: string }, LinkView>('/links');
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isPending && label.trim() !== '')
      mutate({ label, medium: 'poster' }, { onSuccess: () => setLabel('') });
  };
  return (
    <section className="panel" aria-labelledby="notice-links">
      <h2 id="notice-links">{text.links}</h2>
      <form className="notice-actions" onSubmit={onSubmit}>
        <label htmlFor={field}>{text.linkLabel}</label>
        <Input
          id={field}
          className="notice-correction"
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Button htmlType="submit" loading={isPending}>
          {text.makeLink}
        </Button>
      </form>
      {error === null ? null : <Problem error={error} />}
      <Loaded query={links}>
        {({ items }) =>
          items.length === 0 ? null : (
            <>
              <ul className="rows">
                {items.map((link) => (
                  <LinkItem key={link.code} link={link} />
                ))}
              </ul>
              <p>
                <a
                  href={`/api/v1/link-sheet?codes=${items.map(({ code }) => code).join(',')}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  {text.sheet}
                </a>
              </p>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function LinkItem({ link: { code, label, url, funnel } }: { link: LinkView }) {
  const text = useNoticeTexts();
  const qr = `/api/v1/links/${code}/qr`;
  return (
    <li className="row">
      <img src={qr} width={72} height={72} alt={url} />
      <div className="row-main">
        <p className="row-title">{label}</p>
        <p className="muted small">{url}</p>
        <p className="small">{text.funnel(funnel)}</p>
      </div>
      <a href={`${qr}?format=png`} download={`${code}.png`}>
        {text.png}
      </a>
      <a href={qr} download={`${code}.svg`}>
        {text.svg}
      </a>
    </li>
  );
}
