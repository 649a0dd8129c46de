import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import {
  type PackageDay,
  type PackageHead,
  type PackageManifest,
  type PackagePerson,
  type PackageSection,
  packageFormat,
  packageLine,
  packageSections,
  type ResultRow,
} from '../performance/index.ts';
import type { PerformanceRule } from '../performance/performance.schema.ts';
import type { Signer } from './periods.keys.ts';

export interface PackageWriter {
  person(person: PackagePerson): Promise<void>;
  /** In the order of the people. Answers the digest of the line: the receipt of that person. */
  result(row: ResultRow): Promise<string>;
  /** Signs and ends the file. */
  finish(): Promise<{ bytes: number; sha256: string; receipt: string }>;
  /** Gives up; the file stays as it is. */
  destroy(): void;
}

/** Writes the package of a period line by line; nothing is kept but the sums. */
export async function openPackage(
  path: string,
  given: { head: PackageHead; rule: PerformanceRule; calendar: readonly PackageDay[]; signer: Signer },
): Promise<PackageWriter> {
  const out = createWriteStream(path, { mode: 0o600, flush: true });
  let failed: Error | undefined;
  out.on('error', (error) => {
    failed = error;
  });
  const whole = createHash('sha256');
  const sums = new Map(
    packageSections.map((section) => [section, { lines: 0, hash: createHash('sha256') }] as const),
  );
  let bytes = 0;

  async function put(text: string): Promise<void> {
    if (failed !== undefined) throw failed;
    const chunk = Buffer.from(text);
    bytes += chunk.length;
    whole.update(chunk);
    if (!out.write(chunk)) await once(out, 'drain');
  }

  async function line(section: PackageSection, value: unknown): Promise<string> {
    const sum = sums.get(section) as { lines: number; hash: ReturnType<typeof createHash> };
    sum.lines += 1;
    const text = packageLine(section, sum.lines, value);
    sum.hash.update(text);
    await put(text);
    return text.split(' ', 3)[2] ?? '';
  }

  await line('head', given.head);
  await line('rule', given.rule);
  for (const day of given.calendar) await line('calendar', day);
  return {
    person: async (person) => void (await line('people', person)),
    result: (row) => line('results', row),
    async finish() {
      const sections = Object.fromEntries(
        packageSections.map((section) => {
          const sum = sums.get(section) as { lines: number; hash: ReturnType<typeof createHash> };
          return [section, { lines: sum.lines, sha256: sum.hash.digest('hex') }];
        }),
      ) as PackageManifest['sections'];
      const manifest: PackageManifest = {
        format: packageFormat,
        sections,
        receipt: sections.results.sha256,
      };
      const text = packageLine('manifest', 1, manifest);
      await put(text);
      await put(`signature ed25519 ${given.signer.publicKey} ${given.signer.sign(Buffer.from(text))}\n`);
      out.end();
      await once(out, 'close');
      if (failed !== undefined) throw failed;
      return { bytes, sha256: whole.digest('hex'), receipt: sections.results.sha256 };
    },
    destroy: () => void out.destroy(),
  };
}
