import { expect } from 'chai';
import { parse } from '../../src/parser/parse.ts';
import { check } from '../../src/typecheck/check.ts';
import type { CheckInput, CheckResult, View } from '../../src/typecheck/input.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { TypedRowset, TypedScript } from '../../src/typecheck/typed.ts';
import { typeText } from '../../src/typecheck/types.ts';
import { unmark } from './mark.ts';
import { builtins, modules, views } from './signatures.ts';

export interface World {
  readonly views?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Parses and checks a script at /job/job.scope in the world of `signatures.ts`; syntax errors are among the diagnostics. */
export function checkText(text: string, world: World = {}): CheckResult {
  const files = Object.entries({ ...views, ...world.views });
  const sources = [{ name: 'job.scope', text }, ...files.map(([name, text]) => ({ name, text }))];
  const parsed = sources.map((source, id) => parse(source, id));
  const [main, ...others] = parsed;
  if (main === undefined) throw new Error('no main script');
  const viewOf = (index: number): View => others[index]?.script ?? { kind: 'load-error', message: 'gone' };
  const incomplete = parsed.flatMap(({ diagnostics }, id) =>
    diagnostics.some((d) => d.severity === 'error') ? [id] : [],
  );
  const input: CheckInput = {
    sources,
    main: main.script,
    mainPath: '/job/job.scope',
    views: new Map(files.map(([name], index) => [`/job/${name}`, viewOf(index)])),
    modules,
    builtins,
    parameters: new Map(Object.entries(world.parameters ?? {})),
    resolvePath: (path) => (path.startsWith('/') ? path : `/job/${path.replace(/^\.\//, '')}`),
    incomplete: new Set(incomplete),
  };
  const { script, diagnostics } = check(input);
  const all = [...main.diagnostics, ...diagnostics].toSorted((a, b) => a.span.start - b.span.start);
  return { script: main.diagnostics.some(({ severity }) => severity === 'error') ? null : script, diagnostics: all };
}

/** The typed script of a text without errors. */
export function typed(text: string, world: World = {}): TypedScript {
  const { script, diagnostics } = checkText(text, world);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(described);
  expect(errors).to.deep.equal([]);
  if (script === null) throw new Error('no errors, and no script');
  return script;
}

export function described({ code, message }: Diagnostic): string {
  return `${code} ${message}`;
}

/** The rowset with a label. */
export function rowset(script: TypedScript, label: string): TypedRowset {
  const found = script.rowsets.find((candidate) => candidate.label === label);
  if (found === undefined) throw new Error(`no ${label} among ${script.rowsets.map((r) => r.label).join(', ')}`);
  return found;
}

/** `line: string, size: int` */
export function schemaText(script: TypedScript, label: string): string {
  return rowset(script, label)
    .schema.map(({ name, type }) => `${name}: ${typeText(type)}`)
    .join(', ');
}

/** Where a column was computed: `lines.line`. */
export function originText(script: TypedScript, label: string, name: string): string {
  const column = rowset(script, label).schema.find((candidate) => candidate.name === name);
  return (column?.origins ?? []).map((origin) => `${script.rowsets[origin.rowset]?.label}.${origin.column}`).join(' ');
}

/** Expects exactly one diagnostic of a code (others of it are failures too), at the place between `«` and `»`. */
export function expectAt(marked: string, code: string, world: World = {}): Diagnostic {
  const { text, start, end } = unmark(marked);
  const { diagnostics } = checkText(text, world);
  expect(diagnostics.map(described).join('\n'), text).to.match(new RegExp(`^${code} [^\n]*$`));
  const [found] = diagnostics;
  if (found === undefined) throw new Error('none');
  expect(text.slice(found.span.start, found.span.end)).to.equal(text.slice(start, end));
  expect(found.span.start).to.equal(start);
  return found;
}

/** Expects no diagnostic at all. */
export function expectClean(text: string, world: World = {}): void {
  expect(checkText(text, world).diagnostics.map(described), text).to.deep.equal([]);
}
