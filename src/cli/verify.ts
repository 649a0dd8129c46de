import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config.ts';
import { verifyAudit } from '../features/audit/index.ts';
import { verifyStreaks } from '../features/checkins/index.ts';
import { signerFrom } from '../features/periods/index.ts';
import { verifyPoints } from '../features/rewards/index.ts';
import { loadSecrets } from '../kernel/secrets.ts';
import { verifyFile } from '../verify-export/report.ts';
import { print, withDatabase } from './context.ts';
import { UsageError } from './usage.ts';

/** Resolves to whether everything agreed. */
export async function verifyCommand(
  what: string,
  file?: string,
  options: { key?: string } = {},
): Promise<boolean> {
  switch (what) {
    case 'streaks':
      return withDatabase(async ({ database }) => {
        const { checked, wrong } = await verifyStreaks(database.db);
        for (const row of wrong) {
          print(
            `campaign ${row.campaignId}, employee ${row.employeeId}: stored ${row.stored}, recomputed ${row.recomputed}`,
          );
        }
        print(
          `${checked} streaks recomputed from the evidence, ${wrong.length === 0 ? 'all equal' : 'some differ'}.`,
        );
        return wrong.length === 0;
      });
    case 'points':
      return withDatabase(async ({ database }) => {
        const { checked, wrong } = await verifyPoints(database.db);
        for (const row of wrong) {
          print(`campaign ${row.campaignId}, ${row.employeeId}: stored ${row.stored}, ledger ${row.ledger}`);
        }
        print(
          `${checked} balances added up from the ledger, ${wrong.length === 0 ? 'all equal' : 'some differ'}.`,
        );
        return wrong.length === 0;
      });
    case 'audit':
      return withDatabase(async ({ database }) => {
        const { checked, older, wrong, head } = await verifyAudit(database.db);
        for (const sentence of wrong) print(sentence);
        const before = older === 0 ? '' : `, ${older} older ones are not in it`;
        print(
          `${checked} lines of the audit followed from the first to the last${before}, ${wrong.length === 0 ? 'all as they were written' : 'not all as they were written'}.`,
        );
        if (head !== undefined)
          print(`The last hash is ${head}; keep it elsewhere to know this chain again.`);
        return wrong.length === 0;
      });
    case 'export': {
      if (file === undefined) throw new UsageError('give the file of the package');
      return verifyFile(file, { key: options.key ?? (await ownKey()), print });
    }
    default:
      throw new UsageError(`cannot verify ${what}; give streaks, points, audit or export`);
  }
}

/** That of this installation, where there is one; no database is needed for it. */
async function ownKey(): Promise<string | undefined> {
  const config = loadConfig(process.env);
  const given = config.secretKey !== undefined && config.adminToken !== undefined;
  if (!given && !existsSync(join(config.dataDir, 'secrets.json'))) return undefined;
  const { secretKey } = await loadSecrets(config.dataDir, config);
  return signerFrom(secretKey).publicKey;
}
