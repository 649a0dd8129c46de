import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, query } from './api.ts';
import type { Page } from './pages.ts';
import { Loaded, More } from './parts.tsx';
import './styles/list.css';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
}

interface ListTableProps<Row> {
  /** Address of the list, without its query. */
  path: string;
  filters?: Record<string, string | undefined>;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  none: string;
  limit?: number;
}

/** A list of the API as a table that scrolls by itself on a phone, page by page. */
export function ListTable<Row>({
  path,
  filters = {},
  columns,
  keyOf,
  none,
  limit = 50,
}: ListTableProps<Row>) {
  const rows = useInfiniteQuery({
    queryKey: [path, filters],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Row>>(`${path}${query({ ...filters, limit, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <>
      <Loaded query={rows}>
        {({ pages }) => <Table rows={pages.flatMap(({ items }) => items)} {...{ columns, keyOf, none }} />}
      </Loaded>
      <More query={rows} />
    </>
  );
}

export function Table<Row>({
  rows,
  columns,
  keyOf,
  none,
}: Pick<ListTableProps<Row>, 'columns' | 'keyOf' | 'none'> & { rows: readonly Row[] }) {
  if (rows.length === 0) return <p className="panel empty">{none}</p>;
  return (
    <section className="panel list" tabIndex={0} aria-label={columns[0]?.title}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell }) => (
                <td key={title}>{cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
