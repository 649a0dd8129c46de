#!/usr/bin/env node
import { verifyFile } from './report.ts';

/**
 * Verifies an export package on any machine with Node, without database, network or the rest of the product:
 * `node verify-export.js FILE [--key FILE|HEX]`. Exit code 0 valid, 1 not valid, 2 wrong usage.
 */
async function main(args: readonly string[]): Promise<number> {
  const [file, option, key] = args;
  const isRight = args.length === 1 || (args.length === 3 && option === '--key');
  if (file === undefined || file.startsWith('--') || !isRight) {
    process.stderr.write('usage: verify-export FILE [--key FILE|HEX]\n');
    return 2;
  }
  try {
    const valid = await verifyFile(file, { key, print: (line) => void process.stdout.write(`${line}\n`) });
    return valid ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
