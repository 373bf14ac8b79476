import type { AggregateName } from '../../../typecheck/typed.ts';
import type { Type } from '../../../typecheck/types.ts';
import { nonNull } from '../../../typecheck/types.ts';
import type { Accumulator } from './accumulator.ts';
import { compareValues, Count, List, NumberPick, Pick } from './picks.ts';
import type { Picked } from './picks.ts';
import { Spread } from './spread.ts';
import { FloatAverage, FloatSum, WholeAverage, WholeSum } from './sums.ts';

export type { Accumulator, AccumulatorState } from './accumulator.ts';
export { List } from './picks.ts';

/** The accumulator of an aggregate over values of `argument` that gives `result`. */
export function accumulator(fn: AggregateName, argument: Type, result: Type): Accumulator {
  const whole = ['int', 'long'].includes(nonNull(argument).kind);
  switch (fn) {
    case 'COUNT':
      return new Count();
    case 'SUM':
      return whole ? new WholeSum() : new FloatSum();
    case 'AVG':
      return whole ? new WholeAverage() : new FloatAverage();
    case 'MIN':
      return pick(result, 'least', (next, kept) => compareValues(next, kept) < 0);
    case 'MAX':
      return pick(result, 'most', (next, kept) => compareValues(next, kept) > 0);
    case 'STDEV':
      return new Spread(true);
    case 'VAR':
      return new Spread(false);
    case 'FIRST':
      return pick(result, 'first', () => false);
    case 'LAST':
      return pick(result, 'last', () => true);
    case 'LIST':
      return new List();
  }
}

function pick(type: Type, which: Picked, replaces: ConstructorParameters<typeof Pick>[1]): Accumulator {
  const numeric = ['int', 'long', 'float', 'datetime'].includes(nonNull(type).kind);
  return numeric ? new NumberPick(type, which) : new Pick(type, replaces);
}
