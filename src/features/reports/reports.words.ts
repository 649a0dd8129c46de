import type { EvidenceGrade } from '../checkins/checkins.schema.ts';
import type { EvidenceChannel } from '../checkins/checkins.tables.ts';

/** The files are in Chinese for everybody: the systems of HR read columns by these names. */
export const channelNames: Record<EvidenceChannel, string> = {
  sandbox: '沙盒',
  feishu: '飞书',
  wecom: '企业微信',
  dingtalk: '钉钉',
  usage: '使用数据',
};

export const gradeNames: Record<EvidenceGrade, string> = {
  tap: '点按',
  'self-declared': '自述',
  read: '阅读',
  answered: '答题',
  usage: '使用',
};

/** Turns ISO days into cells; few days make many rows, so each is made once. */
export function dayCell(): (iso: string) => Date {
  const cells = new Map<string, Date>();
  return (iso) => {
    let cell = cells.get(iso);
    if (cell === undefined) {
      cell = new Date(`${iso}T00:00:00Z`);
      cells.set(iso, cell);
    }
    return cell;
  };
}
