import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readYaml } from '../content/yaml.ts';
import { type AuditActor, recordAudit } from '../features/audit/index.ts';
import { type CampaignLoaded, campaignFileSchema, loadCampaign } from '../features/campaigns/index.ts';
import { type ImportReport, importDirectory, readDirectory } from '../features/directory/index.ts';
import { type FaqImported, faqFilesSchema, importEntries } from '../features/faq/index.ts';
import { importTemplates, templatesFileSchema } from '../features/notices/index.ts';
import {
  importQuestions,
  pictures,
  type QuestionsImported,
  questionsFileSchema,
} from '../features/questions/index.ts';
import { importTips, readTips, type TipsImported } from '../features/tips/index.ts';
import type { Db } from '../kernel/db.ts';
import { UserError } from '../kernel/errors.ts';
import { localDay, type Temporal } from '../kernel/time.ts';
import type { WorkdayCalendar } from '../kernel/workdays.ts';

export interface ContentLoaded {
  directory: ImportReport | undefined;
  tips: TipsImported | undefined;
  faq: FaqImported | undefined;
  questions: QuestionsImported | undefined;
  campaign: CampaignLoaded | undefined;
}

interface Loading {
  at: Temporal.Instant;
  /** The company's zone: its today is the day from which an organisation holds. */
  zone: string;
  calendar: WorkdayCalendar;
  actor: AuditActor;
  /** Where senders read files from: the pictures of `quizzes/pictures/` are kept there. */
  fileRoot: string;
}

/**
 * Loads a content folder: `organisation/departments.csv` and `employees.csv`, `tips/*.yaml`, `faq/*.yaml`,
 * `quizzes/*.yaml`, `notices/templates.yaml`, `campaign.yaml`; each
 * may be absent. All of it or, on the first problem, nothing. Loading the same folder again changes nothing.
 */
export async function loadContent(db: Db, folder: string, loading: Loading): Promise<ContentLoaded> {
  if (!existsSync(folder)) throw new UserError(`${folder}: there is no such folder`);
  return db.transaction(async (tx) => {
    await loadNoticeTemplates(tx, join(folder, 'notices/templates.yaml'));
    return {
      directory: await loadDirectory(tx, join(folder, 'organisation'), loading),
      tips: await loadTips(tx, join(folder, 'tips'), loading),
      faq: await loadFaq(tx, join(folder, 'faq'), loading),
      questions: await loadQuestions(tx, join(folder, 'quizzes'), loading),
      campaign: await loadCampaignFile(tx, join(folder, 'campaign.yaml'), loading),
    };
  });
}

async function loadNoticeTemplates(tx: Db, path: string): Promise<void> {
  if (existsSync(path)) await importTemplates(tx, await readYaml(path, templatesFileSchema));
}

async function loadDirectory(
  tx: Db,
  folder: string,
  { at, zone, actor }: Loading,
): Promise<ImportReport | undefined> {
  const departments = join(folder, 'departments.csv');
  const employees = join(folder, 'employees.csv');
  if (!existsSync(departments) || !existsSync(employees)) return undefined;
  const files = await readDirectory({ departments, employees });
  return importDirectory(tx, files, { at, asOf: localDay(at, zone), actor });
}

/** Reads and imports all YAML files of a folder, in the order of their names. */
export async function loadTips(
  tx: Db,
  folder: string,
  { at, actor }: Loading,
): Promise<TipsImported | undefined> {
  if (!existsSync(folder)) return undefined;
  const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return importTipFiles(
    tx,
    files.map((name) => join(folder, name)),
    { at, actor },
  );
}

export async function importTipFiles(
  tx: Db,
  paths: readonly string[],
  { at, actor }: Pick<Loading, 'at' | 'actor'>,
): Promise<TipsImported> {
  const tips = await readTips(paths);
  const report = await importTips(tx, tips);
  if (report.created + report.updated > 0) {
    await recordAudit(tx, { at, actor, action: 'tips.import', subject: 'tips', detail: { ...report } });
  }
  return report;
}

/** Reads and imports all YAML files of a folder; rejects with UserError when a single entry is not right. */
async function loadFaq(tx: Db, folder: string, { at, actor }: Loading): Promise<FaqImported | undefined> {
  if (!existsSync(folder)) return undefined;
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const files = await Promise.all(names.map((name) => readYaml(join(folder, name), faqFilesSchema)));
  const entries = files.flatMap((file) => file.entries);
  const report = await importEntries(
    tx,
    entries.map((entry, place) => ({ line: place + 1, entry })),
    at,
  );
  const refused = report.rows.filter(({ outcome }) => outcome === 'refused');
  if (refused.length > 0) {
    throw new UserError(
      refused.map(({ id, problems }) => `${folder}: ${id}: ${problems.join('; ')}`).join('\n'),
    );
  }
  if (report.totals.created + report.totals.updated > 0) {
    await recordAudit(tx, { at, actor, action: 'faq.import', subject: 'faq', detail: { ...report.totals } });
  }
  return report;
}

/** Reads and imports all YAML files of a folder; rejects with UserError when a single question is not right. */
async function loadQuestions(
  tx: Db,
  folder: string,
  { at, actor, fileRoot }: Loading,
): Promise<QuestionsImported | undefined> {
  if (!existsSync(folder)) return undefined;
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const files = await Promise.all(names.map((name) => readYaml(join(folder, name), questionsFileSchema)));
  const questions = files.flatMap((file) => file.questions);
  await keepPictures(folder, questions, fileRoot);
  const report = await importQuestions(
    tx,
    questions.map((question, place) => ({ line: place + 1, question })),
    at,
  );
  const refused = report.rows.filter(({ outcome }) => outcome === 'refused');
  if (refused.length > 0)
    throw new UserError(
      refused.map(({ id, problems }) => `${folder}: ${id}: ${problems.join('; ')}`).join('\n'),
    );
  if (report.totals.created + report.totals.updated > 0) {
    const detail = { ...report.totals };
    await recordAudit(tx, { at, actor, action: 'questions.import', subject: 'questions', detail });
  }
  return report;
}

/** Copies the pictures that questions name; rejects with UserError for one that is not there, or is not what its name says. */
async function keepPictures(
  folder: string,
  questions: readonly { id: string; picture?: string | undefined }[],
  fileRoot: string,
): Promise<void> {
  const kept = pictures({ fileRoot });
  for (const { id, picture } of questions) {
    if (picture === undefined || kept.bytesOf(picture) !== undefined) continue;
    const bytes = await readFile(join(folder, 'pictures', picture)).catch(() => undefined);
    if (bytes === undefined || kept.keep(bytes) !== picture)
      throw new UserError(`${folder}: ${id}: picture: there is no pictures/${picture} with these bytes`);
  }
}

export async function loadCampaignFile(
  tx: Db,
  path: string,
  loading: Loading,
): Promise<CampaignLoaded | undefined> {
  if (!existsSync(path)) return undefined;
  const file = await readYaml(path, campaignFileSchema);
  const { at, calendar, actor } = loading;
  const loaded = await loadCampaign(tx, file, { today: localDay(at, file.zone), calendar, at });
  if (loaded.outcome !== 'unchanged') {
    await recordAudit(tx, {
      at,
      actor,
      action: 'campaign.load',
      subject: loaded.campaignId,
      detail: { outcome: loaded.outcome },
    });
  }
  return loaded;
}
