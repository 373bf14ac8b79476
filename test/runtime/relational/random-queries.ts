/** Random SELECT queries over two small tables, as texts that always type-check. Every rowset but the last has the columns of the tables, so that any may follow any. */
import fc from 'fast-check';
import type { Value } from '../../../src/typecheck/types.ts';

export type Table = readonly (readonly Value[])[];

export interface RandomQueries {
  readonly text: string;
  /** Rows of r.csv and s.csv: a int, b string, c float?, d int?. */
  readonly tables: readonly [Table, Table];
  readonly outputs: readonly string[];
}

/** The sources r and s. */
export const HEAD = ['r', 's']
  .map((name) => `${name} = EXTRACT a: int, b: string, c: float?, d: int? FROM "${name}.csv";`)
  .join('\n');

const row = fc.tuple(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom('', 'x', 'y', 'é', '😀', 'xy', 'constructor'),
  fc.option(fc.constantFrom(-0.5, 0, -0, 0.25, 1.5, 1e6)),
  fc.option(fc.integer({ min: 0, max: 3 })),
);
const table = fc.array(row, { maxLength: 9 });

/** Draws decisions from a list of numbers; zeros when it ends, which is always the simplest choice. */
class Choices {
  private readonly numbers: readonly number[];
  private at = 0;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  below(n: number): number {
    const number = this.numbers[this.at] ?? 0;
    this.at += 1;
    return number % n;
  }

  of<T>(first: T, ...others: readonly T[]): T {
    const at = this.below(others.length + 1);
    return at === 0 ? first : (others[at - 1] ?? first);
  }
}

/** One output's query text. */
function query(choices: Choices): string {
  return last(choices, same(choices, 2));
}

// ── Rowsets with the columns a, b, c, d ─────────────────────────────────────────────────────────────────────────────

function same(choices: Choices, depth: number): string {
  if (depth === 0) return choices.of('r', 's');
  const from = same(choices, depth - 1);
  switch (choices.below(14)) {
    case 0:
      return from;
    case 1:
      return `(${from} WHERE ${condition(choices, '')})`;
    case 2:
    case 3: {
      const operator = choices.of('UNION', 'UNION ALL', 'UNION DISTINCT', 'EXCEPT', 'INTERSECT');
      return `(${from} ${operator} ${same(choices, depth - 1)})`;
    }
    case 4:
      return `(SELECT DISTINCT a, b, c, d FROM ${from}${order(choices, ['a', 'b', 'c', 'd'])})`;
    case 5:
      return `(SELECT TOP ${choices.below(6)} a, b, c, d FROM ${from}${order(choices, ['a', 'b', 'c', 'd', 'a + (d ?? 0)'])})`;
    case 6:
      return `(SELECT a + ${choices.below(2)} AS a, b + "${choices.of('', 'x')}" AS b, d * 0.5 AS c, d FROM ${from} WHERE ${condition(choices, '')})`;
    case 7:
      return `(SELECT a, MIN(b) AS b, SUM(c) AS c, MAX(d) AS d FROM ${from} GROUP BY a HAVING ${choices.of('COUNT(*) > 0', 'COUNT(*) > 1', 'b != "x"', 'AVG(a) >= 0')})`;
    case 8:
      return `(SELECT a, b, AVG(c) OVER (${partition(choices)}) AS c, LAG(d, ${1 + choices.below(2)}) OVER (${partition(choices)}) AS d FROM ${from})`;
    case 9:
      return `(SELECT a, e AS b, c, d FROM ${from} CROSS APPLY EXPLODE(${choices.of('[b, "z"]', 'b.split("x")', '(b + "," + b).split(",")')}) AS e)`;
    default:
      return joined(choices, from, same(choices, depth - 1));
  }
}

function joined(choices: Choices, left: string, right: string): string {
  const on = condition2(choices);
  const from = (kind: string): string => `FROM ${left} AS x ${kind} JOIN ${right} AS y ON ${on}`;
  switch (choices.below(7)) {
    case 0:
      return `(SELECT x.a, y.b, x.c, y.d ${from('INNER')})`;
    case 1:
      return `(SELECT x.a, x.b, y.c, y.d ${from('LEFT')})`;
    case 2:
      return `(SELECT y.a, y.b, x.c, x.d ${from('RIGHT OUTER')})`;
    case 3:
      return `(SELECT x.a ?? -9 AS a, y.b ?? "none" AS b, x.c, y.d ${from('FULL')})`;
    case 4:
      return `(SELECT a, b, c, d ${from('SEMI')})`;
    case 5:
      return `(SELECT x.* ${from('ANTI')})`;
    default:
      return `(SELECT x.a, y.b, x.c, y.d FROM ${left} AS x CROSS JOIN (SELECT TOP 2 * FROM ${right}) AS y WHERE ${condition(choices, 'x.')})`;
  }
}

function condition(choices: Choices, prefix: string): string {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => prefix + name);
  return choices.of(
    `${a} > 0`,
    `${b} != "x"`,
    `${c} == null`,
    `${d} != null && ${d} >= 1`,
    `(${c} ?? 0) <= 0.25 || ${b} == "y"`,
    `${b}.length > 1`,
    `${a} IN (0, 1, 3) AND NOT (${d} IS NULL)`,
    'true',
  );
}

/** ON: keys, keys with a rest, or a rest alone. */
function condition2(choices: Choices): string {
  return choices.of(
    'x.a == y.a',
    'x.b == y.b',
    'x.d == y.d',
    'x.c == y.c',
    'x.a == y.a && x.b == y.b',
    'y.d == x.a',
    'x.a + 1 == y.a && x.b <= y.b',
    'x.d == y.d && (x.c ?? 0) < (y.c ?? 1)',
    'x.a < y.a',
    'x.a == y.a && y.b != "x" && x.a > 0',
    'x.c == null && y.a == 1',
  );
}

function order(choices: Choices, keys: readonly [string, ...string[]]): string {
  const count = choices.below(3);
  if (count === 0) return '';
  const [first, ...others] = keys;
  const items = Array.from({ length: count }, () => `${choices.of(first, ...others)} ${choices.of('ASC', 'DESC')}`);
  return ` ORDER BY ${items.join(', ')}`;
}

function partition(choices: Choices): string {
  const by = choices.of('', 'PARTITION BY a', 'PARTITION BY b', 'PARTITION BY d, a');
  return `${by}${order(choices, ['a', 'b', 'c', 'd'])}`;
}

// ── The last select ─────────────────────────────────────────────────────────────────────────────────────────────────

function last(choices: Choices, from: string): string {
  switch (choices.below(3)) {
    case 0:
      return `SELECT * FROM ${from}${order(choices, ['a', 'b', 'c', 'd'])}`;
    case 1:
      return grouped(choices, from);
    default:
      return windows(choices, from);
  }
}

const AGGREGATES = [
  'COUNT(*)',
  'COUNT(c)',
  'COUNT(DISTINCT d)',
  'SUM(d)',
  'SUM(c)',
  'SUM(DISTINCT a)',
  'AVG(d)',
  'AVG(c)',
  'AVG(DISTINCT a)',
  'MIN(b)',
  'MAX(b)',
  'MIN(c)',
  'MAX(d)',
  'STDEV(d)',
  'VAR(a)',
  'FIRST(c)',
  'LAST(b)',
  'LIST(b)?.join("|")',
  'LIST(DISTINCT d)?.length',
  'SUM(a) + COUNT(*)',
  'MAX(b + "!")',
] as const;

function grouped(choices: Choices, from: string): string {
  const keys = choices.of('', 'a', 'b', 'c', 'd, b', 'a % 2', 'b.length, a');
  const items = [...new Set(Array.from({ length: 1 + choices.below(4) }, () => choices.of(...AGGREGATES)))].map(
    (item, at) => `${item} AS v${at}`,
  );
  const shown = keys === '' ? [] : keys.split(', ').map((key, at) => `${key} AS k${at}`);
  const by = keys === '' ? '' : ` GROUP BY ${keys}`;
  const having = choices.of('', ' HAVING COUNT(*) > 1', ' HAVING MAX(d) != null');
  const ordered = keys === '' ? '' : choices.of('', ' ORDER BY k0', ' ORDER BY v0 DESC, k0', ' ORDER BY COUNT(*)');
  return `SELECT ${choices.of('', 'DISTINCT ', 'TOP 3 ')}${[...shown, ...items].join(', ')} FROM ${from}${by}${having}${ordered}`
    .replace('TOP 3 ', ordered === '' ? '' : 'TOP 3 ')
    .replace('DISTINCT ', ordered.includes('COUNT') ? '' : 'DISTINCT ');
}

function windows(choices: Choices, from: string): string {
  const items = Array.from({ length: 1 + choices.below(3) }, (_, at) => `${windowItem(choices)} AS w${at}`);
  return `SELECT a, b, ${items.join(', ')} FROM ${from}${choices.of('', ' ORDER BY w0', ' ORDER BY a DESC, w0 DESC')}`;
}

function windowItem(choices: Choices): string {
  const over = partition(choices);
  const ordered = over.includes('ORDER') ? over : `${over} ORDER BY a`;
  switch (choices.below(4)) {
    case 0:
      return `${choices.of('ROW_NUMBER()', 'RANK()', 'DENSE_RANK()', 'NTILE(2)', 'NTILE(5)')} OVER (${ordered})`;
    case 1:
      return `${choices.of('LAG(b)', 'LEAD(c)', 'LAG(d, 2)', 'LEAD(a, 1, -7)', 'LAG(a, 0)')} OVER (${ordered})`;
    case 2:
      return `${choices.of('FIRST_VALUE(b)', 'LAST_VALUE(c)', 'FIRST_VALUE(d)')} OVER (${ordered} ${frame(choices)})`;
    default:
      return `${choices.of('SUM(d)', 'COUNT(*)', 'COUNT(DISTINCT a)', 'AVG(c)', 'MIN(b)', 'MAX(c)', 'SUM(c)', 'LAST(d)', 'STDEV(a)')} OVER (${choices.of(over, `${ordered} ${frame(choices)}`)})`;
  }
}

function frame(choices: Choices): string {
  return choices.of(
    '',
    'ROWS UNBOUNDED PRECEDING',
    'ROWS 1 PRECEDING',
    'ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING',
    'ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
    'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
    'ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
    'ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING',
  );
}

const QUERIES = 3;

/** A script of three queries. */
export const randomQueries: fc.Arbitrary<RandomQueries> = fc
  .tuple(
    fc.array(fc.array(fc.nat({ max: 10_000 }), { maxLength: 40 }), { minLength: QUERIES, maxLength: QUERIES }),
    table,
    table,
  )
  .map(([numbers, r, s]) => {
    const outputs = numbers.map((_, at) => `q${at}.csv`);
    const lines = numbers.map((list, at) => {
      const text = query(new Choices(list));
      return `q${at} = ${text};\nOUTPUT q${at} TO "q${at}.csv" USING CsvWriter();`;
    });
    return { text: [HEAD, ...lines].join('\n'), tables: [r, s], outputs };
  });
