import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { deliveryStates } from '#src/outbox/delivery-states.ts';

it('are told in docs/delivery.md, all of them and no others', () => {
  const page = readFileSync('docs/delivery.md', 'utf8');
  const section = page.slice(page.indexOf('## States'), page.indexOf('## When it leaves'));
  const told = [...section.matchAll(/^\| `([a-z]+)` +\|/gm)].map(([, state]) => state);
  expect(told).toEqual(Object.keys(deliveryStates));
});
