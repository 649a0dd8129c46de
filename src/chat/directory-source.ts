import type { Channel } from './event.ts';

/** A department as the platform names it. */
export interface PlatformDepartment {
  id: string;
  name: string;
  /** Null for the root, and where the app does not see what is above. */
  parentId: string | null;
}

/** A person as far as the app may see them. Phone numbers and addresses are not asked for. */
export interface PlatformPerson {
  /** The id by which messages reach the person on this channel. */
  platformId: string;
  /** Other ids of the same person there, such as `unionid` or `open_id`, by the platform's own name. */
  otherIds: Readonly<Record<string, string>>;
  name: string;
  /** 工号, where the platform tells it. */
  number: string | undefined;
  position: string | undefined;
  /** Departments in the platform's order; the first is the main one unless `mainDepartmentId` says otherwise. */
  departmentIds: readonly string[];
  mainDepartmentId: string | undefined;
  /** False for whoever is suspended, has not joined yet, or has left. */
  active: boolean;
}

/**
 * One page of a walk. `cursor` goes on after this page, also in another process; it is opaque. A part that could not
 * be read is named in `failed`: the walk goes on, but is not complete, and nobody is removed because of it.
 */
export interface DirectoryPage {
  departments: readonly PlatformDepartment[];
  people: readonly PlatformPerson[];
  cursor: string;
  failed?: { what: string; reason: string };
}

/** Something changed; the platform's word on it is only a hint, so it is read again. */
export type DirectoryHint =
  | { kind: 'person'; platformId: string }
  | { kind: 'department'; id: string }
  /** More than one thing may have changed: what the app may see, say. A full walk is due. */
  | { kind: 'everything' };

/** The directory of one platform account. Keeps within the platform's rates by itself. */
export interface DirectorySource {
  channel: Channel;
  account: string;
  /** Everything that the app may see, page by page, from the beginning or after `cursor`. */
  walk(cursor?: string): AsyncIterable<DirectoryPage>;
  /** `gone`: the platform knows nobody of that id. `hidden`: it exists or may exist, but the app may not see it. */
  person(platformId: string): Promise<PlatformPerson | 'gone' | 'hidden'>;
  /** Calls back for every change that the platform tells of, once the channel listens. */
  onHint(tell: (hint: DirectoryHint) => void): void;
}
