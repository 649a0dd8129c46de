import type { ReactNode } from 'react';
import { useLanguage, useTexts } from './language.ts';
import { problemSentence } from './problem-sentence.ts';

export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="page-head">
      <h1>{title}</h1>
      {children}
    </div>
  );
}

export type Tone = 'plain' | 'good' | 'notice' | 'warm' | 'danger';

export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}

export function Problem({ error }: { error: unknown }) {
  const text = useTexts();
  const language = useLanguage();
  return (
    <p className="problem" role="alert">
      {problemSentence(error, text, language)}
    </p>
  );
}

export function Waiting() {
  const text = useTexts();
  return (
    <p className="waiting" role="status">
      <span className="spinner" aria-hidden="true" />
      {text.loading}
    </p>
  );
}

interface Asked<Data> {
  data: Data | undefined;
  error: Error | null;
}

/** What a query found; above it what went wrong since, or a sign that we are still asking. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: Asked<Data>;
  children: (data: Data) => ReactNode;
}) {
  const { data, error } = query;
  return (
    <>
      {error === null ? null : <Problem error={error} />}
      {data === undefined ? error === null ? <Waiting /> : null : children(data)}
    </>
  );
}

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** The way to the next page of a list, when there is one. */
export function More({ query }: { query: Pages }) {
  const text = useTexts();
  if (!query.hasNextPage) return null;
  return (
    <p className="more">
      <button
        type="button"
        className="plain-button"
        aria-busy={query.isFetchingNextPage}
        onClick={() => (query.isFetchingNextPage ? undefined : void query.fetchNextPage())}
      >
        {query.isFetchingNextPage ? text.loading : text.more}
      </button>
    </p>
  );
}
