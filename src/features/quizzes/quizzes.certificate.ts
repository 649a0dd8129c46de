import { createHmac } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { dayInWords } from '../../chat/dates.ts';
import type { Locale } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import type { CertificateWords } from './quizzes.certificate-page.ts';
import type { Quiz } from './quizzes.store.ts';
import { quizCertificates, quizScores, quizzes } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

export interface CertificateFiles {
  /** The root that senders read from. */
  fileRoot: string;
  /** Where the company is: the zone of the date. */
  zone: string;
  /** Makes the number of a certificate, which nobody can make up. */
  secretKey: Buffer;
}

/** The number on a certificate: nobody can make one up, and the same person and round have the same one. */
export function certificateCode(secretKey: Buffer, quizId: string, employeeId: string): string {
  const mac = createHmac('sha256', secretKey).update(`certificate ${quizId} ${employeeId}`).digest('hex');
  return (mac.slice(0, 16).match(/.{4}/g) ?? []).join('-').toUpperCase();
}

export interface CertificateOf {
  quiz: Quiz;
  employeeId: string;
  name: string;
  locale: Locale;
}

/** What stands on a person's certificate of a confirmed round; undefined without a result. Drawing it is a job's work. */
export async function certificateWords(
  tx: Db,
  { quiz, employeeId, name, locale }: CertificateOf,
  { zone, secretKey }: Pick<CertificateFiles, 'zone' | 'secretKey'>,
): Promise<{ words: CertificateWords; code: string } | undefined> {
  const [score] = await tx
    .select()
    .from(quizScores)
    .where(and(eq(quizScores.quizId, quiz.id), eq(quizScores.employeeId, employeeId)));
  if (score === undefined || score.answered === 0 || quiz.approvedAt === null) return undefined;
  const t = text[locale].certificate;
  const won = score.rank <= quiz.file.policy.winners && score.score > 0;
  const code = certificateCode(secretKey, quiz.id, employeeId);
  const day = localDay(quiz.approvedAt, zone);
  return {
    words: {
      heading: t.heading,
      person: t.person(name),
      body: won
        ? t.winner(quiz.file.title, score.rank)
        : t.finisher(quiz.file.title, score.right, score.asked),
      date: `${day.year} · ${dayInWords(day, locale)}`,
      code: t.code(code),
    },
    code,
  };
}

/** Notes that a certificate was given out, once, so that its number can be looked up. */
export async function noteIssued(
  tx: Db,
  {
    code,
    quizId,
    employeeId,
    at,
  }: { code: string; quizId: string; employeeId: string; at: Temporal.Instant },
): Promise<void> {
  await tx.insert(quizCertificates).values({ code, quizId, employeeId, at }).onConflictDoNothing();
}

/** What was certified under a number, as it was typed from the paper; undefined when we gave out none of that number. */
export async function certifiedBy(tx: Db, code: string) {
  const [found] = await tx
    .select({
      quizId: quizCertificates.quizId,
      employeeId: quizCertificates.employeeId,
      at: quizCertificates.at,
      file: quizzes.file,
      right: quizScores.right,
      asked: quizScores.asked,
      rank: quizScores.rank,
    })
    .from(quizCertificates)
    .innerJoin(quizzes, eq(quizzes.id, quizCertificates.quizId))
    .innerJoin(
      quizScores,
      and(
        eq(quizScores.quizId, quizCertificates.quizId),
        eq(quizScores.employeeId, quizCertificates.employeeId),
      ),
    )
    .where(
      eq(
        quizCertificates.code,
        code
          .normalize('NFKC')
          .replaceAll(/[^0-9A-Za-z]/g, '')
          .toUpperCase()
          .replaceAll(/(.{4})(?=.)/g, '$1-'),
      ),
    );
  return found;
}
