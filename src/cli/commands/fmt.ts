import { Argument, Command } from 'commander';
import { showDiagnostics } from '../compile-script.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { examples } from '../options.ts';
import { findScripts, readAll, STDIN_NAME } from '../scripts.ts';
import type { ScriptArgument } from '../scripts.ts';

interface Flags {
  readonly check?: true;
  readonly stdout?: true;
}

interface Text {
  readonly name: string;
  readonly before: string;
  /** Null when it has syntax errors, which were shown. */
  readonly after: string | null;
}

async function formatted(script: ScriptArgument, io: Io): Promise<Text> {
  const [{ readScript }, { parse }, { print }] = await Promise.all([
    import('../../api/script-text.ts'),
    import('../../parser/parse.ts'),
    import('../../parser/printer.ts'),
  ]);
  const name = script.kind === 'file' ? script.path : STDIN_NAME;
  const read =
    script.kind === 'file' ? await readScript(name) : { kind: 'text' as const, text: await readAll(io.stdin) };
  if (read.kind === 'unreadable') throw new UsageError(`${name}: ${read.cause}`);
  const source = { name, text: read.text };
  const parsed = parse(source, 0);
  if (parsed.diagnostics.length === 0) return { name, before: read.text, after: print(parsed.script, read.text) };
  await showDiagnostics({ sources: [source], diagnostics: parsed.diagnostics }, io.err);
  return { name, before: read.text, after: null };
}

/** The first line that would change, before and after. */
function firstChange(before: string, after: string): string {
  const old = before.split('\n');
  const canonical = after.split('\n');
  const at = old.findIndex((line, index) => line !== canonical[index]);
  const line = at === -1 ? old.length : at;
  return `  line ${line + 1}\n  - ${old[line] ?? ''}\n  + ${canonical[line] ?? ''}\n`;
}

/** Lists what is not in the canonical layout; the list is the result, so it goes to standard output. */
async function checkOne({ name, before, after }: Text, io: Io): Promise<boolean> {
  if (after === null || before === after) return true;
  const { escapeLines } = await import('../../diagnostics/render/escape.ts');
  io.out.write(escapeLines(`${name}\n${firstChange(before, after)}`));
  return false;
}

async function writeOne({ name, before, after }: Text): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  if (after !== null && after !== before) await writeFile(name, after);
}

export async function fmt(argumentsGiven: readonly string[], flags: Flags, io: Io): Promise<ExitCode> {
  if (argumentsGiven.length === 0) throw new UsageError('name a script to format, or - for standard input');
  let broken = 0;
  let changed = 0;
  for (const script of await findScripts(argumentsGiven)) {
    const text = await formatted(script, io);
    if (text.after === null) broken += 1;
    if (flags.check === true) changed += (await checkOne(text, io)) ? 0 : 1;
    else if (flags.stdout === true || script.kind === 'stdin') io.out.write(text.after ?? '');
    else await writeOne(text);
  }
  if (broken > 0) return EXIT.scriptErrors;
  if (changed === 0) return EXIT.done;
  const { counted } = await import('../../diagnostics/render/format.ts');
  io.err.write(`${counted(changed, 'script')} not in the canonical layout; pyscope fmt puts that right\n`);
  return EXIT.jobFailed;
}

export function fmtCommand(io: Io, end: (code: ExitCode) => void): Command {
  return new Command('fmt')
    .summary('put scripts into their canonical layout')
    .description('Puts scripts into their canonical layout, in place; comments are kept.')
    .addArgument(
      new Argument('[scripts...]', 'paths, globs or folders; - is standard input, written to standard output'),
    )
    .option('--check', 'change nothing; list what would change and exit with 1 when there is any')
    .option('--stdout', 'write the result to standard output instead of the file')
    .addHelpText(
      'after',
      examples([
        ['pyscope fmt job.scope', 'rewrites the file'],
        ['pyscope fmt --check .', 'for CI: all scripts below this folder'],
        ['pyscope fmt - < job.scope', 'from standard input to standard output'],
      ]),
    )
    .action(async (scripts: readonly string[], flags: Flags) => end(await fmt(scripts, flags, io)));
}
