import { useQuery } from '@tanstack/react-query';
import type { NoticeDetail, NoticeView } from '../../features/notices/notices.api.ts';
import { useTimes } from '../times.ts';
import { useWorkTexts } from '../use-work-texts.ts';
import { departmentsQuery } from './notices.query.ts';
import { useNoticeTexts } from './notices.text.ts';

/** Everything beside the text: for whom, when, in whose name, with what, and what a recall can reach. */
export function NoticeFacts({ notice, recall }: { notice: NoticeView; recall: NoticeDetail['recall'] }) {
  const text = useNoticeTexts();
  const times = useTimes();
  const channels = useWorkTexts().channels.names;
  const departments = useQuery(departmentsQuery).data?.items ?? [];
  const { audience, issuer, documentNumber, signatories, attachments, link, ladder, sendAt } = notice;
  const nameOf = (code: string) => departments.find((one) => one.code === code)?.name ?? code;
  const facts: [string, string][] = [
    [
      text.audience,
      audience.everyone === true
        ? text.everyone
        : [...(audience.departments ?? []).map(nameOf), ...(audience.employees ?? [])].join('、'),
    ],
    [text.sendAt, sendAt === null ? '' : times.short(sendAt)],
    [text.issuer, issuer ?? ''],
    [text.documentNumber, documentNumber ?? ''],
    [text.signatories, signatories.join('、')],
    [text.attachments, attachments.map(({ name }) => name).join('、')],
    [text.link, link === null ? '' : `${link.label} ${link.url}`],
    [text.reminders, ladder.map(({ to, afterHours }) => text.rungAt(text.rungs[to], afterHours)).join('；')],
    [
      text.recallRule.title,
      recall
        .map(({ channel, rule, hours }) => `${channels[channel] ?? channel} ${text.recallRule[rule](hours)}`)
        .join('；'),
    ],
  ];
  return (
    <dl className="notice-facts">
      {facts
        .filter(([, value]) => value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
