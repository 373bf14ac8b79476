import { Argument, Command, Option } from 'commander';
import { escapeControls } from '../../diagnostics/render/escape.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { OutputFacts } from '../../runtime/lineage/manifest.ts';
import type { Lineage, RowRef } from '../../runtime/lineage/reader.ts';
import type { NamedValue, Step } from '../../runtime/lineage/story.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Recorded } from '../lineage/find.ts';
import type { RecordLines } from '../lineage/records.ts';
import { targetOf } from '../lineage/target.ts';
import type { Target } from '../lineage/target.ts';
import { examples, jobId } from '../options.ts';

interface Flags {
  readonly row?: string;
  readonly job?: string;
  readonly state?: string;
  readonly all?: true;
  readonly json?: true;
}

/** The row of an output that is meant. */
interface Found {
  readonly position: number;
  /** Of the file; null where its lines cannot be told. */
  readonly line: number | null;
}

const FEW = 3;

async function why(text: string, column: string | undefined, flags: Flags, io: Io): Promise<ExitCode> {
  const target = targetOf(text);
  if (flags.row === undefined && target.line === null) {
    throw new UsageError(`say which row is meant: pyscope why ${text}:17, or --row column=value`);
  }
  const [{ checkFile, openLineage }, { writerOf }] = await Promise.all([
    import('../lineage/find.ts'),
    import('../lineage/writer.ts'),
  ]);
  checkFile(target.file);
  const { record, output } = await writerOf({ file: target.file, state: flags.state, job: flags.job });
  const { lineage, close } = openLineage(record);
  try {
    const found = await rowMeant(target, flags.row, lineage, output);
    const ref = lineage.writtenRow(output.node, output.part, found.position);
    if (ref === null) throw new RangeError(`the lineage has no row ${found.position} of ${output.shown}`);
    const at = column === undefined ? null : await columnMeant(lineage, ref, column, target.file);
    const { storyOf } = await import('../../runtime/lineage/story.ts');
    const steps = storyOf(lineage, ref, { members: flags.all === true ? Infinity : FEW, column: at });
    await tell({ target, record, output, found, lineage, ref, steps, column: at }, flags, io);
  } finally {
    close();
  }
  return EXIT.done;
}

// ── Which row, which column ─────────────────────────────────────────────────────────────────────────────────────────

async function linesOf(file: string, lineage: Lineage, output: OutputFacts): Promise<RecordLines> {
  const { recordLines } = await import('../lineage/records.ts');
  const { format } = lineage.node(output.node);
  if (format === null) throw new RangeError(`${output.shown} has no format`);
  return recordLines(file, output, format);
}

async function rowMeant(
  { file, line }: Target,
  row: string | undefined,
  lineage: Lineage,
  output: OutputFacts,
): Promise<Found> {
  if (row !== undefined) {
    const { rowWith } = await import('../lineage/row-with.ts');
    const lines = await linesOf(file, lineage, output).catch(() => null);
    const position = rowWith(lineage, output, row, file, lines);
    return { position, line: lines?.starts[position] ?? null };
  }
  const [{ rowAtLine }, { countLines }] = await Promise.all([
    import('../lineage/records.ts'),
    import('../lineage/count-lines.ts'),
  ]);
  const lines = await linesOf(file, lineage, output);
  const position = rowAtLine(file, line ?? 0, lines, await countLines(file));
  return { position, line: lines.starts[position] ?? null };
}

async function columnMeant(lineage: Lineage, ref: RowRef, name: string, file: string): Promise<number> {
  const at = lineage.columnNamed(ref.node, name);
  if (at >= 0) return at;
  const { lineageFault } = await import('../../runtime/lineage/faults.ts');
  const names = lineage.node(ref.node).columns.map((column) => column.name);
  const near = didYouMean(name, names);
  throw lineageFault(
    'PR7104',
    `the rows of ${file} have no column ${name}`,
    near === null ? `they have ${names.join(', ')}` : `did you mean ${near}? they have ${names.join(', ')}`,
  );
}

// ── Telling ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Told {
  readonly target: Target;
  readonly record: Recorded;
  readonly output: OutputFacts;
  readonly found: Found;
  readonly lineage: Lineage;
  readonly ref: RowRef;
  readonly steps: readonly Step[];
  readonly column: number | null;
}

async function tell(told: Told, flags: Flags, io: Io): Promise<void> {
  const { allValues } = await import('../../runtime/lineage/story.ts');
  const all = allValues(told.lineage, told.ref);
  const row = told.column === null ? all : all.slice(told.column, told.column + 1);
  if (flags.json === true) {
    const { storyJson } = await import('../lineage/json.ts');
    io.out.write(`${JSON.stringify(storyJson({ ...told, row }), null, 2)}\n`);
    return;
  }
  const { storyLines } = await import('../lineage/story-text.ts');
  const style = { chalk: io.out.chalk, width: io.out.width() };
  const lines = [...headLines(told, row, await rowLines(row, style.width), io), '', ...storyLines(told.steps, style)];
  io.out.write(`${lines.join('\n')}\n`);
}

async function rowLines(row: readonly NamedValue[], width: number): Promise<readonly string[]> {
  const [{ valueText }, { displayWidth, padEnd }] = await Promise.all([
    import('../lineage/values.ts'),
    import('../../diagnostics/render/width.ts'),
  ]);
  const widest = Math.min(24, Math.max(0, ...row.map(({ name }) => displayWidth(name))));
  return row.map(({ name, type, value }) => {
    const label = padEnd(escapeControls(name), widest);
    return `  ${label}  ${valueText(value, type, Math.max(20, width - widest - 4))}`;
  });
}

function headLines(told: Told, row: readonly NamedValue[], values: readonly string[], io: Io): readonly string[] {
  const { target, found, record } = told;
  const { chalk } = io.out;
  const line = found.line === null ? '' : `:${found.line}`;
  const where = `${escapeControls(target.file)}${line}, row ${found.position + 1}`;
  const head = `${chalk.bold(where)}  ${chalk.dim(`job ${record.manifest.job}`)}`;
  return row.length === 0 ? [head] : [head, ...values];
}

export function whyCommand(io: Io, end: (code: ExitCode) => void): Command {
  return new Command('why')
    .summary('tell what made a row of an output')
    .description(
      'Tells the chain that made a row of an output: source file and line, each operator with its inputs and its answer, each clause, each repair.\nThe run must have been recorded: pyscope run --lineage job.scope.',
    )
    .addArgument(new Argument('<file:line>', 'a line of an output; the header is line 1; or a file, with --row'))
    .addArgument(new Argument('[column]', 'tell only what made this column'))
    .option('--row <column=value>', 'the row with this value, in place of a line')
    .option('--all', 'show all rows of a group, not the first three')
    .addOption(
      new Option('--job <id>', 'the run that is meant (default: the latest that wrote the file)').argParser(jobId),
    )
    .option('--state <folder>', 'where runs are recorded (default: .pyscope beside the file and in the folders above)')
    .option('--json', 'write the story as one JSON document')
    .addHelpText(
      'after',
      examples([
        ['pyscope why out/positive.csv:17', 'what made line 17'],
        ['pyscope why out/positive.csv:17 line', 'what made its column line'],
        ['pyscope why out/users.csv --row id=17', 'what made the row with id 17'],
        ['pyscope why out/sums.csv:2 --all', 'with all rows of its group'],
      ]),
    )
    .action(async (text: string, column: string | undefined, flags: Flags) => end(await why(text, column, flags, io)));
}
