/**
 * How operators and functions are recognised: by a symbol of the global registry, not by `instanceof`, because a user's module may have another copy of
 * the package than the one that runs it.
 */
import type { OperatorRole } from '../../typecheck/signature.ts';

/** On every operator class (static, inherited): its role. */
export const OPERATOR = Symbol.for('pyscope.operator');

/** On every declared function: its signature, a {@link FunctionDeclaration}. */
export const FUNCTION = Symbol.for('pyscope.function');

/** On every operator instance: the method by which a runner hands in options and context before `preCall`. */
export const ATTACH = Symbol.for('pyscope.attach');

/** On every operator instance: what its constructor was given, for JobBuilder. */
export const BINDINGS = Symbol.for('pyscope.bindings');

const ROLES: readonly OperatorRole[] = ['extractor', 'processor', 'reducer', 'combiner', 'outputter'];

/** The role of an operator class; null for anything else. */
export function roleOf(value: unknown): OperatorRole | null {
  if (typeof value !== 'function') return null;
  const brand: unknown = Reflect.get(value, OPERATOR);
  return ROLES.find((role) => role === brand) ?? null;
}
