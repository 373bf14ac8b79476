import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { diagnostic } from '../diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { checkAbsences, writesNothing } from './absences.ts';
import { checkUndoing } from './clauses/undo.ts';
import { isIncomplete, report, type Compilation, type Environment, type Override } from './environment.ts';
import type { CheckInput, CheckResult } from './input.ts';
import { checkPaths } from './paths.ts';
import { environmentOf } from './script.ts';
import { checkStatement } from './statements/statement.ts';
import type { TypedScript } from './typed.ts';
import { markUsed } from './usage.ts';

/**
 * Types a script with the views it imports. All mistakes are reported at once, those of the main script first, each script's in
 * source order. Reads no files and never throws: a fault of its own is a diagnostic (PS9001).
 */
export function check(input: CheckInput): CheckResult {
  const compilation: Compilation = {
    input,
    diagnostics: [],
    rowsets: [],
    steps: [],
    outputs: [],
    reads: new Set(),
    labels: new Map(),
    sourceNames: new Map(),
    filesRead: [],
    openViews: input.mainPath === null ? [] : [input.mainPath],
  };
  try {
    const script = checkMain(compilation);
    const diagnostics = inSourceOrder(compilation.diagnostics);
    const failed = diagnostics.some(({ severity }) => severity === 'error');
    return { script: failed ? null : script, diagnostics };
  } catch (error) {
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const start = { ...input.main.span, end: input.main.span.start };
    const diagnostics = inSourceOrder([...compilation.diagnostics, diagnostic('PS9001', start, { cause })]);
    return { script: null, diagnostics };
  }
}

function checkMain(compilation: Compilation): TypedScript {
  const { input } = compilation;
  const overrides = [...input.parameters].map(([name, text]): [string, Override] => [name, { kind: 'text', text }]);
  const env = environmentOf(compilation, input.main, new Map(overrides), '');
  for (const statement of input.main.statements) checkStatement(env, statement);
  checkParameterNames(env);
  checkPaths(env);
  checkUndoing(compilation);
  if (!isIncomplete(env) && writesNothing(env)) {
    const { span } = input.main.statements.at(-1) ?? input.main;
    report(env, 'PS2029', span, {});
  } else checkAbsences(env);
  return {
    kind: 'typed-script',
    sources: input.sources,
    parameters: [...env.parameters].map(([name, parameter]) => ({ name, ...parameter })),
    settings: [...env.settings],
    rowsets: markUsed(compilation.rowsets, compilation.outputs, env.exported?.rowset ?? null),
    outputs: compilation.outputs,
    exported: env.exported?.rowset ?? null,
  };
}

/** A --param must name a DECLARE. */
function checkParameterNames(env: Environment): void {
  if (isIncomplete(env)) return;
  for (const name of env.overrides.keys()) {
    if (env.parameters.has(name)) continue;
    const start = { ...env.script.span, end: env.script.span.start };
    report(env, 'PS2035', start, { name, suggestion: didYouMean(name, env.parameters.keys()) });
  }
}

/** A view that is imported twice says the same twice: once is enough. */
function inSourceOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const distinct = new Map<string, Diagnostic>();
  for (const found of diagnostics) {
    const { source, start, end } = found.span;
    const key = `${source} ${start} ${end} ${found.code} ${found.message}`;
    if (!distinct.has(key)) distinct.set(key, found);
  }
  return [...distinct.values()].toSorted((a, b) => a.span.source - b.span.source || a.span.start - b.span.start);
}
