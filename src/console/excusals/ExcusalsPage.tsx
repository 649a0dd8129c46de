import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { PageHead } from '../parts.tsx';
import { ExcusalsPanel } from './ExcusalsPanel.tsx';
import { useExcusalTexts } from './excusals.text.ts';
import { FlagsPanel, RequestsPanel } from './FlagsPanel.tsx';
import { MakeupsPanel } from './MakeupsPanel.tsx';

export default function ExcusalsPage() {
  const text = useTexts();
  const t = useExcusalTexts();
  const may = useMay();
  return (
    <>
      <PageHead title={text.place.excusals}>
        <p>{t.about}</p>
      </PageHead>
      <MakeupsPanel />
      {may('evidence.correct') ? <ExcusalsPanel /> : null}
      {may('evidence.correct') ? (
        <>
          <FlagsPanel />
          <RequestsPanel />
        </>
      ) : null}
    </>
  );
}
