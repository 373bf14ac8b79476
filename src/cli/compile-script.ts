/** Compiles what a command was given, and shows what is wrong with it. */
import { resolve } from 'node:path';
import type { Compilation, CompileOptions } from '../api/compile.ts';
import type { Checked } from '../diagnostics/render/format.ts';
import { EXIT } from './exit.ts';
import type { ExitCode } from './exit.ts';
import type { Channel, Io } from './io.ts';
import type { CompileFlags } from './options.ts';
import type { Planned } from './planned.ts';
import { readAll, STDIN_NAME } from './scripts.ts';
import type { ScriptArgument } from './scripts.ts';

export async function compileScript(script: ScriptArgument, io: Io, options: CompileOptions): Promise<Compilation> {
  const { compile } = await import('../api/compile.ts');
  if (script.kind === 'file') return compile(script.path, options);
  return compile({ text: await readAll(io.stdin), name: STDIN_NAME, folder: resolve('.') }, options);
}

export function planOptions({ param, disableOpt, opt, lineage }: CompileFlags): CompileOptions {
  return { parameters: param, plan: { disableOpts: disableOpt, noOpt: !opt, lineage: lineage === true } };
}

export function hasErrors({ diagnostics }: Compilation): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** The diagnostics as people read them; nothing when there are none. */
export async function showDiagnostics(checked: Checked, channel: Channel): Promise<void> {
  if (checked.diagnostics.length === 0) return;
  const { pretty } = await import('../diagnostics/render/pretty.ts');
  channel.write(`${pretty([checked], { chalk: channel.chalk, width: channel.width() })}\n`);
}

/** The script itself could not be read, which is a mistake of the call and not of a script. */
export function isUnreadable({ diagnostics }: Compilation): boolean {
  return diagnostics.some(({ code, span }) => code === 'PS0001' && span.source === 0);
}

export interface Asked {
  /** Also what this version's runtime does not execute is an error. */
  readonly toRun: boolean;
  /** Errors only: neither warnings nor notes. */
  readonly quiet?: boolean;
}

/** For commands that need a plan: the diagnostics are shown; an exit code where there is no plan to be had. */
export async function planned(
  path: string,
  flags: CompileFlags,
  io: Io,
  { toRun, quiet = false }: Asked,
): Promise<Planned | ExitCode> {
  const script = path === '-' ? ({ kind: 'stdin' } as const) : ({ kind: 'file', path } as const);
  const compilation = await compileScript(script, io, { ...planOptions(flags), toRun });
  const { sources, diagnostics } = compilation;
  const shown = quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
  await showDiagnostics({ sources, diagnostics: shown }, io.err);
  const { plan } = compilation;
  if (plan !== null && !hasErrors(compilation)) return { ...compilation, plan };
  return isUnreadable(compilation) ? EXIT.usage : EXIT.scriptErrors;
}
