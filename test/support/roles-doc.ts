import type { Command } from '#src/chat/command.ts';
import type { ServedRoute } from '#src/http/route-list.ts';
import { openAddresses } from '#src/http/route-list.ts';
import { type Permission, permissions, permits, reachOf, roles } from '#src/kernel/permissions.ts';

const heading = `# Who may do what

One table, \`src/kernel/permissions.ts\`, says which role may do what. The API, the console's menus and the words in chat follow
it, and this page is written from it: \`npm run roles\`. What stands nowhere in the table nobody may do.

- ● over everybody · ◐ only for the departments delegated to a liaison, while they are · an empty cell: no.
- *things* are tips, campaigns, schedules; *figures* count people without naming them; *people* are named. Executives get no people.
- Roles are those of the moment: who loses a role, or leaves, loses it with the next request.
- An administrator may everything in console and API, where each read of people is audited; in chat only what their other roles name.
- Everybody employed has \`me.use\` and \`session.read\`, also without a role; the console asks for one.
`;

/** `docs/roles.md` as the table, the addresses and the commands make it. */
export function rolesDocument(routes: readonly ServedRoute[], commands: readonly Command[]): string {
  const names = Object.keys(permissions) as Permission[];
  const cell = (role: (typeof roles)[number], name: Permission) =>
    !permits([role], name) ? '' : reachOf([role], name) === 'everyone' ? '●' : '◐';
  const table = [
    `| Permission | About | Meaning | ${roles.join(' | ')} |`,
    `| --- | --- | --- | ${roles.map(() => ':-:').join(' | ')} |`,
    ...names.map((name) => {
      const { about, meaning } = permissions[name];
      const cells = roles.map((role) => cell(role, name)).join(' | ');
      return `| \`${name}\` | ${about} | ${meaning.en}<br>${meaning['zh-CN']} | ${cells} |`;
    }),
  ];
  const addresses = routes
    .filter(({ method, permission }) => method !== 'HEAD' && permission !== null)
    .map(
      ({ method, url, permission }) => `| \`${method} ${url.replaceAll('::', ':')}\` | \`${permission}\` |`,
    )
    .sort();
  const words = commands
    .map(({ name, words, permission }) => `| ${words[0] ?? `(button) \`${name}\``} | \`${permission}\` |`)
    .sort();
  const open = Object.entries(openAddresses).map(([address, why]) => `| \`${address}\` | ${why} |`);
  return [
    heading,
    ...table,
    '\n## Addresses\n',
    '| Address | Permission |\n| --- | --- |',
    ...addresses,
    '\nWithout signing in:\n',
    '| Beginning | What guards it |\n| --- | --- |',
    ...open,
    '\n## Words in chat\n',
    '| Word | Permission |\n| --- | --- |',
    ...words,
    '',
  ].join('\n');
}
