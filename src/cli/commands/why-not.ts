import { statSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { escapeControls } from '../../diagnostics/render/escape.ts';
import type { Fates } from '../../runtime/lineage/fates.ts';
import type { InputFacts, NodeFacts } from '../../runtime/lineage/manifest.ts';
import type { Lineage } from '../../runtime/lineage/reader.ts';
import { EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Recorded, Search } from '../lineage/find.ts';
import { lineOf, targetOf } from '../lineage/target.ts';
import { examples, jobId } from '../options.ts';

interface Flags {
  readonly job?: string;
  readonly state?: string;
  readonly all?: true;
  readonly json?: true;
}

async function whyNot(text: string, flags: Flags, io: Io): Promise<ExitCode> {
  const target = targetOf(text);
  const line = lineOf(target, 'why-not');
  const { checkFile, openLineage } = await import('../lineage/find.ts');
  checkFile(target.file);
  const record = await readerOf({ file: target.file, state: flags.state, job: flags.job });
  const { lineage, close } = openLineage(record);
  try {
    const [{ tellFates }, { linesWritten }] = await Promise.all([
      import('../lineage/tell-fates.ts'),
      import('../lineage/lines-written.ts'),
    ]);
    const fates = await fatesAt(lineage, record, target.file, line);
    const told = tellFates(lineage, fates, await linesWritten(lineage, fates));
    if (flags.json === true) {
      const { fatesJson } = await import('../lineage/json.ts');
      io.out.write(`${JSON.stringify(fatesJson(target, record, told), null, 2)}\n`);
      return EXIT.done;
    }
    const { fateLines } = await import('../lineage/fates-text.ts');
    const { chalk } = io.out;
    const head = `${chalk.bold(`${escapeControls(target.file)}:${line}`)}  ${chalk.dim(`job ${record.manifest.job}`)}`;
    const lines = fateLines(told, flags.all === true, { chalk, width: io.out.width() });
    io.out.write(`${head}\n\n${lines.join('\n')}\n`);
  } finally {
    close();
  }
  return EXIT.done;
}

/** The latest run that read the file. @throws RunError PR7110, PR7102 */
async function readerOf(search: Search): Promise<Recorded> {
  const [{ inputsOf, recorded, storeFolders }, { lineageFault }] = await Promise.all([
    import('../lineage/find.ts'),
    import('../../runtime/lineage/faults.ts'),
  ]);
  const { file } = search;
  const read = recorded(search).filter((record) => inputsOf(record, file).length > 0);
  const [latest] = read;
  if (latest === undefined) {
    const [first = '.pyscope'] = storeFolders(search);
    throw lineageFault(
      'PR7110',
      `no recorded run read ${file}`,
      `pyscope run --lineage job.scope records one; looked in ${first} and in the folders above it; --state DIR looks elsewhere`,
    );
  }
  const { size } = statSync(file);
  const same = read.find((record) => inputsOf(record, file).every(({ bytes }) => bytes === size));
  if (same !== undefined) return same;
  throw lineageFault(
    'PR7102',
    `${file} has changed since job ${latest.manifest.job} read it: it has another size`,
    `run it again: pyscope run --lineage ${latest.manifest.script}`,
  );
}

/** What became of the line in every EXTRACT that read the file. @throws RunError PR7103, PR7105 */
async function fatesAt(lineage: Lineage, record: Recorded, file: string, line: number): Promise<Fates> {
  const { inputsOf } = await import('../lineage/find.ts');
  await checkLine(file, line);
  const inputs = inputsOf(record, file);
  const found = await Promise.all(inputs.map((input) => fatesIn(lineage, input, line)));
  const known = found.flatMap((one) => one ?? []);
  if (known.length > 0) {
    const { joined } = await import('../../runtime/lineage/fates.ts');
    return joined(known);
  }
  const { lineageFault } = await import('../../runtime/lineage/faults.ts');
  const isHeader = inputs.some(({ node }) => headerLine(lineage.node(node)) === line);
  throw lineageFault(
    'PR7105',
    `line ${line} of ${file} is ${isHeader ? 'its header' : 'no row: it is empty, or was skipped'}`,
  );
}

/** The line of the column names; null where there is none. */
function headerLine({ format }: NodeFacts): number | null {
  const options = new Map(format?.options ?? []);
  const skip = options.get('skip');
  if (format?.name.endsWith('svReader') !== true || options.get('header') === false) return null;
  return 1 + (typeof skip === 'number' ? skip : 0);
}

/** Lines of a packed file are not counted. */
async function checkLine(file: string, line: number): Promise<void> {
  if (file.endsWith('.gz')) return;
  const [{ noSuchLine }, { countLines }] = await Promise.all([
    import('../lineage/records.ts'),
    import('../lineage/count-lines.ts'),
  ]);
  const last = await countLines(file);
  if (line > last) throw noSuchLine(file, line, last);
}

async function fatesIn(lineage: Lineage, { node, shown }: InputFacts, line: number): Promise<Fates | null> {
  const { fatesOf, rejectedFates } = await import('../../runtime/lineage/fates.ts');
  const row = lineage.sourceRow(node, shown, line);
  const rejected = lineage.rejectedAt(node, shown, line);
  if (rejected !== null && rejected.facts.line > (row?.line ?? 0)) {
    return rejectedFates(lineage, node, rejected.number, rejected.facts.reason);
  }
  const severalLines = lineage.node(node).format?.name.endsWith('svReader') === true;
  return row === null || (row.line < line && !severalLines) ? null : fatesOf(lineage, row.ref);
}

export function whyNotCommand(io: Io, end: (code: ExitCode) => void): Command {
  return new Command('why-not')
    .summary('tell what became of a line of an input')
    .description(
      'Tells what became of a line of an input: where and by which clause it ended, and which outputs it reached after all.\nThe run must have been recorded: pyscope run --lineage job.scope.',
    )
    .addArgument(new Argument('<file:line>', 'a line of a file that an EXTRACT reads'))
    .addOption(
      new Option('--job <id>', 'the run that is meant (default: the latest that read the file)').argParser(jobId),
    )
    .option('--state <folder>', 'where runs are recorded (default: .pyscope beside the file and in the folders above)')
    .option('--all', 'tell the whole way to each end, also where the line reached an output')
    .option('--json', 'write it as one JSON document')
    .addHelpText(
      'after',
      examples([
        ['pyscope why-not reviews.txt:12', 'what became of line 12'],
        ['pyscope why-not reviews.txt:12 --json', 'for programs'],
      ]),
    )
    .action(async (text: string, flags: Flags) => end(await whyNot(text, flags, io)));
}
