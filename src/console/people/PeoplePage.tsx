import { useState } from 'react';
import type { EmployeeView } from '../../features/directory/directory.api.ts';
import { ListTable } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { PageHead, Tag } from '../parts.tsx';
import { useWorkTexts } from '../use-work-texts.ts';
import { ImportPanel } from './ImportPanel.tsx';

export default function PeoplePage() {
  const text = useTexts();
  const t = useWorkTexts();
  const may = useMay();
  const [search, setSearch] = useState('');
  return (
    <>
      <PageHead title={text.place.people}>
        <p>{t.people.about}</p>
      </PageHead>
      {may('people.write') ? <ImportPanel /> : null}
      <p className="tools">
        <input
          className="field"
          type="search"
          maxLength={200}
          aria-label={t.search}
          placeholder={t.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </p>
      <ListTable<EmployeeView>
        path="/employees"
        filters={{ search: search.trim() }}
        none={t.none}
        keyOf={({ id }) => id}
        columns={[
          { title: t.number, cell: ({ number }) => <span className="number">{number}</span> },
          { title: t.name, cell: ({ name }) => name },
          { title: t.department, cell: ({ department }) => department?.name ?? t.noDepartment },
          { title: t.position, cell: ({ position }) => position ?? '' },
          {
            title: t.roles,
            cell: ({ roles }) => roles.map((role) => <Tag key={role}>{t.roleNames[role] ?? role}</Tag>),
          },
        ]}
      />
    </>
  );
}
