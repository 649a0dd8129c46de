import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { packagePath } from './package-path.ts';

const packageFile = z.object({ version: z.string() });

/** The version of this installation, as its package.json says. */
export const VERSION = packageFile.parse(
  JSON.parse(readFileSync(packagePath('package.json'), 'utf8')),
).version;
