import { v7 } from 'uuid';

/** A new UUIDv7: rows sort by birth. */
export function newId(): string {
  return v7();
}
