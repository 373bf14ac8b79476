import { Argument, Command, Option } from 'commander';
import { escapeControls } from '../../diagnostics/render/escape.ts';
import type { Source } from '../../diagnostics/span.ts';
import { planned } from '../compile-script.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import {
  byteSize,
  cacheOption,
  examples,
  jobId,
  objectsOption,
  positiveNumber,
  stateOption,
  withMemory,
  withOptimiser,
  withParameters,
  withWorkers,
} from '../options.ts';
import type { CompileFlags, MemoryFlags, WorkersFlags } from '../options.ts';
import { lineageFolder, spillFolder, storeFolder } from '../folders.ts';
import { runAndTell } from '../run-plan.ts';
import { bytes as bytesText, number as numberText } from '../units.ts';
import type { ResumeTarget } from '../resume.ts';
import type { StoreChoice } from '../../runtime/state/open.ts';
import type { RunAnswer } from '../run-plan.ts';

interface Flags extends CompileFlags, MemoryFlags, WorkersFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly batch?: number;
  readonly allowRemote?: true;
  readonly state?: string;
  readonly objects?: string;
  readonly job?: string;
  /** True without an id. */
  readonly resume?: string | true;
  readonly keep?: true;
  readonly repairs?: string;
  /** False with `--no-cache`. */
  readonly cache?: string | false;
  readonly cacheSize?: number;
}

/** The report is the result; the error comes last, where it is seen. */
async function tell(answer: RunAnswer, sources: readonly Source[], flags: Flags, io: Io): Promise<void> {
  const { report, exitCode, error, recorded, lineage, reused } = answer;
  if (flags.json === true) io.out.write(`${JSON.stringify({ ...report, exitCode }, null, 2)}\n`);
  else if (flags.quiet !== true) {
    const { reportText } = await import('../report/text.ts');
    io.out.write(reportText(report, { chalk: io.out.chalk, width: io.out.width() }));
    if (lineage !== null) io.err.write(`\n${io.err.chalk.dim(lineageLine(lineage.bytes, report))}\n`);
    if (reused.answers > 0) io.err.write(`\n${io.err.chalk.dim(reusedLine(reused))}\n`);
    if (recorded !== null) io.err.write(`\n${io.err.chalk.dim(`recorded as ${report.job} in ${recorded}`)}\n`);
  }
  if (report.outcome === 'interrupted') {
    io.err.write(`\ninterrupted: outputs are as they were before; ${await furtherText(answer, flags)}\n`);
  }
  if (error !== null) {
    const { errorText } = await import('../report/error.ts');
    io.err.write(`\n${errorText(error, sources, { chalk: io.err.chalk, width: io.err.width() })}`);
    if (answer.kept > 0) io.err.write(`\n${await furtherText(answer, flags)}\n`);
  }
}

function reusedLine({ answers, rows }: RunAnswer['reused']): string {
  const what = `${numberText(answers)} ${answers === 1 ? 'answer' : 'answers'} for ${numberText(rows)} rows`;
  return `${what} came from the job's store: no operator was asked for them again`;
}

/** How to go on. */
async function furtherText({ report, kept }: RunAnswer, flags: Flags): Promise<string> {
  if (kept === 0) return 'the same command starts anew';
  const { commandText } = await import('../command-text.ts');
  return `to go on: ${commandText(report.script, report.job, flags)}`;
}

function lineageLine(bytes: number, { outputs }: RunAnswer['report']): string {
  const file = outputs[0]?.path ?? 'FILE';
  return `lineage recorded (${bytesText(bytes)}): pyscope why ${file}:LINE tells what made a row of it`;
}

async function targetOf(
  script: string | undefined,
  resume: string | true,
  choose: (folder: string) => StoreChoice,
): Promise<ResumeTarget> {
  const { resumeRequest, resumeTarget } = await import('../resume.ts');
  return resumeTarget(resumeRequest(script, resume), choose);
}

export async function run(script: string | undefined, flags: Flags, io: Io): Promise<ExitCode> {
  const { chooseStore } = await import('../../runtime/state/open.ts');
  const choose = (folder: string): StoreChoice => chooseStore(flags.state, io.env['REDIS_URL'], folder, flags.objects);
  const resumed = flags.resume === undefined ? null : await targetOf(script, flags.resume, choose);
  const path = resumed?.script ?? script;
  if (path === undefined) throw new UsageError("missing required argument 'script': a path, or - for standard input");
  const compilation = await planned(path, flags, io, { toRun: true, quiet: flags.quiet === true });
  if (typeof compilation === 'number') return compilation;
  const wanted = compilation.plan.settings.get('lineage') === true;
  const { chooseCache } = await import('../../runtime/models/cache/open.ts');
  const store = choose(storeFolder(path));
  const answer = await runAndTell(
    compilation,
    {
      path,
      allowRemote: flags.allowRemote === true,
      batchRows: flags.batch ?? resumed?.batchRows ?? null,
      workers: flags.workers ?? null,
      memory: flags.memory ?? null,
      spillFolder: flags.spillDir ?? spillFolder(path),
      quiet: flags.quiet === true || flags.json === true,
      notes: flags.quiet !== true,
      store,
      cache: chooseCache(flags.cache, store),
      cacheBytes: flags.cacheSize,
      job: resumed?.job ?? flags.job ?? null,
      resume: resumed !== null,
      keep: flags.keep === true,
      repairs: flags.repairs ?? null,
      lineage: wanted ? lineageFolder(path, flags.state) : null,
    },
    io,
  );
  await tell(answer, compilation.plan.sources, flags, io);
  if (wanted && answer.lineage === null && answer.exitCode === EXIT.done) return EXIT.jobFailed;
  if (answer.unlogged === null) return answer.exitCode;
  io.err.write(
    `\nerror: ${JSON.stringify(flags.repairs)} was not written: ${escapeControls(answer.unlogged.message)}\n`,
  );
  return answer.exitCode === EXIT.done ? EXIT.jobFailed : answer.exitCode;
}

export function runCommand(io: Io, end: (code: ExitCode) => void): Command {
  const command = new Command('run')
    .summary('run a script and report what it did')
    .description('Checks, plans and runs a script, and reports rows, operator calls, outputs and expectations.')
    .addArgument(new Argument('[script]', 'a path, or - for standard input; with --resume that of the run'));
  return withWorkers(withMemory(withOptimiser(withParameters(command))))
    .option('--json', 'write the report as one JSON document to standard output')
    .option('-q, --quiet', 'show neither progress nor report, errors only')
    .addOption(
      new Option('--batch <rows>', 'rows of a batch; changes speed, never what is written').argParser(positiveNumber),
    )
    .option('--allow-remote', 'let operators load models from the model hub')
    .addOption(stateOption())
    .addOption(objectsOption())
    .addOption(
      new Option('--job <id>', 'the id to record the run under (default: made from script and time)').argParser(jobId),
    )
    .addOption(cacheOption())
    .option('--no-cache', 'ask models for everything, and keep no answers')
    .addOption(
      new Option('--cache-size <bytes>', 'most bytes of kept answers, such as 500MB (default: 1GB)').argParser(
        byteSize,
      ),
    )
    .option('--resume [job]', 'go on with a run that did not end: that job, else the latest of the script')
    .option('--keep', 'keep what operators answered in the job store when the job is done')
    .option('--repairs <file>', 'write a line of JSON for each row that a repair changed')
    .option('--lineage', 'record which rows each row was made from, for pyscope why and why-not')
    .addHelpText(
      'after',
      examples([
        ['pyscope run job.scope', 'progress, then a report'],
        ['pyscope run job.scope -p reviews=mine.txt', 'another value for DECLARE @reviews'],
        ['pyscope run job.scope --json > report.json', 'the report for programs'],
        ['pyscope run job.scope --repairs repairs.jsonl', 'what was repaired, and why'],
        ['pyscope run job.scope --lineage', 'recorded, so that pyscope why can tell'],
        ['pyscope run job.scope --memory 256MB', 'larger groups, joins and sorts go to disk'],
        ['pyscope run job.scope --resume', 'go on with the run that did not end'],
        ['pyscope run job.scope --state redis://host:6379', 'recorded in Redis'],
        ['pyscope run job.scope --objects s3://bucket/jobs', 'big answers in a bucket'],
      ]) +
        '\n\nExit codes: 0 done, 1 the job failed, 2 wrong usage, 3 the script has errors,\n4 an EXPECT ... HAVING gate failed, 130 interrupted (to be resumed).',
    )
    .action(async (path: string | undefined, flags: Flags) => end(await run(path, flags, io)));
}
