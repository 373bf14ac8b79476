/** Types as operators declare them, in the spelling of scripts: `'string'`, `'int?'`, `'float[]'`. */
import type { ScalarKind, Type, Value } from '../../typecheck/types.ts';
import { arrayOf, nullable } from '../../typecheck/types.ts';

type ScalarText = ScalarKind | 'str' | 'double';
type Suffix = '' | '?' | '[]' | '[]?' | '?[]' | '?[]?' | '[][]' | '[][]?';

/** A type's text. */
export type TypeText = `${ScalarText}${Suffix}`;

interface ScalarValues {
  readonly string: string;
  readonly str: string;
  readonly int: number;
  readonly long: number;
  readonly float: number;
  readonly double: number;
  readonly bool: boolean;
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970, UTC. */
  readonly datetime: number;
  readonly json: Value;
}

/** The JavaScript type of a declared type's values; any value where the text is not known to the compiler. */
export type JsOf<T extends string> = string extends T
  ? Value
  : T extends `${infer Base}[]`
    ? readonly JsOf<Base>[]
    : T extends `${infer Base}?`
      ? JsOf<Base> | null
      : T extends keyof ScalarValues
        ? ScalarValues[T]
        : T extends 'columns'
          ? readonly string[]
          : Value;

const SCALARS: ReadonlyMap<string, ScalarKind> = new Map<string, ScalarKind>([
  ['string', 'string'],
  ['str', 'string'],
  ['int', 'int'],
  ['long', 'long'],
  ['float', 'float'],
  ['double', 'float'],
  ['bool', 'bool'],
  ['bytes', 'bytes'],
  ['datetime', 'datetime'],
  ['json', 'json'],
]);

/** The names of the scalar types, for messages. */
export const scalarNames: readonly string[] = [...new Set(SCALARS.values())];

/** The type that a text names; null where it names none. */
export function parseType(text: string): Type | null {
  if (text.endsWith('[]')) {
    const element = parseType(text.slice(0, -2));
    return element === null ? null : arrayOf(element);
  }
  if (text.endsWith('?')) {
    const base = parseType(text.slice(0, -1));
    return base === null || base.kind === 'nullable' ? null : nullable(base);
  }
  const kind = SCALARS.get(text);
  return kind === undefined ? null : { kind };
}
