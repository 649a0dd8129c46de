import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  addToTeam,
  lineDigest,
  type PackageDay,
  type PackageHead,
  type PackageManifest,
  type PackagePerson,
  packageFormat,
  packageSections,
  type ResultRow,
  recordOf,
  resultRow,
  type Team,
  teamKey,
} from '../features/performance/performance.package.ts';
import { type PersonResult, resultOf } from '../features/performance/performance.rules.ts';
import type { PerformanceRule } from '../features/performance/performance.schema.ts';

/** Where something does not fit. */
export interface Finding {
  section: string;
  /** Line of the file, from 1. */
  line: number;
  /** The number of the person, as far as it can be read. */
  person?: string;
  what: string;
}

export interface Verified {
  head: PackageHead | undefined;
  people: number;
  /** Rows that were computed anew and equal the ones in the file. */
  equal: number;
  receipt: string | undefined;
  publicKey: string | undefined;
  /** In the order of the file; the first is where to look. Empty when all is well. */
  findings: Finding[];
  /** How many there were, those beyond the named ones included. */
  found: number;
}

type Kept = Pick<PackagePerson, 'number' | 'name' | 'department'> & { result: Omit<PersonResult, 'days'> };
type Place = (typeof packageSections)[number] | 'manifest' | 'signature' | 'end';

const MOST_FINDINGS = 50;
const order: readonly Place[] = [...packageSections, 'manifest', 'signature', 'end'];

/**
 * Replays a package: checks every line, the sums and the signature, evaluates every person from their events by the rule
 * in the file, and compares each row. `expectedKey` is the installation's public key in hex; without it the file proves
 * only that nobody changed it after whoever holds the key in it signed it.
 */
export async function verifyPackage(
  lines: AsyncIterable<Uint8Array>,
  options: { expectedKey?: string | undefined } = {},
): Promise<Verified> {
  const state = begin(options.expectedKey);
  for await (const line of lines) state.take(line);
  return state.end();
}

function begin(expectedKey: string | undefined) {
  const findings: Finding[] = [];
  let found = 0;
  let lineNumber = 0;
  let place: Place = 'head';
  let broken = false;
  let head: PackageHead | undefined;
  let rule: PerformanceRule | undefined;
  let manifest: PackageManifest | undefined;
  let manifestBytes: Uint8Array | undefined;
  let publicKey: string | undefined;
  let workdays: string[] = [];
  let equal = 0;
  const calendar: PackageDay[] = [];
  const kept: (Kept | undefined)[] = [];
  const rows: number[] = [];
  const teams = new Map<string, Team>();
  const sums = new Map(
    packageSections.map((one) => [one as string, { lines: 0, hash: createHash('sha256') }]),
  );

  const note = (what: string, person?: string, section: string = place): void => {
    found += 1;
    if (findings.length < MOST_FINDINGS)
      findings.push({ section, line: lineNumber, ...(person === undefined ? {} : { person }), what });
  };

  /** The section that a line belongs to: what it says, if that can come here, else that of the line before. */
  function placeOf(word: string): Place {
    const said = order.indexOf(word as Place);
    const now = order.indexOf(place);
    return said >= now && said !== -1 ? (word as Place) : place;
  }

  function take(line: Uint8Array): void {
    lineNumber += 1;
    if (place === 'end') return note('something stands behind the signature');
    const words = splitLine(line);
    place = placeOf(words.section);
    if (place === 'signature') return signature(line);
    const sum = sums.get(place);
    if (sum !== undefined) {
      sum.lines += 1;
      sum.hash.update(line).update('\n');
    }
    const number = sum?.lines ?? 1;
    const said = Number(words.number);
    const whole = words.section === place && words.digest === lineDigest(place, said, words.json);
    if (whole && words.number === String(number)) return read(words.json, line);
    damaged(
      whole ? `this is line ${said} of the section, not ${number}` : 'the line was altered',
      words.json,
    );
    // What follows a lost or doubled line is counted on from where it says it is.
    if (whole && sum !== undefined && Number.isSafeInteger(said)) sum.lines = said;
  }

  function damaged(what: string, json: Uint8Array): void {
    broken = true;
    const person = /"number":"([^"]{0,64})/.exec(Buffer.from(json).toString())?.[1];
    note(what, place === 'people' || place === 'results' ? person : undefined);
    if (place === 'people') kept.push(undefined);
    if (place === 'results') rows.push(lineNumber);
  }

  /** Whoever can write digests can write nonsense under them. */
  function read(json: Uint8Array, line: Uint8Array): void {
    try {
      understand(JSON.parse(Buffer.from(json).toString()), line);
    } catch (error) {
      damaged(`cannot be understood: ${error instanceof Error ? error.message : String(error)}`, json);
    }
  }

  function understand(value: unknown, line: Uint8Array): void {
    switch (place) {
      case 'head':
        head = value as PackageHead;
        if ((head.format as string) !== packageFormat) note(`the format is not ${packageFormat as string}`);
        return;
      case 'rule':
        rule = value as PerformanceRule;
        return;
      case 'calendar':
        calendar.push(value as PackageDay);
        return;
      case 'people':
        return person(value as PackagePerson);
      case 'results':
        return result(value as ResultRow);
      case 'manifest':
        manifest = value as PackageManifest;
        manifestBytes = Buffer.concat([line, Buffer.from('\n')]);
        return sumsAgree(manifest);
      case 'signature':
      case 'end':
    }
  }

  function person(one: PackagePerson): void {
    if (rule === undefined || head === undefined) return void kept.push(undefined);
    if (kept.length === 0) workdays = calendar.filter(({ workday }) => workday).map(({ day }) => day);
    const { days: _days, ...outcome } = resultOf(rule, { workdays }, recordOf(one));
    addToTeam(teams, teamKey(one), outcome);
    kept.push({ number: one.number, name: one.name, department: one.department, result: outcome });
  }

  function result(row: ResultRow): void {
    const one = kept[rows.length];
    rows.push(lineNumber);
    const team = one === undefined ? undefined : teams.get(teamKey(one));
    // Without everybody's days no share of a department can be known.
    if (broken) return;
    if (rule === undefined || head === undefined)
      return note('without head and rule nothing can be computed');
    if (one === undefined || team === undefined) return note('there is no such person', row.number);
    const again = resultRow(rule, one, one.result, team);
    const differing = differences(row, again);
    if (differing === '') equal += 1;
    else note(`computed anew: ${differing}`, row.number);
  }

  function sumsAgree({ sections, receipt }: PackageManifest): void {
    for (const name of packageSections) {
      const sum = sums.get(name);
      const said = sections[name];
      const sha256 = sum?.hash.digest('hex');
      if (said.lines !== sum?.lines) note(`${sum?.lines} lines instead of ${said.lines}`, undefined, name);
      else if (said.sha256 !== sha256) note('the section is not the one that was signed', undefined, name);
      if (name === 'results' && receipt !== said.sha256) note('the receipt is not that of the results');
    }
    if (!broken && rows.length !== kept.length) note(`${rows.length} results for ${kept.length} people`);
  }

  function signature(line: Uint8Array): void {
    const match = /^signature ed25519 ([0-9a-f]{64}) ([0-9a-f]{128})$/.exec(
      Buffer.from(line).toString('latin1'),
    );
    if (match === null) note('the signature cannot be read');
    else {
      publicKey = match[1] as string;
      if (expectedKey !== undefined && expectedKey.toLowerCase() !== publicKey)
        note('signed with another key than the one that was given');
      else if (manifestBytes === undefined || !isSigned(manifestBytes, publicKey, match[2] as string))
        note('the signature does not belong to the manifest');
    }
    place = 'end';
  }

  return {
    take,
    end(): Verified {
      if (place !== 'end') note('the file ends before its signature');
      return {
        head,
        people: kept.length,
        equal,
        receipt: manifest?.receipt,
        publicKey,
        findings,
        found,
      };
    },
  };
}

/** `section number digest json`; what is missing is empty. */
function splitLine(line: Uint8Array): { section: string; number: string; digest: string; json: Uint8Array } {
  const ends: number[] = [];
  for (let from = 0; ends.length < 3; ) {
    const at = line.indexOf(0x20, from);
    if (at === -1) break;
    ends.push(at);
    from = at + 1;
  }
  const [first = line.length, second = line.length, third = line.length] = ends;
  const word = (from: number, to: number) => Buffer.from(line.subarray(from, to)).toString('latin1');
  return {
    section: word(0, first),
    number: word(first + 1, second),
    digest: word(second + 1, third),
    json: line.subarray(third + 1),
  };
}

/** SPKI of a raw Ed25519 key (RFC 8410, section 4). */
const PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function isSigned(bytes: Uint8Array, publicKey: string, signature: string): boolean {
  try {
    const der = Buffer.concat([PREFIX, Buffer.from(publicKey, 'hex')]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, bytes, key, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}

/** `counted 20, not 21`: in the file and as computed. */
function differences(said: ResultRow, computed: ResultRow): string {
  const texts = (row: ResultRow) =>
    new Map(Object.entries(row).map(([key, value]) => [key, JSON.stringify(value)]));
  const [left, right] = [texts(said), texts(computed)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((key) => left.get(key) !== right.get(key))
    .map((key) => `${key} ${left.get(key)}, not ${right.get(key)}`)
    .join('; ');
}
