import { Button, Checkbox, Input, InputNumber } from 'antd';
import { Problem } from '../parts.tsx';
import { Labelled } from './Labelled.tsx';
import { type Part, type To, usualHours } from './notices.form.ts';
import { useNoticeTexts } from './notices.text.ts';
import { useUpload } from './use-upload.ts';

const MOST_FILES = 5;

/** What most notices do without: files, a link, sign-up, groups, reminders by themselves, haste. */
export function MoreFields({ writing, change }: Part) {
  const text = useNoticeTexts();
  return (
    <details className="notice-more">
      <summary>{text.more}</summary>
      <Files writing={writing} change={change} />
      <div className="notice-formal">
        <Labelled label={text.linkLabelOf}>
          {(id) => (
            <Input
              id={id}
              maxLength={100}
              value={writing.linkLabel}
              onChange={(event) => change({ linkLabel: event.target.value })}
            />
          )}
        </Labelled>
        <Labelled label={text.linkUrl}>
          {(id) => (
            <Input
              id={id}
              type="url"
              maxLength={500}
              value={writing.linkUrl}
              onChange={(event) => change({ linkUrl: event.target.value })}
            />
          )}
        </Labelled>
      </div>
      <Checkbox
        checked={writing.takesSignUp}
        onChange={({ target }) => change({ takesSignUp: target.checked })}
      >
        {text.signUp}
      </Checkbox>
      <Checkbox checked={writing.toGroups} onChange={({ target }) => change({ toGroups: target.checked })}>
        {text.groups}
      </Checkbox>
      <Ladder writing={writing} change={change} />
      {writing.kind === 'document' ? null : (
        <Labelled label={text.urgentReason}>
          {(id) => (
            <Input
              id={id}
              maxLength={200}
              value={writing.urgentReason}
              onChange={(event) => change({ urgentReason: event.target.value })}
            />
          )}
        </Labelled>
      )}
    </details>
  );
}

function Files({ writing: { attachments }, change }: Part) {
  const text = useNoticeTexts();
  const { mutate, isPending, error } = useUpload();
  return (
    <Labelled label={text.attachments}>
      {(id) => (
        <>
          <input
            id={id}
            type="file"
            disabled={isPending || attachments.length >= MOST_FILES}
            onChange={({ target }) => {
              const file = target.files?.[0];
              target.value = '';
              if (file === undefined) return;
              mutate(file, {
                onSuccess: ({ fileId, name }) => change({ attachments: [...attachments, { fileId, name }] }),
              });
            }}
          />
          <ul className="notice-files">
            {attachments.map(({ fileId, name }) => (
              <li key={fileId}>
                {name}{' '}
                <Button
                  size="small"
                  onClick={() => change({ attachments: attachments.filter((one) => one.fileId !== fileId) })}
                >
                  {text.takeAway}
                </Button>
              </li>
            ))}
          </ul>
          {error === null ? null : <Problem error={error} />}
        </>
      )}
    </Labelled>
  );
}

/** Each rung may be left out. */
function Ladder({ writing: { ladder }, change }: Part) {
  const text = useNoticeTexts();
  return (
    <fieldset className="labelled">
      <legend>{text.ladder}</legend>
      {(['person', 'liaison', 'hr'] as const satisfies To[]).map((to) => (
        <div key={to} className="notice-rung">
          <Checkbox
            checked={ladder[to] !== undefined}
            onChange={({ target }) => {
              const { [to]: _off, ...rest } = ladder;
              change({ ladder: target.checked ? { ...rest, [to]: usualHours[to] } : rest });
            }}
          >
            {text.rungs[to]}
          </Checkbox>
          {ladder[to] === undefined ? null : (
            <InputNumber
              aria-label={text.rungHours(text.rungs[to])}
              min={1}
              max={720}
              value={ladder[to]}
              suffix={text.hoursAfter}
              onChange={(hours) => change({ ladder: { ...ladder, [to]: hours ?? usualHours[to] } })}
            />
          )}
        </div>
      ))}
    </fieldset>
  );
}
