import { Command, CommanderError } from 'commander';
import { AppError, messageOf } from '../kernel/errors.ts';
import { UsageError } from './usage.ts';

/** 0 success, 1 failure, 2 wrong usage. */
type ExitCode = 0 | 1 | 2;

/**
 * Runs one command. Each command's own file is loaded only when it is called, so that `--help` answers at once and a
 * configuration error of one command does not hide another.
 */
export async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  const program = new Command('cuhuo')
    .description('Cuhuo 促活: the bot that gets newly bought office software really used')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  let failed = false;
  const fail = () => {
    failed = true;
  };

  program
    .command('serve', { isDefault: false })
    .description('start everything this role needs: web, worker, or both')
    .action(async () => (await import('./serve.ts')).serve());
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .action(async () => (await import('./migrate.ts')).migrateCommand());
  program
    .command('import')
    .description(
      'load people, tips, a campaign, leave or use of the software from XLSX, CSV or YAML; prints a report per row',
    )
    .argument('<kind>', 'directory | tips | campaign | content | excusals | usage')
    .argument('<file...>', 'the file; for directory: one XLSX with both sheets, or departments and employees')
    .option('--as-of <day>', 'the day from which moves and leavings hold (YYYY-MM-DD); today unless given')
    .option('--source <name>', 'for usage: which server says so, where the file does not')
    .option('--dry-run', 'report what would happen and change nothing')
    .action(
      async (
        kind: string,
        files: string[],
        options: { asOf?: string; dryRun?: boolean; source?: string },
      ) => {
        if (!(await (await import('./import.ts')).importCommand(kind, files, options))) fail();
      },
    );
  program
    .command('export')
    .description(
      'write check-ins or performance of a month to a file, as HR gets it in chat; or print the key that signs',
    )
    .argument('<kind>', 'checkins | performance | key')
    .argument('[month]', 'such as 2026-11')
    .option('--format <format>', 'xlsx or csv; for performance also json', 'xlsx')
    .option('--sheet <sheet>', 'for csv of check-ins: detail or summary', 'detail')
    .option('--supplement <no>', 'for performance: a supplement to a closed period instead of its closing')
    .option(
      '--purpose <words>',
      'what for; stands in the file and in the audit',
      '服务器上导出，没有另写用途',
    )
    .option('--out <file>', 'where to write; the usual file name in this folder unless given')
    .action(
      async (
        kind: string,
        month: string | undefined,
        options: Parameters<typeof import('./export.ts').exportCommand>[2],
      ) => (await import('./export.ts')).exportCommand(kind, month, options),
    );
  program
    .command('doctor')
    .description('check settings, database, queue, calendar and content, and say what to do')
    .argument('[channel]', 'check one channel only')
    .action(async (channel?: string) => {
      if (!(await (await import('./doctor.ts')).doctorCommand(channel))) fail();
    });
  program
    .command('token')
    .description('create, list or revoke API tokens; print a sign-in link for the console')
    .argument('<deed>', 'create | list | revoke | link')
    .argument('[name]', 'name of the token')
    .option('--days <days>', 'how long a new token is valid')
    .option('--role <role...>', 'what it may do, see docs/roles.md; an administrator unless given')
    .option('--department <code...>', 'for a liaison: the departments it reaches, those below included')
    .action(async (deed: string, name: string | undefined, options: object) =>
      (await import('./token.ts')).tokenCommand(deed, name, options),
    );
  program
    .command('rehearse')
    .description('play a campaign on a virtual clock with made-up behaviour, in a throw-away database')
    .option('--content <folder>', 'content folder', 'config/content/office-suite')
    .option('--days <days>', 'calendar days to play; the whole campaign unless given')
    .option('--start <day>', 'first day (YYYY-MM-DD); today unless given')
    .option('--seed <seed>', 'the same seed plays the same campaign', '1')
    .action(async (options: { content: string; days?: string; start?: string; seed: string }) =>
      (await import('./rehearse.ts')).rehearseCommand(options),
    );
  program
    .command('faq')
    .description(
      'fit the confidence and the thresholds of answering to the entries in use, and print the curve',
    )
    .argument('<deed>', 'calibrate')
    .option('--wrong <share>', 'how many of the answers may be wrong', '0.05')
    .option('--out-of-scope <share>', 'how many of all questions no entry answers', '0.3')
    .option('--questions <file>', 'questions that no entry answers, one a line')
    .option('--use <version>', 'put an earlier version into use again')
    .option('--dry-run', 'print the curve and change nothing')
    .action(async (deed: string, options: Parameters<typeof import('./faq.ts').faqCommand>[1]) =>
      (await import('./faq.ts')).faqCommand(deed, options),
    );
  program
    .command('wecom')
    .description('make a group chat of the WeCom app, to which it may then write; prints its address')
    .argument('<deed>', 'group')
    .argument('<name>', 'name of the chat')
    .argument('<userid...>', 'at least two members; the first owns it')
    .action(async (deed: string, name: string, userids: string[]) =>
      (await import('./wecom.ts')).wecomCommand(deed, name, userids),
    );
  program
    .command('verify')
    .description('prove that derived figures equal the evidence')
    .argument('<what>', 'streaks | points | audit | export')
    .argument('[file]', 'for export: the package of a closed period')
    .option('--key <key>', 'for export: the public key or a file that holds it; our own unless given')
    .action(async (what: string, file: string | undefined, options: { key?: string }) => {
      if (!(await (await import('./verify.ts')).verifyCommand(what, file, options))) fail();
    });

  try {
    await program.parseAsync(args, { from: 'user' });
    return failed ? 1 : 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const expected = error instanceof AppError;
  process.stderr.write(
    `${expected || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)}\n`,
  );
  return 1;
}
