import { invalid } from './refusals.ts';

/** Reads of what an app sent, refusing as the platform does. */

export function textOf(body: Record<string, unknown>, name: string, code: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw invalid(code, `${name} is missing`);
  return value;
}

export function listOf(body: Record<string, unknown>, name: string, code: string): string[] {
  const value = body[name];
  if (!Array.isArray(value) || value.length === 0 || value.some((one) => typeof one !== 'string'))
    throw invalid(code, `${name} must be a list of texts`);
  return value as string[];
}

export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** A JSON text as an object; undefined when it is none. */
export function objectIn(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A text or a number as a text; empty for everything else. */
export function say(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `${value}`
    : '';
}
