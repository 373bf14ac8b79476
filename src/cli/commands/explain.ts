import { Argument, Command, Option } from 'commander';
import type { Measured } from '../../planner/explain/measured.ts';
import type { Plan } from '../../planner/plan.ts';
import { planned } from '../compile-script.ts';
import { EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { examples, withMemory, withOptimiser, withParameters, withWorkers } from '../options.ts';
import type { CompileFlags, MemoryFlags, WorkersFlags } from '../options.ts';
import { spillFolder } from '../folders.ts';
import { runAndTell } from '../run-plan.ts';

type ExplainFormat = 'text' | 'json' | 'dot' | 'mermaid' | 'svg';

interface Flags extends CompileFlags, MemoryFlags, WorkersFlags {
  readonly format: ExplainFormat;
  readonly output?: string;
  readonly analyze?: true;
  readonly allowRemote?: true;
}

const FORMATS = ['text', 'json', 'dot', 'mermaid', 'svg'] as const satisfies readonly ExplainFormat[];

async function drawn(plan: Plan, format: ExplainFormat, measured: Measured | undefined): Promise<string> {
  switch (format) {
    case 'text':
      return (await import('../../planner/explain/text.ts')).explainText(plan, measured);
    case 'json':
      return (await import('../../planner/explain/json.ts')).explainJson(plan, measured);
    case 'dot':
      return (await import('../../planner/explain/dot.ts')).explainDot(plan, measured);
    case 'mermaid':
      return (await import('../../planner/explain/mermaid.ts')).explainMermaid(plan, measured);
    case 'svg':
      return (await import('../../planner/explain/svg.ts')).explainSvg(plan, measured);
  }
}

export async function explain(path: string, flags: Flags, io: Io): Promise<ExitCode> {
  const compilation = await planned(path, flags, io, { toRun: flags.analyze === true });
  if (typeof compilation === 'number') return compilation;
  let measured: Measured | null = null;
  let code: ExitCode = EXIT.done;
  if (flags.analyze === true) {
    const { report, exitCode, error } = await runAndTell(
      compilation,
      {
        path,
        allowRemote: flags.allowRemote === true,
        batchRows: null,
        workers: flags.workers ?? null,
        memory: flags.memory ?? null,
        spillFolder: flags.spillDir ?? spillFolder(path),
        quiet: true,
        notes: false,
        store: { kind: 'none' },
        cache: { kind: 'none' },
        cacheBytes: undefined,
        job: null,
        resume: false,
        keep: false,
        repairs: null,
        lineage: null,
      },
      io,
    );
    code = exitCode;
    if (error !== null) {
      const { errorText } = await import('../report/error.ts');
      io.err.write(errorText(error, compilation.sources, { chalk: io.err.chalk, width: io.err.width() }));
    }
    const { nodes, handlers, regions, sources } = report;
    const sourceOf = new Map(sources.map((source) => [source.node, source]));
    measured = {
      nodes: new Map(
        nodes.map(({ id, rowsIn, rowsOut, milliseconds, spilled }) => [
          id,
          {
            rowsIn,
            rowsOut,
            milliseconds,
            spilled,
            filesSkipped: sourceOf.get(id)?.skipped ?? 0,
            parts: sourceOf.get(id)?.parts ?? null,
          },
        ]),
      ),
      handlers,
      regions,
    };
  }
  const text = await drawn(compilation.plan, flags.format, measured ?? undefined);
  if (flags.output === undefined) io.out.write(text.endsWith('\n') ? text : `${text}\n`);
  else {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(flags.output, text);
  }
  return code;
}

export function explainCommand(io: Io, end: (code: ExitCode) => void): Command {
  const command = new Command('explain')
    .summary('show the plan of a script')
    .description('Shows the plan of a script: its steps, how they are cut into stages, and what the optimiser changed.')
    .addArgument(new Argument('<script>', 'a path, or - for standard input'))
    .addOption(new Option('-f, --format <format>', 'how to show the plan').choices(FORMATS).default('text'))
    .option('-o, --output <file>', 'write it to a file')
    .option('--analyze', 'run the script, writing its outputs, and add the rows and times measured')
    .option('--allow-remote', 'let --analyze load models from the model hub');
  return withWorkers(withMemory(withOptimiser(withParameters(command))))
    .addHelpText(
      'after',
      examples([
        ['pyscope explain job.scope', 'the plan as text'],
        ['pyscope explain job.scope --analyze', 'with measured rows and times'],
        ['pyscope explain job.scope -f svg -o plan.svg', 'a picture for a README'],
        ['pyscope explain job.scope -f dot | dot -Tpng > p.png', 'through Graphviz'],
      ]),
    )
    .action(async (path: string, flags: Flags) => end(await explain(path, flags, io)));
}
