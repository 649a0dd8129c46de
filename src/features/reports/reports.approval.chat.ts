import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { type ApprovalSettings, codeOf, decideExport, waitingByCode } from './reports.approval.ts';
import { text } from './reports.text.ts';

interface ApprovalDeps extends Pick<ApprovalSettings, 'channels'> {
  /** Has an approved export made; called while the transaction is still open, so it must not wait. */
  begin: (exportId: string) => void;
}

/** 批准导出 and 拒绝导出: the second person's word about a large export, typed or pressed. */
export function approvalCommands(deps: ApprovalDeps): Command[] {
  return [
    {
      name: 'reports.approve',
      words: ['批准导出', '同意导出', 'approve export'],
      takesArgument: true,
      permission: 'exports.approve',
      help: { 'zh-CN': text['zh-CN'].approval.help, en: text.en.approval.help },
      answer: oneByOne((tx, turn) => decide(tx, turn, deps, true)),
    },
    {
      name: 'reports.refuse',
      words: ['拒绝导出', '退回导出', 'refuse export'],
      takesArgument: true,
      permission: 'exports.approve',
      help: undefined,
      answer: oneByOne((tx, turn) => decide(tx, turn, deps, false)),
    },
  ];
}

async function decide(tx: Db, turn: Turn, deps: ApprovalDeps, approves: boolean): Promise<Reply> {
  const t = text[turn.actor.locale].approval;
  const say = (sentence: string): Reply =>
    turn.action === undefined ? { messages: [words(sentence)], inPrivate: true } : { toast: sentence };
  const [code = '', ...rest] = turn.argument.trim().split(/\s+/);
  const pressed = turn.action?.data?.['id'];
  const id = typeof pressed === 'string' ? pressed : (await waitingByCode(tx, code))?.id;
  if (id === undefined) return say(t.none);
  const reason = (turn.inputs['reason'] ?? rest.join(' ')).trim().slice(0, 200);
  if (!approves && reason === '') return say(t.needsReason(codeOf(id)));
  const { employeeId, name } = turn.actor;
  try {
    await tx.transaction((inner) =>
      decideExport(inner as unknown as Db, deps, id, {
        by: { employeeId, name },
        at: turn.at,
        refusal: approves ? undefined : reason,
      }),
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return say(error.code === 'export.own' ? t.own : t.decided);
  }
  if (approves) deps.begin(id);
  return say(approves ? t.approved(codeOf(id)) : t.refused(codeOf(id)));
}
