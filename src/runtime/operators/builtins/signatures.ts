import type { OperatorSignature } from '../../../typecheck/signature.ts';
import { formats } from './formats.ts';
import { models } from './models.ts';

let registry: ReadonlyMap<string, OperatorSignature> | undefined;

/** All operators that a script can name without importing them. Loads no reader, writer or model. */
export function builtinSignatures(): ReadonlyMap<string, OperatorSignature> {
  registry ??= new Map([...formats, ...models].map((signature) => [signature.name, signature]));
  return registry;
}
