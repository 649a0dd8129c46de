import { readFileSync } from 'node:fs';
import { packagePath } from '../../kernel/package-path.ts';

/** The published template as far as a client needs it: what it shows, and what a click sends. */
export interface CardTemplate {
  texts: readonly string[];
  inputs: readonly { kind: string; name: string; label: string; options: string; value: string }[];
  buttons: readonly { id: string; text: string; action: string }[];
}

export function shippedTemplate(): CardTemplate {
  return JSON.parse(readFileSync(packagePath('config/dingtalk/card-template.json'), 'utf8')) as CardTemplate;
}
