/** Where in the order of departments a walk stands, and at which page of that department. */
export interface Place {
  department: string;
  token: string;
}

export const placeOut = ({ department, token }: Place): string => JSON.stringify([department, token]);

/** Undefined at the beginning, and for what is no place of ours: then the walk begins anew. */
export function placeIn(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [department, token] = JSON.parse(cursor) as unknown[];
    return typeof department === 'string' && typeof token === 'string' ? { department, token } : undefined;
  } catch {
    return undefined;
  }
}
