/** One measured figure; printed as a line of JSON. */
export interface Figure {
  id: string;
  figure: string;
  backend?: string;
  n: number;
  value: number;
  unit: string;
  /** What is to be reached, in words; absent on the ceilings that others are compared with. */
  target?: string;
  met?: boolean;
}

export interface Bench {
  /** A migrated database that belongs to this benchmark alone. */
  databaseUrl: string;
  redisUrl?: string;
  /** A size that ends within a minute. */
  quick: boolean;
  report(figure: Figure): void;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Progress is for people and goes to standard error; standard output holds figures only. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
