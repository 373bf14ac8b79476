import { Command, Option } from 'commander';
import type { CacheChoice } from '../../runtime/models/cache/open.ts';
import type { AnswerTable, ModelUse } from '../../runtime/models/cache/table.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { cacheOption, examples, stateOption, wholeNumber } from '../options.ts';
import { storeFolder } from '../folders.ts';
import { number } from '../units.ts';

interface Flags {
  readonly script: string;
  readonly state?: string;
  readonly cache?: string;
  readonly json?: true;
}

interface ClearFlags extends Flags {
  readonly model?: string;
}

interface VerifyFlags extends Flags {
  readonly sample: number;
  readonly allowRemote?: true;
}

type Opened = Exclude<CacheChoice, { readonly kind: 'none' }>;

/** The cache that `run` of the script would use. @throws UsageError where it would use none */
async function chosen({ state, script, cache }: Flags, io: Io): Promise<Opened> {
  const [{ chooseStore }, { chooseCache }] = await Promise.all([
    import('../../runtime/state/open.ts'),
    import('../../runtime/models/cache/open.ts'),
  ]);
  const choice = chooseCache(cache, chooseStore(state, io.env['REDIS_URL'], storeFolder(script)));
  if (choice.kind === 'none') throw new UsageError('--state none has no cache; name one with --cache');
  return choice;
}

/** @param empty the answer where there is no cache yet: reading must not make one */
async function withTable<T>(flags: Flags, io: Io, empty: T, use: (table: AnswerTable) => Promise<T>): Promise<T> {
  const choice = await chosen(flags, io);
  const { openForReading } = await import('../../runtime/models/cache/open.ts');
  const table = await openForReading(choice);
  if (table === null) return empty;
  try {
    return await use(table);
  } finally {
    await table.close();
  }
}

interface Listed {
  readonly location: string | null;
  readonly models: readonly ModelUse[];
}

async function list(flags: Flags, io: Io): Promise<ExitCode> {
  const none: Listed = { location: null, models: [] };
  const found = await withTable(flags, io, none, async (table) => ({
    location: table.location,
    models: await table.models(),
  }));
  if (flags.json === true) io.out.write(`${JSON.stringify(found, null, 2)}\n`);
  else {
    const { modelsText } = await import('../report/cache.ts');
    io.out.write(modelsText(found.location, found.models, { chalk: io.out.chalk, width: io.out.width() }));
  }
  return EXIT.done;
}

/** What a user calls a model: its name in the script, its folder, or the id that `ls` shows. */
function isMeant({ id, source }: ModelUse, name: string): boolean {
  return source.written === name || id.startsWith(name) || (source.kind === 'folder' && source.folder === name);
}

async function clear(flags: ClearFlags, io: Io): Promise<ExitCode> {
  const { model } = flags;
  if (model === '')
    throw new UsageError('--model is empty; name one that pyscope cache ls shows, or leave it out to remove all');
  const removed = await withTable(flags, io, 0, async (table) => {
    const models = await table.models();
    if (model === undefined) {
      await table.clear();
      return models.reduce((sum, { entries }) => sum + entries, 0);
    }
    const meant = models.filter((one) => isMeant(one, model));
    if (meant.length === 0) throw new UsageError(`there are no answers of ${model} here; pyscope cache ls lists them`);
    const { clearModels } = await import('../../runtime/models/cache/clear.ts');
    return clearModels(table, new Set(meant.map(({ id }) => id)));
  });
  if (flags.json === true) io.out.write(`${JSON.stringify({ removed }, null, 2)}\n`);
  else io.out.write(`removed ${number(removed)} answers\n`);
  return EXIT.done;
}

async function verify(flags: VerifyFlags, io: Io): Promise<ExitCode> {
  const [{ verifyAnswers }, { createModelHost }, { engineVersion }] = await Promise.all([
    import('../../runtime/models/cache/verify.ts'),
    import('../../runtime/models/host.ts'),
    import('../../runtime/models/cache/key.ts'),
  ]);
  const host = createModelHost({ allowRemote: flags.allowRemote === true });
  const options = { sample: flags.sample, engine: engineVersion(), random: Math.random };
  try {
    const empty = { entries: 0, damaged: 0, models: [] };
    const verified = await withTable(flags, io, empty, (table) => verifyAnswers(table, host, options));
    if (flags.json === true) io.out.write(`${JSON.stringify(verified, null, 2)}\n`);
    else {
      const { verifiedText } = await import('../report/cache.ts');
      io.out.write(verifiedText(verified, { chalk: io.out.chalk, width: io.out.width() }));
    }
    const sound = verified.damaged === 0 && verified.models.every(({ different }) => different.length === 0);
    return sound ? EXIT.done : EXIT.jobFailed;
  } finally {
    await host.close();
  }
}

function subcommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`)
    .addOption(new Option('--script <path>', 'the script whose cache is meant').default('-', 'that of this folder'))
    .addOption(stateOption())
    .addOption(cacheOption())
    .option('--json', 'as JSON');
}

export function cacheCommand(io: Io, end: (code: ExitCode) => void): Command {
  return new Command('cache')
    .summary('list, clear and verify the kept answers of models')
    .description('Lists, clears and verifies the answers of models that runs keep for one another.')
    .addCommand(
      subcommand('ls', 'list the models that answers are kept of').action(async (flags: Flags) =>
        end(await list(flags, io)),
      ),
    )
    .addCommand(
      subcommand('clear', 'remove answers, all or those of one model')
        .option('--model <model>', 'as the script names it, its folder, or its id in ls')
        .action(async (flags: ClearFlags) => end(await clear(flags, io))),
    )
    .addCommand(
      subcommand('verify', 'check all answers for damage, and some by asking their models again')
        .addOption(
          new Option('--sample <answers>', 'how many answers of each model to compute again')
            .argParser(wholeNumber)
            .default(100),
        )
        .option('--allow-remote', 'let models of the hub be fetched again')
        .action(async (flags: VerifyFlags) => end(await verify(flags, io))),
    )
    .addHelpText(
      'after',
      examples([
        ['pyscope cache ls --script job.scope', 'what is kept beside a script'],
        ['pyscope cache clear --model ./models/small', 'those of one model, here'],
        ['pyscope cache verify --sample 1000', 'more certainty, more work'],
      ]),
    );
}
