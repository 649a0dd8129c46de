import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { Loaded } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { calibrationQuery } from './faq.query.ts';
import { useFaqTexts } from './faq.text.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** How sure the bot has to be, and what that costs in answers and brings in right ones. */
export function Calibration() {
  const t = useFaqTexts().calibration;
  const times = useTimes();
  const calibration = useQuery(calibrationQuery);
  return (
    <>
      <div className="faq-actions">
        <span className="muted">{t.about}</span>
      </div>
      <Loaded query={calibration}>
        {({ version, at, inUse, thresholds, report }) => (
          <>
            <section className="panel">
              <h2>{at === null ? t.never : `${t.version(version)} · ${times.short(at)}`}</h2>
              {at === null || inUse ? null : <p role="alert">{t.setAside}</p>}
              <p>
                {t.holds(
                  thresholds.answer.toFixed(2),
                  thresholds.gap === 0 ? undefined : thresholds.gap.toFixed(2),
                )}
              </p>
              {report === null ? null : (
                <>
                  <p className="muted">
                    {t.fittedOn(
                      report.entries,
                      Object.values(report.samples).reduce((sum, count) => sum + count, 0),
                    )}{' '}
                    {(report.kept ? t.kept : t.notKept)(percent(report.mostWrong))}
                  </p>
                  <p className="muted">
                    {t.error(percent(report.error.before), percent(report.error.after))}
                  </p>
                </>
              )}
            </section>
            {report === null ? null : (
              <section className="panel" aria-label={t.curve}>
                <h2>{t.curve}</h2>
                <Table
                  size="small"
                  rowKey="answer"
                  pagination={false}
                  dataSource={report.curve}
                  scroll={{ x: 'max-content' }}
                  columns={[
                    { title: t.answer, dataIndex: 'answer', render: (one: number) => one.toFixed(2) },
                    { title: t.coverage, dataIndex: 'coverage', align: 'right', render: percent },
                    { title: t.wrong, dataIndex: 'wrong', align: 'right', render: percent },
                    { title: t.outOfScope, dataIndex: 'outOfScope', align: 'right', render: percent },
                  ]}
                />
              </section>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}
