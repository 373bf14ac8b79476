/** Compiles what a command was given, and shows what is wrong with it. */
import { resolve } from 'node:path';
import type { Compilation, CompileOptions } from '../api/compile.ts';
import type { Checked } from '../diagnostics/render/format.ts';
import type { Channel, Io } from './io.ts';
import type { CompileFlags } from './options.ts';
import { readAll, STDIN_NAME } from './scripts.ts';
import type { ScriptArgument } from './scripts.ts';

export async function compileScript(script: ScriptArgument, io: Io, options: CompileOptions): Promise<Compilation> {
  const { compile } = await import('../api/compile.ts');
  if (script.kind === 'file') return compile(script.path, options);
  return compile({ text: await readAll(io.stdin), name: STDIN_NAME, folder: resolve('.') }, options);
}

export function planOptions({ param, disableOpt, opt }: CompileFlags): CompileOptions {
  return { parameters: param, plan: { disableOpts: disableOpt, noOpt: !opt } };
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

/** For commands that need a plan: the diagnostics are shown, and null stands for a script that has errors. */
export async function planned(script: ScriptArgument, flags: CompileFlags, io: Io): Promise<Compilation | null> {
  const compilation = await compileScript(script, io, planOptions(flags));
  await showDiagnostics(compilation, io.err);
  return hasErrors(compilation) ? null : compilation;
}
