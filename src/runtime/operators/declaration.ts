/** What an operator class says of itself in static fields, and the TypeScript types that follow from it. */
import type { Value } from '../../typecheck/types.ts';
import type { JsOf, TypeText } from './type-text.ts';

/** Column or parameter names with their types as text. */
export type Columns = Readonly<Record<string, string>>;

/** An option of an operator. Without `default` and `?` it must be given. `'columns'` is a list of the input's columns, `'any'` any constant. */
export interface OptionDeclaration {
  readonly type: string;
  readonly default?: Value;
  /** The only values allowed. */
  readonly oneOf?: readonly Value[];
  readonly doc?: string;
}

/** The static fields of an operator class. All may be left out. */
export interface Declaration {
  /** What it reads of each row; a script binds them: `Shout(text = line)`. */
  readonly inputs?: Columns;
  /** What it yields. An extractor without any yields the columns that the EXTRACT declares; one that has some can be read in place: FROM "x.log" USING Log(). */
  readonly outputs?: Columns;
  /** Constants that a script may set: an option's type as text, or the long form. */
  readonly options?: Readonly<Record<string, string | OptionDeclaration>>;
  /** Inputs whose upstream column it may `row.edit`, `row.append`, `row.delete`, `row.fail`. */
  readonly edits?: readonly string[];
  readonly appends?: readonly string[];
  readonly deletes?: readonly string[];
  readonly fails?: readonly string[];
  /** Equal inputs give equal answers, so that answers may be kept; true unless it says otherwise. */
  readonly deterministic?: boolean;
  /** A call costs so much (a model, a network) that filters should run first. */
  readonly costly?: boolean;
  readonly doc?: string;
}

type TypedColumns = Readonly<Record<string, TypeText>>;
type OptionTypeText = TypeText | 'columns' | 'any';

/** A declaration whose type texts the compiler checks; what `Processor.declare(…)` takes. */
export interface TypedDeclaration extends Declaration {
  readonly inputs?: TypedColumns;
  readonly outputs?: TypedColumns;
  readonly options?: Readonly<
    Record<string, OptionTypeText | (Omit<OptionDeclaration, 'type'> & { readonly type: OptionTypeText })>
  >;
}

export type InputsOf<D> = D extends { readonly inputs: infer I extends Columns } ? I : Columns;
export type OutputsOf<D> = D extends { readonly outputs: infer O extends Columns } ? O : Columns;

/** One value a column. */
export type ValuesOf<C extends Columns> = { readonly [K in keyof C]: JsOf<C[K]> };

/** One list of values a column. */
export type ListsOf<C extends Columns> = { readonly [K in keyof C]: ArrayLike<JsOf<C[K]>> };

type OptionText<O> = O extends string ? O : O extends { readonly type: infer T extends string } ? T : string;

/** The options as the operator reads them: every one has a value, null where it is nullable and was left out. */
export type OptionsOf<D> = D extends {
  readonly options: infer O extends Readonly<Record<string, string | OptionDeclaration>>;
}
  ? { readonly [K in keyof O]: JsOf<OptionText<O[K]>> }
  : Readonly<Record<string, Value>>;

/**
 * What JobBuilder gives an operator: for each input an expression over the columns (`{ text: 'line.trim()' }`), for each option
 * its value.
 */
export type BindingsOf<D> = Partial<{ readonly [K in keyof InputsOf<D>]: string } & OptionsOf<D>>;
