import { Button, Input } from 'antd';
import { useState } from 'react';
import type { ExportShape } from '../../features/reports/reports.api.ts';
import { useTexts } from '../language.ts';
import { Problem } from '../parts.tsx';
import { useWrite } from '../use-write.ts';

/** The second person's word about somebody else's large export. Refusing asks for the reason first. */
export function Decide({ id }: { id: string }) {
  const text = useTexts();
  const [reason, setReason] = useState<string>();
  const approval = useWrite<Record<string, never>, ExportShape>(`/exports/${id}/approval`);
  const refusal = useWrite<{ reason: string }, ExportShape>(`/exports/${id}/refusal`);
  const isPending = approval.isPending || refusal.isPending;
  const error = approval.error ?? refusal.error;

  const onRefuse = (): void => {
    if (reason === undefined) setReason('');
    else if (reason.trim() !== '') refusal.mutate({ reason: reason.trim() });
  };

  return (
    <div className="export-decide">
      <p className="small">{text.exports.decide}</p>
      <Button
        type="primary"
        size="small"
        loading={approval.isPending}
        disabled={isPending}
        onClick={() => approval.mutate({})}
      >
        {text.exports.approve}
      </Button>
      {reason === undefined ? null : (
        <Input
          size="small"
          autoFocus
          aria-label={text.exports.reason}
          placeholder={text.exports.reason}
          value={reason}
          maxLength={200}
          onChange={({ target }) => setReason(target.value)}
          onPressEnter={onRefuse}
        />
      )}
      <Button danger size="small" loading={refusal.isPending} disabled={isPending} onClick={onRefuse}>
        {text.exports.refuse}
      </Button>
      {error === null ? null : <Problem error={error} />}
    </div>
  );
}
