/** The command line: arguments in, exit code out. */
import { readFile } from 'node:fs/promises';
import { CommanderError } from 'commander';
import { redact } from '../runtime/state/redact.ts';
import { EXIT, UsageError } from './exit.ts';
import type { ExitCode } from './exit.ts';
import { processIo } from './io.ts';
import type { Io } from './io.ts';
import { program } from './program.ts';

async function packageVersion(): Promise<string> {
  const facts: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const known = typeof facts === 'object' && facts !== null && 'version' in facts;
  return known ? String(facts.version) : 'unknown';
}

/** What a command threw, as a message and an exit code. */
async function explained(thrown: unknown, io: Io): Promise<ExitCode> {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (thrown instanceof UsageError) {
    io.err.write(`error: ${thrown.message}\n`);
    return EXIT.usage;
  }
  const { errorText } = await import('./report/error.ts');
  const { RunError } = await import('../runtime/errors.ts');
  io.err.write(errorText(thrown, [], { chalk: io.err.chalk, width: io.err.width() }));
  if (!(thrown instanceof RunError)) io.err.write(redact('this is a fault of pyscope itself; please report it\n'));
  return EXIT.jobFailed;
}

/** `pyscope job.scope` and `pyscope` alone: what people try first. */
function firstSteps(words: readonly string[], io: Io): boolean {
  const [first] = words;
  if (first === undefined || !first.endsWith('.scope')) return false;
  io.err.write(`error: ${JSON.stringify(first)} is no command; did you mean: pyscope run ${first}\n`);
  return true;
}

/** @param words the arguments behind `pyscope` */
export async function main(words: readonly string[]): Promise<ExitCode> {
  const io = processIo();
  if (firstSteps(words, io)) return EXIT.usage;
  let exitCode: ExitCode = EXIT.done;
  try {
    const root = program(await packageVersion(), io, (code) => (exitCode = code));
    await root.parseAsync([...words], { from: 'user' });
  } catch (thrown) {
    return explained(thrown, io);
  }
  return exitCode;
}
