/** What the checker knows of operators and functions that a script calls: declared names and types, without running them. */
import type { Type, Value } from './types.ts';

export type OperatorRole = 'extractor' | 'processor' | 'reducer' | 'combiner' | 'outputter';

/** A column an operator reads or yields. */
export interface ColumnSignature {
  readonly name: string;
  readonly type: Type;
}

/** An option's type; `columns` is a list of the input's columns, as in `order = [line, id]`; `any` is any constant. */
export type OptionType = Type | { readonly kind: 'columns' } | { readonly kind: 'any' };

export interface OptionSignature {
  readonly name: string;
  readonly type: OptionType;
  readonly required: boolean;
  /** Used where the option is left out; undefined where there is none. */
  readonly fallback: Value | undefined;
  /** The only values allowed, for "did you mean"; null for any. */
  readonly oneOf: readonly Value[] | null;
  readonly doc: string;
}

/** Constant option values by name, as the checker resolved them (column lists as arrays of names). */
export type Options = ReadonlyMap<string, Value>;

export interface OperatorSignature {
  readonly kind: 'operator';
  readonly role: OperatorRole;
  readonly name: string;
  /** Absolute path of the module it is exported from; null for a built-in. */
  readonly module: string | null;
  /** What it reads of each row, bound by expressions (`text = line`). For a combiner these are bound over both sides. */
  readonly inputs: readonly ColumnSignature[];
  readonly options: readonly OptionSignature[];
  /**
   * What it yields. For some operators that depends on their options (`Transformer(task = …)`): then a function, which answers
   * with a message where the options fit nothing. `null` of an extractor that yields the columns the EXTRACT declares.
   */
  readonly outputs: readonly ColumnSignature[] | ((options: Options) => readonly ColumnSignature[] | string) | null;
  /** Names of inputs whose bound column the operator may edit, append to, delete, or fail (RETRY): each makes a back edge. */
  readonly edits: readonly string[];
  readonly appends: readonly string[];
  readonly deletes: readonly string[];
  readonly fails: readonly string[];
  /** Equal inputs give equal answers, so that an answer may be kept. */
  readonly deterministic: boolean;
  /** Calls cost enough (a model) that filters should run before it and its answers are worth committing. */
  readonly costly: boolean;
  readonly doc: string;
}

/** A plain typed function of an imported module, callable in expressions. */
export interface FunctionSignature {
  readonly kind: 'function';
  readonly name: string;
  readonly module: string;
  readonly parameters: readonly ColumnSignature[];
  readonly result: Type;
  readonly doc: string;
}

/** What IMPORT found: the exports it can use, or why the module does not load. */
export type ModuleSignature =
  | {
      readonly kind: 'module';
      readonly path: string;
      readonly exports: ReadonlyMap<string, OperatorSignature | FunctionSignature>;
      /** Exports that are neither (for "it is exported, but is no operator"). */
      readonly others: readonly string[];
    }
  | { readonly kind: 'load-error'; readonly path: string; readonly message: string };
