/**
 * Text of generated functions. It is made from the closed typed syntax tree alone: names are ours and numbered, numbers and texts are literals,
 * everything else comes in through an array of constants. No text of a script or of data is ever code.
 */
import type { Span } from '../../diagnostics/span.ts';
import type { Column } from '../../typecheck/typed.ts';
import type { Type } from '../../typecheck/types.ts';
import { builtKind } from '../vectors.ts';

/** A part of an expression that a run-time failure can point at. */
export interface Site {
  readonly span: Span;
  /** For failures that ECMAScript raises by itself. */
  readonly fn: string;
}

/** Where the value of a part stands: two pieces of code without effects. Where `isNull` holds, `value` is the type's {@link emptyValue}. */
export interface Place {
  readonly value: string;
  readonly isNull: string;
}

export class Code {
  readonly #lines: string[] = [];
  readonly #prelude = new Map<string, string>();
  readonly #constants: unknown[] = [];
  readonly #sites: Site[] = [];
  #names = 0;
  readonly schema: readonly Column[];

  constructor(schema: readonly Column[]) {
    this.schema = schema;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  /** A name that nothing else has. */
  fresh(letter: 't' | 'z'): string {
    this.#names += 1;
    return `${letter}${this.#names}`;
  }

  /** The name of a value that is known when the code is made. */
  constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `k${known >= 0 ? known : this.#constants.push(value) - 1}`;
  }

  /** The statement that says where a failure would come from. */
  site(span: Span, fn: string): string {
    return `site = ${this.#sites.push({ span, fn }) - 1};`;
  }

  /** The name of a column's vector (`c3`), values (`c3v`) or nulls (`c3n`), read once a batch. */
  column(index: number, part: '' | 'v' | 'n'): string {
    const name = `c${index}${part}`;
    const from = part === '' ? '' : part === 'v' ? '.values' : '.nulls';
    this.#prelude.set(name, `const ${name} = vectors[${index}]${from};`);
    return name;
  }

  get sites(): readonly Site[] {
    return this.#sites;
  }

  get constants(): readonly unknown[] {
    return this.#constants;
  }

  /** The whole function: `before` stands ahead of the loop over rows, whose body is what was emitted; then it returns `result`. */
  text(before: readonly string[], result: string): string {
    return [
      '"use strict";',
      ...this.#constants.map((_, index) => `const k${index} = constants[${index}];`),
      'return function (vectors, length, failed) {',
      ...this.#prelude.values(),
      ...before,
      'let row = 0;',
      'let site = 0;',
      'while (row < length) {',
      'try {',
      'for (; row < length; row++) {',
      ...this.#lines,
      '}',
      '} catch (error) {',
      'failed(error, row, site);',
      'row++;',
      '}',
      '}',
      `return ${result};`,
      '};',
    ].join('\n');
  }
}

/** A text or a number as a literal. */
export function literalCode(value: string | number | boolean): string {
  if (typeof value === 'string') {
    return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** What stands in a null's place, so that a variable keeps one representation. */
export function emptyValue(type: Type): string {
  switch (builtKind(type)) {
    case 'int':
    case 'number':
      return '0';
    case 'bool':
      return 'false';
    case 'string':
      return '""';
    case 'object':
      return 'null';
  }
}
