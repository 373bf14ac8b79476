/** Options that several commands share, with their parsers. */
import { parseSize } from '../typecheck/size.ts';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

/** `name=value`; the value may hold further `=`. A leading @ is dropped: scripts write @name. */
export function addParameter(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('write it as name=value.');
  const name = text.slice(0, at).replace(/^@/, '');
  return new Map([...before, [name, text.slice(at + 1)]]);
}

export function addName(text: string, before: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...before, ...text.split(',').filter((name) => name !== '')]);
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('it must be a whole number.');
  return Number(text);
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('it must be 1 or more.');
  return value;
}

export function jobId(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(text)) throw new InvalidArgumentError('it has letters, digits, _ and - only.');
  return text;
}

export interface CompileFlags {
  readonly param: ReadonlyMap<string, string>;
  readonly disableOpt: ReadonlySet<string>;
  /** False with `--no-opt`. */
  readonly opt: boolean;
  readonly lineage?: true;
}

export function withParameters(command: Command): Command {
  const none: ReadonlyMap<string, string> = new Map();
  return command.addOption(
    new Option('-p, --param <name=value>', "the value of a script's DECLARE @name; may be repeated")
      .argParser(addParameter)
      .default(none, 'none'),
  );
}

export function withOptimiser(command: Command): Command {
  const none: ReadonlySet<string> = new Set();
  return command
    .addOption(
      new Option('--disable-opt <rule>', 'plan without a rule of the optimiser; may be repeated')
        .argParser(addName)
        .default(none, 'none'),
    )
    .option('--no-opt', 'plan without any rule of the optimiser');
}

export interface MemoryFlags {
  readonly memory?: number;
  readonly spillDir?: string;
}

export function byteSize(text: string): number {
  const bytes = parseSize(text);
  if (bytes === null) throw new InvalidArgumentError('it must be a size, such as 256MB or 4GB.');
  return bytes;
}

export function withMemory(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--memory <size>',
        'what groups, joins and sorts may hold in memory, such as 256MB; the rest goes to disk (default: a share of the machine)',
      ).argParser(byteSize),
    )
    .option(
      '--spill-dir <folder>',
      'where what does not fit in memory goes (default: .pyscope/spill beside the script)',
    );
}

export interface WorkersFlags {
  readonly workers?: number;
}

export function withWorkers(command: Command): Command {
  return command.addOption(
    new Option(
      '--workers <n>',
      'threads that read parts of a large file, and of a small model; 1 for none (default: the cores, at most 16)',
    ).argParser(positiveNumber),
  );
}

export function stateOption(): Option {
  return new Option(
    '--state <where>',
    'where runs are recorded: redis://…, a folder, or none (default: REDIS_URL, else .pyscope beside the script)',
  );
}

export function objectsOption(): Option {
  return new Option(
    '--objects <where>',
    'where answers of more than 1 MB go: s3://bucket/prefix, or a folder (default: .pyscope/objects beside the script)',
  );
}

/** `--cache` and `--no-cache` are one flag to commander: a place, false, or undefined. */
export function cacheOption(): Option {
  return new Option(
    '--cache <where>',
    'where answers of models are kept across runs: a folder or redis://… (default: where the run is recorded)',
  );
}

/** Examples below a command's help, each with what it does. */
export function examples(lines: readonly (readonly [command: string, does: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const fits = width <= 44;
  const shown = lines.map(([command, does]) =>
    fits ? `  ${command.padEnd(width)}  ${does}` : `  ${command}\n      ${does}`,
  );
  return `\nExamples:\n${shown.join('\n')}`;
}
