import { FUNCTION } from './brand.ts';
import type { Columns } from './declaration.ts';
import type { JsOf, TypeText } from './type-text.ts';

/** What stands on a declared function under {@link FUNCTION}. */
export interface FunctionDeclaration {
  readonly parameters: readonly (readonly [name: string, type: string])[];
  readonly result: string;
  readonly doc: string;
}

type Parameters = Readonly<Record<string, TypeText>>;
type ParameterList = readonly (readonly [name: string, type: TypeText])[];

type ArgumentsOf<P> = P extends ParameterList
  ? { readonly [I in keyof P]: P[I] extends readonly [string, infer T extends string] ? JsOf<T> : never }
  : P extends Columns
    ? readonly JsOf<P[keyof P]>[]
    : never;

/**
 * A plain function with the signature under which scripts call it: `declareFunction({ text: 'string' }, 'bool', (text) => …)`. Its parameters are in the
 * order in which the object has them; where they differ in type, a list gives each argument its own: `[['text', 'string'], ['limit', 'int']]`.
 * The function must have no effects. It comes back as it is, callable from TypeScript too.
 */
export function declareFunction<const P extends Parameters | ParameterList, const R extends TypeText>(
  parameters: P,
  result: R,
  body: (...args: ArgumentsOf<P>) => JsOf<R>,
  doc = '',
): (...args: ArgumentsOf<P>) => JsOf<R> {
  const list = Array.isArray(parameters) ? parameters : Object.entries(parameters);
  return branded((...args: ArgumentsOf<P>): JsOf<R> => body(...args), { parameters: list, result, doc });
}

/** The function, marked as declared. */
export function branded<F extends object>(live: F, declaration: FunctionDeclaration): F {
  return Object.defineProperty(live, FUNCTION, { value: declaration });
}
