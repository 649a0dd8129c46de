import { z } from 'zod';

/** As much of JSON Schema as zod writes for objects, lists, records and unions. */
interface Shape {
  $ref?: string;
  $defs?: Record<string, Shape>;
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape | boolean;
  prefixItems?: Shape[];
  anyOf?: Shape[];
  oneOf?: Shape[];
  allOf?: Shape[];
}

/** The keys that `schema` knows at `path`, of whichever branch of a union. */
export function knownKeysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  let here = branchesOf(root, root);
  for (const step of path) {
    here = here.flatMap((shape) => stepsInto(shape, step)).flatMap((shape) => branchesOf(shape, root));
  }
  return [...new Set(here.flatMap((shape) => Object.keys(shape.properties ?? {})))];
}

function stepsInto(shape: Shape, step: PropertyKey): Shape[] {
  if (typeof step === 'number') {
    const item = shape.prefixItems?.[step] ?? shape.items;
    return typeof item === 'object' ? [item] : [];
  }
  const value = shape.properties?.[String(step)] ?? shape.additionalProperties;
  return typeof value === 'object' ? [value] : [];
}

function branchesOf(shape: Shape, root: Shape): Shape[] {
  if (shape.$ref !== undefined) {
    const target = shape.$ref === '#' ? root : root.$defs?.[shape.$ref.replace('#/$defs/', '')];
    return target === undefined ? [] : branchesOf(target, root);
  }
  const inner = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])];
  return [shape, ...inner.flatMap((branch) => branchesOf(branch, root))];
}
