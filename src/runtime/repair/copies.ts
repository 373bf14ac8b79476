/** Copies that repairs make in one pass: numbered at once, added to the tables of their origins at the end. */
import type { Type, Value } from '../../typecheck/types.ts';
import type { Vector } from '../batch.ts';
import { utf8Of, valueAt, vectorOf } from '../vectors.ts';
import type { Running } from './run.ts';
import type { Table } from './table.ts';

/** A column of some copies: which of them have another value than the row they were copied from. */
interface Changed {
  readonly copies: number[];
  readonly values: Value[];
}

interface Pending {
  /** The rows copied. */
  readonly bases: number[];
  readonly columns: Map<string, Changed>;
}

export class Copies {
  private readonly pending = new Map<Running, Pending>();

  /** The number that the copy of `row` with these changes will have. */
  add(origin: Running, row: number, changes: readonly { readonly column: string; readonly value: Value }[]): number {
    let pending = this.pending.get(origin);
    if (pending === undefined) {
      pending = { bases: [], columns: new Map() };
      this.pending.set(origin, pending);
    }
    const copy = pending.bases.push(row) - 1;
    for (const { column, value } of changes) {
      let changed = pending.columns.get(column);
      if (changed === undefined) {
        changed = { copies: [], values: [] };
        pending.columns.set(column, changed);
      }
      changed.copies.push(copy);
      changed.values.push(value);
    }
    return origin.table.length + copy;
  }

  flush(): void {
    for (const [{ table }, { bases, columns }] of this.pending) {
      const vectors = table.gather(Int32Array.from(bases));
      table.append({
        length: bases.length,
        // Columns that no repair changed keep the form they came in, views over the file's bytes above all.
        vectors: table.schema.map(({ name, type }, column) => {
          const vector = vectors[column] ?? vectorOf(type, []);
          const changed = columns.get(name);
          return changed === undefined ? vector : repairedVector(type, vector, changed);
        }),
        sequence: 0,
        ordinals: null,
        source: null,
      });
      for (const base of bases) copyParents(table, base);
    }
  }
}

function copyParents(table: Table, base: number): void {
  const row = table.parents.length;
  table.parents.push(table.parents.at(base));
  if (table.sides.length > 0) table.sides.push(table.sides.at(base));
  if (table.partners.length > 0) table.partners.push(table.partners.at(base));
  if (table.members.size === 0) return;
  const group = table.members.get(base);
  if (group !== undefined) table.members.set(row, group);
  const partners = table.partnerMembers.get(base);
  if (partners !== undefined) table.partnerMembers.set(row, partners);
}

/** Strings go on as UTF-8 where the column does and they have one, so that the column stays of one kind. */
function repairedVector(type: Type, vector: Vector, { copies, values }: Changed): Vector {
  const utf8 = vector.kind === 'utf8';
  const all = utf8 && copies.length === vector.starts.length ? values : mixed(vector, copies, values);
  if (!utf8) return vectorOf(type, all);
  return utf8Of(all.map((value) => (typeof value === 'string' ? value : null))) ?? vectorOf(type, all);
}

function mixed(vector: Vector, copies: readonly number[], values: readonly Value[]): readonly Value[] {
  const length = vector.kind === 'utf8' ? vector.starts.length : vector.values.length;
  const all = Array.from({ length }, (_, at): Value => valueAt(vector, at));
  copies.forEach((copy, at) => void (all[copy] = values[at] ?? null));
  return all;
}
