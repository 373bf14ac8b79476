/** From a script to its plan: the one way that the command line, JobBuilder and programs take. */
import { dirname, join, resolve } from 'node:path';
import { diagnostic } from '../diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../diagnostics/span.ts';
import type { Script } from '../parser/ast.ts';
import { parse } from '../parser/parse.ts';
import type { PlanOptions } from '../planner/make-plan.ts';
import type { Plan } from '../planner/plan.ts';
import { builtinSignatures } from '../runtime/operators/builtins/signatures.ts';
import type { LoadedModule } from '../runtime/operators/loader.ts';
import { check } from '../typecheck/check.ts';
import { importsOf } from '../typecheck/imports.ts';
import type { View } from '../typecheck/input.ts';
import type { TypedScript } from '../typecheck/typed.ts';
import { readScript } from './script-text.ts';

/** A script that is no file: standard input, an editor's buffer, what JobBuilder writes. */
export interface TextScript {
  readonly text: string;
  /** What messages call it. */
  readonly name: string;
  /** Where its relative paths start. */
  readonly folder: string;
}

export interface CompileOptions {
  /** Values for DECLAREs, as text: `--param name=text`. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** How to optimise; `false` checks only, `'mistakes'` plans only where that can find one that checking cannot. */
  readonly plan?: Partial<PlanOptions> | false | 'mistakes';
  /** The script is to run: also refuse what this version's runtime does not execute. */
  readonly toRun?: boolean;
  /** Modules that are no files, by the text that IMPORT names them with. */
  readonly modules?: ReadonlyMap<string, LoadedModule>;
}

/** What is known of a script; with an error among the diagnostics, `script` and `plan` are null. */
export interface Compilation {
  /** The script first, then the views it imports. Spans index them. */
  readonly sources: readonly Source[];
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** The syntax tree of what could be read. */
  readonly tree: Script;
  readonly script: TypedScript | null;
  readonly plan: Plan | null;
  /** By absolute path. */
  readonly modules: ReadonlyMap<string, LoadedModule>;
  /** Makes a path of a script (by its index in `sources`) absolute. */
  readonly resolvePath: (text: string, source: number) => string;
}

/**
 * Reads, checks and plans a script: a path, or a text. All mistakes are diagnostics, also that there is no such file; it rejects only on a fault of
 * pyscope itself.
 */
export async function compile(script: string | TextScript, options: CompileOptions = {}): Promise<Compilation> {
  const reading = new Reading(options.modules ?? new Map());
  const tree = typeof script === 'string' ? await reading.file(script) : reading.text(script);
  await reading.importsOf(tree, 0);
  const checked = check({
    sources: reading.sources,
    main: tree,
    mainPath: typeof script === 'string' ? resolve(script) : null,
    views: reading.views,
    modules: new Map([...reading.modules].map(([path, { signature }]) => [path, signature])),
    builtins: builtinSignatures(),
    parameters: options.parameters ?? new Map(),
    resolvePath: reading.resolvePath,
    incomplete: reading.incomplete,
  });
  const { sources, modules, resolvePath } = reading;
  const unread = reading.unreadable;
  const found = unread === null ? inOrder([...reading.diagnostics, ...checked.diagnostics]) : [unread];
  const typed = found.some(isError) ? null : checked.script;
  const how = typed === null ? false : planning(typed, options.plan ?? {});
  const planned = typed === null || how === false ? NOT_PLANNED : await planOf(typed, how, options.toRun === true);
  const diagnostics = [...found, ...planned.diagnostics];
  const failed = planned.diagnostics.some(isError);
  return { sources, diagnostics, tree, script: failed ? null : typed, plan: planned.plan, modules, resolvePath };
}

interface Planned {
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
}

const NOT_PLANNED: Planned = { plan: null, diagnostics: [] };

/** Planning finds rows that are routed in a circle, and nothing else that is wrong. */
function planning(script: TypedScript, plan: NonNullable<CompileOptions['plan']>): Partial<PlanOptions> | false {
  if (plan !== 'mistakes') return plan;
  return script.rowsets.some(({ kind }) => kind === 'routed') ? { noOpt: true } : false;
}

async function planOf(script: TypedScript, options: Partial<PlanOptions>, toRun: boolean): Promise<Planned> {
  const { plan, DEFAULT_PLAN_OPTIONS } = await import('../planner/make-plan.ts');
  const planned = plan(script, { ...DEFAULT_PLAN_OPTIONS, ...options });
  if (!toRun || planned.plan === null) return planned;
  const { unsupported } = await import('../planner/capabilities.ts');
  const refused = unsupported(planned.plan);
  return refused.length === 0 ? planned : { plan: null, diagnostics: [...planned.diagnostics, ...refused] };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.source - b.span.source || a.span.start - b.span.start);
}

/** Collects the sources, views and modules that a script needs. Every file is read once. */
class Reading {
  readonly sources: Source[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly views = new Map<string, View>();
  readonly modules = new Map<string, LoadedModule>();
  readonly incomplete = new Set<number>();
  /** Why the script itself could not be read. */
  unreadable: Diagnostic | null = null;
  readonly #folders: string[] = [];
  readonly #virtual: ReadonlyMap<string, LoadedModule>;

  constructor(virtual: ReadonlyMap<string, LoadedModule>) {
    this.#virtual = virtual;
  }

  readonly resolvePath = (text: string, source: number): string =>
    this.#virtual.has(text) ? text : resolve(this.#folders[source] ?? '.', text);

  async file(path: string): Promise<Script> {
    const read = await readScript(path);
    if (read.kind === 'text') return this.text({ text: read.text, name: path, folder: dirname(resolve(path)) });
    const tree = this.text({ text: '', name: path, folder: dirname(resolve(path)) });
    this.unreadable = diagnostic('PS0001', tree.span, { path, cause: read.cause });
    return tree;
  }

  text({ text, name, folder }: TextScript): Script {
    const source: Source = { name, text };
    const id = this.sources.push(source) - 1;
    this.#folders.push(resolve(folder));
    const { script, diagnostics } = parse(source, id);
    this.diagnostics.push(...diagnostics);
    if (diagnostics.some(isError)) this.incomplete.add(id);
    return script;
  }

  /** Loads what a script imports: its modules side by side, its views and theirs in order, so that `sources` has a fixed order. */
  async importsOf(script: Script, source: number): Promise<void> {
    const imports = importsOf(script).map((found) => ({ ...found, path: this.resolvePath(found.text, source) }));
    await Promise.all(imports.map(async ({ kind, path }) => kind === 'module' && this.#module(path)));
    for (const { kind, path, text } of imports) {
      if (kind === 'view' && !this.views.has(path)) await this.#view(path, join(dirname(this.#nameOf(source)), text));
    }
  }

  #nameOf(source: number): string {
    return this.sources[source]?.name ?? '';
  }

  async #view(path: string, name: string): Promise<void> {
    const read = await readScript(path);
    if (read.kind === 'unreadable') {
      this.views.set(path, { kind: 'load-error', message: read.cause });
      return;
    }
    const view = this.text({ text: read.text, name, folder: dirname(path) });
    this.views.set(path, view);
    await this.importsOf(view, view.span.source);
  }

  async #module(path: string): Promise<void> {
    if (this.modules.has(path)) return;
    const virtual = this.#virtual.get(path);
    this.modules.set(path, virtual ?? (await loadUserModule(path)));
  }
}

/** The loader comes with the first module that a script imports: most scripts have none. */
async function loadUserModule(path: string): Promise<LoadedModule> {
  const { loadModule } = await import('../runtime/operators/loader.ts');
  return loadModule(path, PUBLIC_MODULE);
}

/** What 'pyscope' is inside users' modules. */
const PUBLIC_MODULE = new URL(import.meta.url.endsWith('.ts') ? './index.ts' : './index.js', import.meta.url).href;
