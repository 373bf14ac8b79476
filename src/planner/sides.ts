import type { Schema } from '../typecheck/typed.ts';

/** A side's columns as the expressions over both sides name them. */
export function sideSchema(schema: Schema, alias: string | null): Schema {
  return alias === null ? schema : schema.map((column) => ({ ...column, qualifier: alias }));
}
