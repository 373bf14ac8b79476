import type { BindingsOf, Declaration } from './declaration.ts';

/** A class to extend whose static fields are those of a declaration. */
export type DeclaredClass<Instance, D extends Declaration> = (abstract new (bindings?: BindingsOf<D>) => Instance) & D;

/** Sets the fields of a declaration on a class. */
export function declaredClass<Base extends abstract new (bindings?: BindingsOf<D>) => unknown, D extends Declaration>(
  base: Base,
  declaration: D,
): Base & D {
  const fields = Object.getOwnPropertyDescriptors(declaration);
  for (const [name, field] of Object.entries(fields)) Object.defineProperty(base, name, field);
  return base as Base & D;
}
