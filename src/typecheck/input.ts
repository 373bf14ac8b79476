import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../diagnostics/span.ts';
import type { Script } from '../parser/ast.ts';
import type { ModuleSignature, OperatorSignature } from './signature.ts';
import type { TypedScript } from './typed.ts';

/** A view that an IMPORT names: its tree, or why there is none. */
export type View = Script | { readonly kind: 'load-error'; readonly message: string };

/**
 * All that `check` knows; it reads no files, so the caller loads modules and views first ({@link importsOf}).
 * Spans of `main` and of each view index `sources`.
 */
export interface CheckInput {
  readonly sources: readonly Source[];
  readonly main: Script;
  /** Absolute path of the main script, for circles of imports; null where it has none (standard input, a builder). */
  readonly mainPath: string | null;
  /** By absolute path, as `resolvePath` gives it. */
  readonly views: ReadonlyMap<string, View>;
  readonly modules: ReadonlyMap<string, ModuleSignature>;
  readonly builtins: ReadonlyMap<string, OperatorSignature>;
  /** `--param name=text`, as typed. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Makes a path of a script absolute: relative ones start at the folder of the script they stand in. */
  readonly resolvePath: (text: string, source: number) => string;
  /**
   * Sources with syntax errors: what the parser had to skip there may define or use anything, so nothing is said of what seems to be
   * missing or unused.
   */
  readonly incomplete: ReadonlySet<number>;
}

/** `script` is null when a diagnostic is an error. */
export interface CheckResult {
  readonly script: TypedScript | null;
  readonly diagnostics: readonly Diagnostic[];
}
