import type { RowsetId, TypedRowset } from '../typed.ts';

/** The rowsets that a rowset is computed from: one on row-wise paths, the sides of a join or set operation, in order. */
export function parentsOf(rowset: TypedRowset): readonly RowsetId[] {
  switch (rowset.kind) {
    case 'extract':
    case 'values':
      return [];
    case 'select':
      return [
        rowset.from.source.rowset,
        ...rowset.from.joins.flatMap((join) => (join.kind === 'explode' ? [] : [join.source.rowset])),
      ];
    case 'process':
    case 'reduce':
    case 'filter':
    case 'handler':
      return [rowset.input];
    case 'combine':
      return [rowset.left.rowset, rowset.right.rowset];
    case 'set-operation':
      return [rowset.left, rowset.right];
    case 'routed':
      return rowset.from;
  }
}

/** What makes a row of this rowset come from several rows, in words; null where one row makes one. */
export function crossing(rowset: TypedRowset): string | null {
  switch (rowset.kind) {
    case 'reduce':
    case 'combine':
      return `a ${rowset.kind.toUpperCase()}`;
    case 'select':
      if (rowset.grouped) return 'a group';
      if (rowset.from.joins.some((join) => join.kind !== 'explode')) return 'a join';
      return rowset.distinct ? 'a DISTINCT' : null;
    case 'set-operation':
      return rowset.operator === 'union-all' ? null : 'a set operation';
    default:
      return null;
  }
}
