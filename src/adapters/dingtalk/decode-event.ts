import type { DirectoryHint } from '../../chat/directory-source.ts';
import type { Temporal } from '../../kernel/time.ts';
import { momentOf } from './decode.ts';

/** An event of the organisation, by stream or by webhook. */
export interface PlatformEvent {
  type: string;
  id: string;
  corpId: string | undefined;
  data: Record<string, unknown>;
}

/** Fields have small letters by stream and capitals by webhook. */
export function fieldOf(data: Record<string, unknown>, name: string): unknown {
  return data[name] ?? data[`${name[0]?.toUpperCase()}${name.slice(1)}`];
}

const MOST_IDS = 500;

/**
 * What in the directory may have changed. Events carry ids alone and come in any order: they are hints to read again.
 * Source: platforms/dingtalk.md §7.3.
 */
export function hintsOf({ type, data }: PlatformEvent): DirectoryHint[] {
  const ids = (name: string): string[] => {
    const value = fieldOf(data, name);
    return (Array.isArray(value) ? value : [value])
      .filter((id) => typeof id === 'string' || typeof id === 'number')
      .map(String)
      .slice(0, MOST_IDS);
  };
  switch (type) {
    case 'user_add_org':
    case 'user_modify_org':
    case 'user_leave_org':
    case 'user_active_org':
      return ids('userId').map((platformId) => ({ kind: 'person', platformId }));
    case 'org_dept_create':
    case 'org_dept_modify':
    case 'org_dept_remove':
      return ids('deptId').map((id) => ({ kind: 'department', id }));
    case 'org_change':
      return [{ kind: 'everything' }];
    default:
      return [];
  }
}

export interface ReadReceipt {
  processQueryKey: string;
  userId: string;
  at: Temporal.Instant;
}

/** D:bot-message-read-event: the field of the moment is spelled `operatTime`. */
export function readReceiptIn(event: PlatformEvent, receivedAt: Temporal.Instant): ReadReceipt | undefined {
  if (event.type !== 'robot_msg_read') return undefined;
  const [processQueryKey, userId] = [fieldOf(event.data, 'processQueryKey'), fieldOf(event.data, 'userId')];
  if (typeof processQueryKey !== 'string' || typeof userId !== 'string') return undefined;
  if (processQueryKey === '' || userId === '' || processQueryKey.length > 500 || userId.length > 128)
    return undefined;
  return { processQueryKey, userId, at: momentOf(Number(fieldOf(event.data, 'operatTime')), receivedAt) };
}
