export { createSandboxAdapter, type SandboxDeps } from './adapter.ts';
export { ensureGroup } from './im.ts';
export type { SandboxPeople } from './people.ts';
