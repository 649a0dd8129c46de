import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes the optional packages of other platforms back into package-lock.json. npm leaves out those that the registry
 * at hand does not offer, and `npm ci` (npm 11) then refuses the lock as not in step with package.json; an entry with
 * version and platform satisfies it everywhere and is installed only where it fits. Run after every `npm install`.
 */

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const path = 'package-lock.json';
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> };
const present = (name: string): boolean =>
  Object.keys(lock.packages).some(
    (key) => key === `node_modules/${name}` || key.endsWith(`/node_modules/${name}`),
  );

const added: string[] = [];
for (const owner of Object.values({ ...lock.packages })) {
  for (const [name, range] of Object.entries(owner.optionalDependencies ?? {})) {
    if (present(name)) continue;
    lock.packages[`node_modules/${name}`] = entryFor(name, range, owner);
    added.push(name);
  }
}

const { '': root, ...rest } = lock.packages;
const sorted = Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = { '': root as Entry, ...Object.fromEntries(sorted) };
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} optional packages of other platforms written into ${path}`);

/** The platform stands in the name: `@biomejs/cli-linux-x64-musl`. */
function entryFor(name: string, range: string, owner: Entry): Entry {
  const words = name.split('/').at(-1)?.split('-') ?? [];
  const system = words.find((word) => systems.includes(word));
  const processor = words.find((word) => processors.includes(word));
  const libc =
    system !== 'linux'
      ? undefined
      : words.includes('musl')
        ? 'musl'
        : words.includes('gnu')
          ? 'glibc'
          : undefined;
  return {
    version: range.replace(/^[\^~]/, ''),
    ...(processor === undefined ? {} : { cpu: [processor] }),
    ...(owner.dev === true ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    ...(system === undefined ? {} : { os: [system] }),
  };
}
