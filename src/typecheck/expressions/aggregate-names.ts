/** The aggregates and window functions; their names are upper case. */
import type { AggregateName, WindowName } from '../typed.ts';

const AGGREGATES: Readonly<Record<AggregateName, true>> = {
  COUNT: true,
  SUM: true,
  AVG: true,
  MIN: true,
  MAX: true,
  STDEV: true,
  VAR: true,
  FIRST: true,
  LAST: true,
  LIST: true,
};

const WINDOWS: Readonly<Record<Exclude<WindowName, AggregateName>, true>> = {
  ROW_NUMBER: true,
  RANK: true,
  DENSE_RANK: true,
  NTILE: true,
  LAG: true,
  LEAD: true,
  FIRST_VALUE: true,
  LAST_VALUE: true,
};

export function isAggregateName(name: string): name is AggregateName {
  return Object.hasOwn(AGGREGATES, name);
}

export function isWindowName(name: string): name is WindowName {
  return isAggregateName(name) || Object.hasOwn(WINDOWS, name);
}

export const aggregateNames: ReadonlySet<string> = new Set([...Object.keys(AGGREGATES), ...Object.keys(WINDOWS)]);
