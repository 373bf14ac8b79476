import type { AggregateName } from '../../../typecheck/typed.ts';
import type { Type } from '../../../typecheck/types.ts';
import { nonNull } from '../../../typecheck/types.ts';
import type { Accumulator } from './accumulator.ts';
import { compareValues, Count, List, Pick } from './picks.ts';
import { Spread } from './spread.ts';
import { FloatAverage, FloatSum, WholeAverage, WholeSum } from './sums.ts';

export type { Accumulator } from './accumulator.ts';

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
      return new Pick(result, (next, kept) => compareValues(next, kept) < 0);
    case 'MAX':
      return new Pick(result, (next, kept) => compareValues(next, kept) > 0);
    case 'STDEV':
      return new Spread(true);
    case 'VAR':
      return new Spread(false);
    case 'FIRST':
      return new Pick(result, () => false);
    case 'LAST':
      return new Pick(result, () => true);
    case 'LIST':
      return new List();
  }
}
