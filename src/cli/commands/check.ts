import { Argument, Command, Option } from 'commander';
import type { CompileOptions } from '../../api/compile.ts';
import type { Format } from '../../diagnostics/render/index.ts';
import { compileScript, isUnreadable } from '../compile-script.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { examples, wholeNumber, withParameters } from '../options.ts';
import { findScripts } from '../scripts.ts';

interface Flags {
  readonly param: ReadonlyMap<string, string>;
  readonly format: Format;
  readonly explain?: string;
  readonly maxWarnings?: number;
}

const FORMATS = ['pretty', 'json', 'github', 'sarif'] as const satisfies readonly Format[];

async function explainCode(code: string, io: Io): Promise<ExitCode> {
  const { explainCode } = await import('../../diagnostics/explain.ts');
  const page = explainCode(code);
  if (page === null) throw new UsageError(`there is no diagnostic ${code}; codes look like PS2003`);
  io.out.write(page);
  return EXIT.done;
}

/** Warnings over the limit count like errors, so that CI can forbid them. */
function verdict(errors: number, warnings: number, most: number | undefined, io: Io): ExitCode {
  if (errors > 0) return EXIT.scriptErrors;
  if (most === undefined || warnings <= most) return EXIT.done;
  io.err.write(`${warnings} warnings are more than --max-warnings ${most}\n`);
  return EXIT.scriptErrors;
}

export async function check(argumentsGiven: readonly string[], flags: Flags, io: Io): Promise<ExitCode> {
  if (flags.explain !== undefined) return explainCode(flags.explain, io);
  if (argumentsGiven.length === 0) throw new UsageError('name a script to check, or - for standard input');
  const options: CompileOptions = { parameters: flags.param, plan: 'mistakes' };
  const compilations = [];
  for (const script of await findScripts(argumentsGiven)) compilations.push(await compileScript(script, io, options));
  const [{ renderers }, { countsOf }] = await Promise.all([
    import('../../diagnostics/render/index.ts'),
    import('../../diagnostics/render/format.ts'),
  ]);
  io.out.write(renderers[flags.format](compilations, { chalk: io.out.chalk, width: io.out.width() }));
  if (compilations.some(isUnreadable)) return EXIT.usage;
  const { error, warning } = countsOf(compilations);
  return verdict(error, warning, flags.maxWarnings, io);
}

export function checkCommand(io: Io, end: (code: ExitCode) => void): Command {
  const command = new Command('check')
    .summary('find the mistakes of scripts without running them')
    .description('Finds the mistakes of scripts without running them: syntax, names, types, operators, repairs.')
    .addArgument(new Argument('[scripts...]', 'paths, globs or folders; - is standard input'))
    .addOption(new Option('-f, --format <format>', 'how to show what was found').choices(FORMATS).default('pretty'))
    .option('--explain <code>', 'what a diagnostic means, with an example and its cure')
    .addOption(new Option('--max-warnings <count>', 'exit with 3 when there are more warnings').argParser(wholeNumber));
  return withParameters(command)
    .addHelpText(
      'after',
      examples([
        ['pyscope check job.scope', 'one script'],
        ['pyscope check "jobs/**/*.scope"', 'all that match'],
        ['pyscope check jobs --format github', 'annotations on a pull request'],
        ['cat job.scope | pyscope check -', 'standard input'],
        ['pyscope check --explain PS2003', 'what a code means'],
      ]),
    )
    .action(async (scripts: readonly string[], flags: Flags) => end(await check(scripts, flags, io)));
}
