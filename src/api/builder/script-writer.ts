/** The statements of a built job, with the calls that wrote them. */
import type { Produced } from './arguments.ts';
import { constantText, nameText } from './text.ts';

/** A text that a builder's caller gave as an expression, and the call it was given to. */
export interface GivenExpression {
  readonly text: string;
  readonly call: string;
}

export interface WrittenScript {
  readonly text: string;
  /** The call that wrote the statement at an offset; null before the first. */
  readonly callAt: (offset: number) => string | null;
}

interface Statement {
  /** `where(), the 3rd call`. */
  readonly call: string;
  readonly text: string;
}

export class ScriptWriter {
  readonly #statements: Statement[] = [];
  readonly #expressions: GivenExpression[] = [];
  #pending: string[] = [];

  /** Notes a text as an expression of the statement being written. */
  expression(text: string): string {
    this.#pending.push(text);
    return text;
  }

  /** Adds what `write` gives; where it throws, nothing is added. */
  add(method: string, write: () => string): void {
    this.#pending = [];
    const text = write();
    const call = `${method}(), call ${this.#statements.length + 1} of the builder`;
    this.#statements.push({ call, text: `${text};` });
    this.#expressions.push(...this.#pending.map((expression) => ({ text: expression, call })));
  }

  freshName(method: string): string {
    return `${method}${this.#statements.length + 1}`;
  }

  expressions(): readonly GivenExpression[] {
    return this.#expressions;
  }

  script(head: readonly string[]): WrittenScript {
    const starts: { readonly offset: number; readonly call: string }[] = [];
    let text = head.map((line) => `${line}\n`).join('');
    for (const statement of this.#statements) {
      starts.push({ offset: text.length, call: statement.call });
      text += `${statement.text}\n`;
    }
    return { text, callAt: (at) => starts.findLast(({ offset }) => offset <= at)?.call ?? null };
  }
}

/** ` PRODUCE label AS sentiment` */
export function produceText(produce: Produced | undefined): string {
  if (produce === undefined) return '';
  const items = isNames(produce)
    ? produce.map(nameText)
    : Object.entries(produce).map(([name, becomes]) => `${nameText(name)} AS ${nameText(becomes)}`);
  return ` PRODUCE ${items.join(', ')}`;
}

/** ` HINT(batch = 64)` */
export function hintText(hint: Readonly<Record<string, unknown>> | undefined): string {
  if (hint === undefined) return '';
  return ` HINT(${Object.entries(hint)
    .map(([name, value]) => `${name} = ${constantText(value)}`)
    .join(', ')})`;
}

/** One or many as many. */
export function list<T>(given: T | readonly T[]): readonly T[] {
  return isList(given) ? given : [given];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function isNames(produce: Produced): produce is readonly string[] {
  return Array.isArray(produce);
}
