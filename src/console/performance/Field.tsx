import type { ReactNode } from 'react';

/** A field of the rule under its name. */
export function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="labelled">
      <span className="small">{name}</span>
      {children}
    </div>
  );
}
