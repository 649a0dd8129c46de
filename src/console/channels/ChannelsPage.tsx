import { useQuery } from '@tanstack/react-query';
import type { ChannelView } from '../../outbox/messages.api.ts';
import { call } from '../api.ts';
import { Table } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { Loaded, PageHead, Tag } from '../parts.tsx';
import { useWorkTexts } from '../use-work-texts.ts';

export default function ChannelsPage() {
  const text = useTexts();
  const t = useWorkTexts();
  const channels = useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) => call<{ items: ChannelView[] }>('/channels', { signal }),
    refetchInterval: 10_000,
  });
  return (
    <>
      <PageHead title={text.place.channels}>
        <p>{t.channels.about}</p>
      </PageHead>
      <Loaded query={channels}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="panel empty">{t.channels.none}</p>
          ) : (
            items.map((channel) => (
              <ChannelPanel key={`${channel.channel} ${channel.account}`} {...channel} />
            ))
          )
        }
      </Loaded>
    </>
  );
}

function Used({ used, most, runsOutOn }: ChannelView['quotas'][number]) {
  const t = useWorkTexts();
  return (
    <>
      {used ?? '–'} / {most}{' '}
      {runsOutOn === null ? null : <Tag tone="danger">{t.channels.runsOut(runsOutOn)}</Tag>}
    </>
  );
}

function ChannelPanel({ channel, account, ready, problem, failures, ways, quotas }: ChannelView) {
  const t = useWorkTexts();
  return (
    <section className="panel form">
      <h2>
        {t.channels.names[channel] ?? channel} <span className="muted small">{account}</span>{' '}
        <Tag tone={ready ? 'good' : 'danger'}>{ready ? t.channels.ready : t.channels.down}</Tag>
      </h2>
      {problem === null ? null : <p className="problem">{problem}</p>}
      <p className="muted">
        {t.channels.way}: {ways.map(({ name, batchSize }) => `${name} (${batchSize})`).join(', ')} ·{' '}
        {t.channels.failures}: {failures}
      </p>
      {quotas.length === 0 ? null : (
        <Table
          rows={quotas}
          none={t.none}
          keyOf={({ name, per }) => `${name} ${per}`}
          columns={[
            { title: t.channels.quota, cell: ({ name }) => name },
            { title: t.channels.used, cell: Used },
            { title: t.channels.window, cell: ({ window }) => window },
          ]}
        />
      )}
    </section>
  );
}
