import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from './errors.ts';

export interface Secrets {
  /** API token of the first administrator. */
  adminToken: string;
  /** 32 bytes: signs cards and exports, seals platform secrets. */
  secretKey: Buffer;
  /** True on the start that made them, which is the one that prints the token. */
  generated: boolean;
}

interface Given {
  adminToken?: string | undefined;
  secretKey?: Buffer | undefined;
}

const fileSchema = z.strictObject({
  adminToken: z.string().min(1),
  secretKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
});

/**
 * The admin token and the secret key: as given, or made once and kept in `<dataDir>/secrets.json`, which only its
 * owner can read. Processes that start at once agree: the first file stays.
 */
export async function loadSecrets(dataDir: string, given: Given): Promise<Secrets> {
  const { adminToken, secretKey } = given;
  if (adminToken !== undefined && secretKey !== undefined) return { adminToken, secretKey, generated: false };
  const path = join(dataDir, 'secrets.json');
  const generated = !existsSync(path) && (await create(dataDir, path));
  const kept = await read(path);
  return {
    adminToken: adminToken ?? kept.adminToken,
    secretKey: secretKey ?? Buffer.from(kept.secretKey, 'base64'),
    generated,
  };
}

/** Writes the file whole or not at all. Resolves to false when another process was faster. */
async function create(dataDir: string, path: string): Promise<boolean> {
  await mkdir(dataDir, { recursive: true });
  const secrets = {
    adminToken: randomBytes(32).toString('base64url'),
    secretKey: randomBytes(32).toString('base64'),
  };
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // A link, unlike a rename, never replaces what another process put there in the meantime.
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function read(path: string): Promise<z.infer<typeof fileSchema>> {
  const mode = (await stat(path)).mode & 0o777;
  if ((mode & 0o077) !== 0) await chmod(path, 0o600);
  const parsed = fileSchema.safeParse(parseJson(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new UserError(
    `${path}: is damaged; restore it from a backup, or give CUHUO_ADMIN_TOKEN and CUHUO_SECRET_KEY. ` +
      'Without it a new secret key is made, and what the old one sealed cannot be opened.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
