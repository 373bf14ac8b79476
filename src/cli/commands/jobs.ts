import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { StoreChoice } from '../../runtime/state/open.ts';
import type { JobRecord, StateStore } from '../../runtime/state/store.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { examples, objectsOption, stateOption } from '../options.ts';
import { lineageFolder, storeFolder } from '../folders.ts';
import { tableLines } from '../table.ts';
import type { Column } from '../table.ts';

interface Flags {
  readonly script: string;
  readonly state?: string;
  readonly objects?: string;
  readonly json?: true;
}

type Opened = Exclude<StoreChoice, { readonly kind: 'none' }>;

/** The store that `run` of the script would use. @throws UsageError for `none` */
async function chosen({ state, objects, script }: Flags, io: Io): Promise<Opened> {
  const { chooseStore } = await import('../../runtime/state/open.ts');
  const choice = chooseStore(state, io.env['REDIS_URL'], storeFolder(script), objects);
  if (choice.kind === 'none') throw new UsageError('--state none has no jobs to show');
  return choice;
}

/** Reading must not make a store where there is none. */
async function exists(choice: Opened): Promise<boolean> {
  if (choice.kind === 'redis') return true;
  return stat(choice.folder).then(
    () => true,
    () => false,
  );
}

async function withStore<T>(flags: Flags, io: Io, empty: T, use: (store: StateStore) => Promise<T>): Promise<T> {
  const choice = await chosen(flags, io);
  if (!(await exists(choice))) return empty;
  const { openStore } = await import('../../runtime/state/open.ts');
  const store = await openStore(choice);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

const COLUMNS: readonly Column[] = [
  { align: 'left' },
  { align: 'left' },
  { align: 'left' },
  { align: 'left', flexible: true },
];

async function list(flags: Flags, io: Io): Promise<ExitCode> {
  const jobs = await withStore<readonly JobRecord[]>(flags, io, [], (store) => store.list());
  if (flags.json === true) {
    io.out.write(`${JSON.stringify(jobs, null, 2)}\n`);
    return EXIT.done;
  }
  if (jobs.length === 0) {
    io.err.write('no jobs here; runs are recorded beside their script: --script path/to/job.scope\n');
    return EXIT.done;
  }
  const [{ stateOf }, { escapeControls }] = await Promise.all([
    import('../../runtime/state/store.ts'),
    import('../../diagnostics/render/escape.ts'),
  ]);
  const rows = jobs.map((job) => [
    job.id,
    stateOf(job, Date.now()),
    new Date(job.startedAt).toISOString().slice(0, 19).replace('T', ' '),
    escapeControls(job.script),
  ]);
  const [head = '', ...lines] = tableLines(
    COLUMNS,
    [['id', 'state', 'started (UTC)', 'script'], ...rows],
    io.out.width(),
  );
  io.out.write(`${io.out.chalk.dim(head)}\n${lines.join('\n')}\n`);
  return EXIT.done;
}

function unknown(id: string): UsageError {
  return new UsageError(`there is no job ${id} here; pyscope jobs ls lists them`);
}

async function show(id: string, flags: Flags, io: Io): Promise<ExitCode> {
  const [job, kept] = await withStore(flags, io, [null, 0] as const, async (store) => {
    const record = await store.read(id);
    return [record, record === null ? 0 : (await store.committed(id)).length] as const;
  });
  if (job === null) throw unknown(id);
  if (flags.json === true) {
    io.out.write(`${JSON.stringify(job, null, 2)}\n`);
    return EXIT.done;
  }
  const { jobText } = await import('../report/job.ts');
  io.out.write(jobText(job, kept, Date.now(), { chalk: io.out.chalk, width: io.out.width() }));
  return EXIT.done;
}

async function remove(ids: readonly string[], flags: Flags, io: Io): Promise<ExitCode> {
  for (const id of ids) {
    if (!(await withStore(flags, io, false, (store) => store.remove(id)))) throw unknown(id);
    await rm(join(lineageFolder(flags.script, flags.state), id), { recursive: true, force: true });
  }
  return EXIT.done;
}

function subcommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`)
    .addOption(new Option('--script <path>', 'the script whose runs are meant').default('-', 'those of this folder'))
    .addOption(stateOption())
    .addOption(objectsOption());
}

export function jobsCommand(io: Io, end: (code: ExitCode) => void): Command {
  return new Command('jobs')
    .summary('list, show and remove the records of runs')
    .description('Lists, shows and removes the records that runs leave behind. Outputs are never touched.')
    .addCommand(
      subcommand('ls', 'list the runs, the latest first')
        .option('--json', 'as JSON')
        .action(async (flags: Flags) => end(await list(flags, io))),
    )
    .addCommand(
      subcommand('show', 'show one run with its report')
        .argument('<id>')
        .option('--json', 'as JSON')
        .action(async (id: string, flags: Flags) => end(await show(id, flags, io))),
    )
    .addCommand(
      subcommand('rm', 'remove the records of runs')
        .argument('<ids...>')
        .action(async (ids: readonly string[], flags: Flags) => end(await remove(ids, flags, io))),
    )
    .addHelpText(
      'after',
      examples([
        ['pyscope jobs ls --script job.scope', 'the runs of a script'],
        ['pyscope jobs show ID --script job.scope', 'one of them, with its report'],
        ['pyscope jobs ls --state redis://host:6379', 'those recorded in Redis'],
      ]),
    );
}
