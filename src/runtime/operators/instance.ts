/** Making an operator's instance for one worker, and the brackets around its life. */
import type { Value } from '../../typecheck/types.ts';
import type { OperatorSignature } from '../../typecheck/signature.ts';
import { ATTACH } from './brand.ts';
import type { OperatorContext } from './context.ts';
import { fatal } from './faults.ts';

/** A call of an operator in one worker. */
export interface OperatorCall {
  readonly signature: OperatorSignature;
  /** The class. */
  readonly operator: object;
  readonly options: ReadonlyMap<string, Value>;
  readonly context: OperatorContext;
}

/** A made instance; its methods are called by name, because the class may come from another copy of the package. */
export interface Instance {
  /** The method's function; null where the class has none. */
  readonly method: (name: string | symbol) => ((...args: readonly unknown[]) => unknown) | null;
}

/** Makes the instance and attaches options and context; throws a RunError. */
export function makeInstance(call: OperatorCall): Instance {
  const { signature, context } = call;
  const made = construct(call);
  const method = (name: string | symbol): ((...args: readonly unknown[]) => unknown) | null => {
    const found: unknown = Reflect.get(made, name);
    return typeof found === 'function' ? (...args) => Reflect.apply(found, made, args) : null;
  };
  const options = new Map(
    signature.options.map(({ name, fallback }) => [name, call.options.get(name) ?? fallback ?? null]),
  );
  method(ATTACH)?.({ options, context });
  return { method };
}

function construct({ operator, signature }: OperatorCall): object {
  try {
    if (typeof operator !== 'function') throw new TypeError('it is no class');
    const made: unknown = Reflect.construct(operator, []);
    if (typeof made === 'object' && made !== null) return made;
    throw new TypeError('its constructor gave no object');
  } catch (thrown) {
    throw fatal('PR3010', signature.name, 'cannot be made', thrown);
  }
}

/** Awaits `preCall` or `postCall`; rejects with a RunError. */
export async function bracket(instance: Instance, name: 'preCall' | 'postCall', operator: string): Promise<void> {
  try {
    await instance.method(name)?.();
  } catch (thrown) {
    throw fatal('PR3003', operator, `failed in ${name}()`, thrown);
  }
}
