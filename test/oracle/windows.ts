/** Window functions, from scratch for every row. */
import type { TypedWindow } from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';
import { aggregateOf, compareBy, evaluate } from './evaluate.ts';
import type { Env } from './evaluate.ts';

/** The value of a window for the row `at` of `rows`. */
export function windowValue(window: TypedWindow, rows: readonly Env[], at: number): Value {
  const { fn, args, frame } = window;
  const own = rows[at];
  if (own === undefined) throw new Error('no such row');
  const keyOf = (row: Env): string => JSON.stringify(window.partitionBy.map((key) => evaluate(key, row)));
  const partition = rows.filter((row) => keyOf(row) === keyOf(own)).toSorted((a, b) => compareBy(window.orderBy, a, b));
  const place = partition.indexOf(own);
  const before = partition.filter((row) => compareBy(window.orderBy, row, own) < 0);
  const argument = (row: Env | undefined, which: number): Value => {
    const arg = args[which];
    return arg === undefined || row === undefined ? null : evaluate(arg, row);
  };
  const start = frame.start === null ? 0 : Math.max(0, place + frame.start);
  const end = frame.end === null ? partition.length : Math.max(0, place + frame.end + 1);
  const framed = partition.slice(start, end);
  switch (fn) {
    case 'ROW_NUMBER':
      return place + 1;
    case 'RANK':
      return before.length + 1;
    case 'DENSE_RANK':
      return (
        new Set(before.map((row) => JSON.stringify(window.orderBy.map(({ value }) => evaluate(value, row))))).size + 1
      );
    case 'NTILE': {
      const tiles = Number(argument(own, 0));
      const sizes = Array.from(
        { length: tiles },
        (_, tile) => Math.floor(partition.length / tiles) + (tile < partition.length % tiles ? 1 : 0),
      );
      let last = 0;
      return sizes.findIndex((size) => (last += size) > place) + 1;
    }
    case 'LAG':
    case 'LEAD': {
      const offset = args.length > 1 ? Number(argument(own, 1)) : 1;
      const other = partition[fn === 'LAG' ? place - offset : place + offset];
      return other === undefined ? argument(own, 2) : argument(other, 0);
    }
    case 'FIRST_VALUE':
      return argument(framed[0], 0);
    case 'LAST_VALUE':
      return argument(framed.at(-1), 0);
    default:
      return aggregateOf({ fn, distinct: window.distinct, arg: args[0] ?? null }, framed);
  }
}
