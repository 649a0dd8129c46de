import { readFileSync } from 'node:fs';
import { type Behaviour, behaviourProblems, behaviourSchema } from './config/behaviour.ts';
import { type Environment, environmentSchema, given, unknownNameProblems } from './config/environment.ts';
import { groupProblems, type Platforms, platformsOf, productionAddresses } from './config/platforms.ts';
import { parseYaml } from './content/yaml.ts';
import { messageOf, UserError } from './kernel/errors.ts';

export type { Behaviour } from './config/behaviour.ts';
export type * from './config/platforms.ts';

/** Everything that can be set: addresses and secrets from the environment, behaviour from the YAML file. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Origin without a slash at its end. */
  readonly publicUrl: string;
  /** Absent means: run our own PostgreSQL in the data directory. */
  readonly databaseUrl: string | undefined;
  /** Absent means: BullMQ runs on PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly role: Environment['CUHUO_ROLE'];
  readonly dataDir: string;
  /** Absent means: `loadSecrets` makes one. */
  readonly adminToken: string | undefined;
  readonly secretKey: Buffer | undefined;
  readonly logLevel: Environment['CUHUO_LOG_LEVEL'];
  readonly clock: Environment['CUHUO_CLOCK'];
  readonly sandbox: boolean;
  /** The keys of the models under `faq` in the behaviour. */
  readonly faqKeys: { readonly embedding: string | undefined; readonly languageModel: string | undefined };
  readonly platforms: Readonly<Platforms>;
  readonly behaviour: Readonly<Behaviour>;
}

const DEFAULT_FILE = 'config/cuhuo.yaml';

type ReadFile = (path: string) => string;
const fromDisk: ReadFile = (path) => readFileSync(path, 'utf8');

/**
 * Reads every setting once. Throws one UserError that lists all problems, a line for each, without values.
 *
 * @example
 * const config = loadConfig(process.env);
 */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  { readFile }: { readFile: ReadFile } = { readFile: fromDisk },
): Config {
  const set = given(env);
  const parsed = environmentSchema.safeParse(set);
  const behaviour = loadBehaviour(set.CUHUO_CONFIG, readFile);
  const problems = [
    ...unknownNameProblems(env),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...groupProblems(set),
    ...('problems' in behaviour ? behaviour.problems : behaviourProblems(behaviour.value, set.REDIS_URL)),
  ];
  if (parsed.success) problems.push(...clockProblems(set, parsed.data));
  if (problems.length > 0 || !parsed.success || 'problems' in behaviour) throw invalid(problems);
  return assemble(parsed.data, behaviour.value);
}

type Loaded = { value: Behaviour } | { problems: readonly string[] };

function loadBehaviour(file: string | undefined, readFile: ReadFile): Loaded {
  const path = file ?? DEFAULT_FILE;
  try {
    return { value: parseYaml(readFile(path), path, behaviourSchema) };
  } catch (error) {
    if (error instanceof UserError) return { problems: error.message.split('\n') };
    if (file === undefined && isMissing(error)) return { value: behaviourSchema.parse({}) };
    const wrong = isMissing(error) ? `there is no file ${path}` : `cannot read the file; ${messageOf(error)}`;
    return { problems: [`CUHUO_CONFIG: ${wrong}; give the path of a YAML file, or leave it out`] };
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function clockProblems(set: ReturnType<typeof given>, parsed: Environment): string[] {
  if (parsed.CUHUO_CLOCK !== 'manual') return [];
  return productionAddresses(set, parsed).map(
    (name) =>
      `CUHUO_CLOCK: manual is refused while ${name} is a production host; give system, or point ${name} to a simulator`,
  );
}

function assemble(env: Environment, behaviour: Behaviour): Config {
  const platforms = platformsOf(env);
  const hasPlatform = Object.values(platforms).some((platform) => platform !== undefined);
  return freeze({
    host: env.HOST,
    port: env.PORT,
    publicUrl:
      env.CUHUO_PUBLIC_URL ?? `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${env.PORT}`,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    role: env.CUHUO_ROLE,
    dataDir: env.CUHUO_DATA_DIR,
    adminToken: env.CUHUO_ADMIN_TOKEN,
    secretKey: env.CUHUO_SECRET_KEY,
    logLevel: env.CUHUO_LOG_LEVEL,
    clock: env.CUHUO_CLOCK,
    sandbox: env.CUHUO_SANDBOX === undefined ? !hasPlatform : env.CUHUO_SANDBOX === 'on',
    faqKeys: { embedding: env.CUHUO_FAQ_EMBEDDING_KEY, languageModel: env.CUHUO_FAQ_MODEL_KEY },
    platforms,
    behaviour,
  });
}

/** Freezes plain objects and lists all the way down; a Buffer or an Instant stays as it is. */
function freeze<Value>(value: Value): Value {
  const plain = Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
  if (!plain || Object.isFrozen(value)) return value;
  for (const child of Object.values(value as object)) freeze(child);
  return Object.freeze(value);
}

function invalid(problems: readonly string[]): UserError {
  const lines = problems.map((problem) => `  ${problem}`);
  return new UserError(['Invalid configuration:', ...lines].join('\n'), { problems });
}
