import { useId, useState } from 'react';
import type { NewToken, TokenView } from '../../http/access.api.ts';
import type { Role } from '../../http/session.api.ts';
import { ListTable } from '../ListTable.tsx';
import { Problem } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useSend } from '../use-send.ts';
import { useWorkTexts } from '../use-work-texts.ts';

/** Tokens for programs: each with a role, for a liaison's with departments, and with an end. */
export function TokensPanel() {
  const t = useWorkTexts();
  const times = useTimes();
  const id = useId();
  const create = useSend<NewToken>();
  const revoke = useSend();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [codes, setCodes] = useState('');
  const [days, setDays] = useState(90);
  const departmentCodes = codes.split(/[\s,，;；]+/).filter((code) => code !== '');
  return (
    <>
      <h2 className="tools">{t.access.tokens}</h2>
      <form
        className="panel form"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ path: '/tokens', body: { name, roles: [role], departmentCodes, days } });
        }}
      >
        <div className="tools">
          <label htmlFor={`${id}-name`}>{t.access.tokenName}</label>
          <input
            id={`${id}-name`}
            className="field"
            required
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <label htmlFor={`${id}-role`}>{t.roles}</label>
          <select
            id={`${id}-role`}
            className="field"
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
          >
            {Object.entries(t.roleNames).map(([one, label]) => (
              <option key={one} value={one}>
                {label}
              </option>
            ))}
          </select>
          <label htmlFor={`${id}-codes`}>{t.access.departments}</label>
          <input
            id={`${id}-codes`}
            className="field"
            required={role === 'liaison'}
            value={codes}
            onChange={(event) => setCodes(event.target.value)}
          />
          <label htmlFor={`${id}-days`}>{t.access.days}</label>
          <input
            id={`${id}-days`}
            className="field"
            type="number"
            min={1}
            max={366}
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
          />
          <button type="submit" className="fill-button" disabled={create.isPending}>
            {t.access.create}
          </button>
        </div>
        {create.error === null ? null : <Problem error={create.error} />}
        {create.data === undefined ? null : (
          <p role="status">
            {t.access.secret}
            <span className="secret">{create.data.secret}</span>
          </p>
        )}
      </form>
      {revoke.error === null ? null : <Problem error={revoke.error} />}
      <ListTable<TokenView>
        path="/tokens"
        none={t.none}
        keyOf={(token) => token.id}
        columns={[
          { title: t.access.tokenName, cell: (token) => token.name },
          {
            title: t.roles,
            cell: ({ roles, departmentCodes: bound }) =>
              [...roles.map((one) => t.roleNames[one] ?? one), ...bound].join(' · '),
          },
          {
            title: t.access.until,
            cell: ({ expiresAt }) => (expiresAt === null ? t.access.never : times.full(expiresAt)),
          },
          {
            title: t.actions,
            cell: (token) => (
              <button
                type="button"
                className="plain-button"
                aria-label={`${t.access.revoke} ${token.name}`}
                onClick={() => revoke.mutate({ method: 'DELETE', path: `/tokens/${token.id}` })}
              >
                {t.access.revoke}
              </button>
            ),
          },
        ]}
      />
    </>
  );
}
