/** The command line as commander knows it; commands load what they need when they run. */
import { Command } from 'commander';
import { cacheCommand } from './commands/cache.ts';
import { checkCommand } from './commands/check.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { fmtCommand } from './commands/fmt.ts';
import { jobsCommand } from './commands/jobs.ts';
import { runCommand } from './commands/run.ts';
import { whyNotCommand } from './commands/why-not.ts';
import { whyCommand } from './commands/why.ts';
import type { ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { examples } from './options.ts';

/** Commander settings are not inherited by commands that were made apart. */
function configure(command: Command, io: Io): void {
  command
    .exitOverride()
    .showHelpAfterError(`(${helpCall(command)} shows how to call it)`)
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      getOutHelpWidth: () => io.out.width(),
      getErrHelpWidth: () => io.err.width(),
      getOutHasColors: () => io.out.chalk.level > 0,
      getErrHasColors: () => io.err.chalk.level > 0,
    });
  for (const one of command.commands) configure(one, io);
}

function helpCall(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) names.unshift(at.name());
  return `${names.join(' ')} --help`;
}

/** @param end is told the exit code of the command that ran */
export function program(version: string, io: Io, end: (code: ExitCode) => void): Command {
  const root = new Command('pyscope')
    .description('Runs PYSCOPE scripts: dataflow over models, with in-flight error handling.')
    .version(version, '-V, --version')
    .addHelpText(
      'after',
      examples([
        ['pyscope check job.scope', 'find mistakes without running anything'],
        ['pyscope run job.scope', 'run it and report what it did'],
        ['pyscope explain job.scope', 'show its plan'],
        ['pyscope help run', 'all options of a command'],
      ]),
    );
  const commands = [
    runCommand,
    checkCommand,
    explainCommand,
    fmtCommand,
    jobsCommand,
    whyCommand,
    whyNotCommand,
    cacheCommand,
    doctorCommand,
  ];
  for (const make of commands) {
    root.addCommand(make(io, end));
  }
  configure(root, io);
  return root;
}
