import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { linesOf } from './lines.ts';
import { type Finding, type Verified, verifyPackage } from './verify.ts';

/** Verifies the package in a file and tells what was found. Resolves to whether all is well. */
export async function verifyFile(
  path: string,
  options: { key?: string | undefined; print: (line: string) => void },
): Promise<boolean> {
  const expectedKey = options.key === undefined ? undefined : await keyFrom(options.key);
  const verified = await verifyPackage(linesOf(createReadStream(path)), { expectedKey });
  for (const sentence of sentences(verified, expectedKey)) options.print(sentence);
  return verified.found === 0;
}

/** 64 hexadecimal digits, or a file that holds them. */
async function keyFrom(given: string): Promise<string> {
  const text = /^[0-9a-f]{64}$/i.test(given) ? given : await readFile(given, 'utf8');
  const key = /[0-9a-f]{64}/i.exec(text)?.[0];
  if (key === undefined) throw new Error(`${given}: holds no public key of 64 hexadecimal digits`);
  return key.toLowerCase();
}

function sentences(verified: Verified, expectedKey: string | undefined): string[] {
  const { head, people, equal, receipt, publicKey, findings, found } = verified;
  const about = head === undefined ? [] : [describe(head)];
  if (found > 0) {
    const more = found > findings.length ? [`… and ${found - findings.length} more`] : [];
    return [
      ...about,
      ...findings.map(inWords),
      ...more,
      `NOT VALID: ${found} ${found === 1 ? 'finding' : 'findings'}.`,
    ];
  }
  return [
    ...about,
    `${equal} of ${people} results computed anew from the events, all equal. Receipt ${receipt}.`,
    expectedKey === undefined
      ? `Signed with the key ${publicKey}. Compare it with the one that the console shows, or give it with --key: without that nobody knows who signed.`
      : `Signed with the key that was given.`,
    'VALID.',
  ];
}

function describe({
  campaign,
  from,
  to,
  ruleVersion,
  kind,
  revision,
}: NonNullable<Verified['head']>): string {
  const what = kind === 'closing' ? 'closing' : `supplement ${revision}`;
  return `${campaign.name}, ${from} to ${to}, ${what}, rule version ${ruleVersion}`;
}

function inWords({ section, line, person, what }: Finding): string {
  return `section ${section}, line ${line}${person === undefined ? '' : `, person ${person}`}: ${what}`;
}
