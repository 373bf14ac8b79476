/**
 * Random queries over two small tables, each in PYSCOPE and in SQL. The SQL says what PYSCOPE means: two-valued logic with `null == null`, sets without duplicates,
 * nulls first under ASC. Where SQL leaves an order open, every query is closed by enough keys, so that its rows are the same as a set.
 */
import type { Choices } from './choices.ts';

export type Cell = number | string | null;

/** i (unique), a int, b string, c float?, d int?. */
export type Row = readonly [i: number, a: number, b: string, c: number | null, d: number | null];

export interface Both {
  readonly scope: string;
  readonly sql: string;
}

/** A rowset with the columns a, b, c, d, and i where each row still is one of a table. */
interface Rowset extends Both {
  readonly numbered: boolean;
}

export function randomTable(choices: Choices): readonly Row[] {
  const length = choices.below(10) === 0 ? 0 : 3 + choices.below(10);
  return Array.from({ length }, (_, i): Row => {
    const a = choices.below(6) - 2;
    const b = choices.of('', 'x', 'y', 'é', '😀', 'xy', 'constructor');
    const c = choices.of(null, -0.5, 0, 0.25, 1.5, 1e6);
    return [i, a, b, c, choices.of(null, 0, 1, 2, 3)];
  });
}

export function randomQuery(choices: Choices): Both {
  const from = rowset(choices, 2);
  switch (choices.below(3)) {
    case 0:
      return over(from, 'a, b, c, d', 'a, b, c, d');
    case 1:
      return grouped(choices, from);
    default:
      return windows(choices, from);
  }
}

const over = ({ scope, sql }: Both, columns: string, sqlColumns: string, rest = '', sqlRest = rest): Both => ({
  scope: `SELECT ${columns} FROM (${scope})${rest}`,
  sql: `SELECT ${sqlColumns} FROM (${sql})${sqlRest}`,
});

const plain = ({ scope, sql }: Both): Rowset => ({ scope, sql, numbered: false });

// ── Rowsets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function rowset(choices: Choices, depth: number): Rowset {
  if (depth === 0) {
    const name = choices.of('r', 's');
    return { scope: `SELECT * FROM ${name}`, sql: `SELECT * FROM ${name}`, numbered: true };
  }
  const from = rowset(choices, depth - 1);
  switch (choices.below(10)) {
    case 0:
      return from;
    case 1: {
      const { scope, sql } = condition(choices, '');
      return { ...over(from, '*', '*', ` WHERE ${scope}`, ` WHERE ${sql}`), numbered: from.numbered };
    }
    case 2:
    case 3:
      return united(choices, from, rowset(choices, depth - 1));
    case 4:
      return plain(over(from, 'DISTINCT a, b, c, d', 'DISTINCT a, b, c, d'));
    case 5:
      return top(choices, from);
    case 6:
      return plain(
        over(from, 'a + 1 AS a, b + "x" AS b, d * 0.5 AS c, d', `a + 1 AS a, b || 'x' AS b, d * 0.5::DOUBLE AS c, d`),
      );
    case 7:
      return summed(choices, from);
    case 8:
      return plain({
        scope: `SELECT a, e AS b, c, d FROM (${from.scope}) CROSS APPLY EXPLODE(b.split("x")) AS e`,
        sql: `SELECT a, unnest(string_split(b, 'x')) AS b, c, d FROM (${from.sql})`,
      });
    default:
      return joined(choices, from, rowset(choices, depth - 1));
  }
}

function united(choices: Choices, left: Both, right: Both): Rowset {
  const operator = choices.of('UNION', 'UNION ALL', 'UNION DISTINCT', 'EXCEPT', 'INTERSECT');
  const inSql = operator === 'UNION' ? 'UNION ALL' : operator.replace(' DISTINCT', '');
  const [a, b] = [over(left, 'a, b, c, d', 'a, b, c, d'), over(right, 'a, b, c, d', 'a, b, c, d')];
  return plain({
    scope: `SELECT * FROM ((${a.scope}) ${operator} (${b.scope}))`,
    sql: `(${a.sql}) ${inSql} (${b.sql})`,
  });
}

/** Ordered by every column, so that what is cut off is the same rows. */
function top(choices: Choices, from: Both): Rowset {
  const count = choices.below(6);
  const keys = ['a', 'b', 'c', 'd'].map((name) => ({ name, way: choices.of('ASC', 'DESC') }));
  const scope = keys.map(({ name, way }) => `${name} ${way}`).join(', ');
  const sql = keys.map(({ name, way }) => `${name} ${way} NULLS ${way === 'ASC' ? 'FIRST' : 'LAST'}`).join(', ');
  return plain({
    scope: `SELECT TOP ${count} a, b, c, d FROM (${from.scope}) ORDER BY ${scope}`,
    sql: `(SELECT a, b, c, d FROM (${from.sql}) ORDER BY ${sql} LIMIT ${count})`,
  });
}

function summed(choices: Choices, from: Both): Rowset {
  const having = choices.of(
    { scope: 'COUNT(*) > 0', sql: 'COUNT(*) > 0' },
    { scope: 'COUNT(*) > 1', sql: 'COUNT(*) > 1' },
    { scope: 'AVG(a) >= 0', sql: 'AVG(a) >= 0' },
    { scope: 'MAX(d) == null', sql: 'MAX(d) IS NULL' },
  );
  const columns = 'a, MIN(b) AS b, SUM(c) AS c, MAX(d) AS d';
  return plain(over(from, columns, columns, ` GROUP BY a HAVING ${having.scope}`, ` GROUP BY a HAVING ${having.sql}`));
}

function joined(choices: Choices, left: Both, right: Both): Rowset {
  const on = matching(choices);
  const from = (kind: string, columns: string, sqlColumns = columns): Rowset =>
    plain({
      scope: `SELECT ${columns} FROM (${left.scope}) AS x ${kind} JOIN (${right.scope}) AS y ON ${on.scope}`,
      sql: `SELECT ${sqlColumns} FROM (${left.sql}) AS x ${kind} JOIN (${right.sql}) AS y ON ${on.sql}`,
    });
  switch (choices.below(7)) {
    case 0:
      return from('INNER', 'x.a, y.b, x.c, y.d');
    case 1:
      return from('LEFT', 'x.a, x.b, y.c, y.d');
    case 2:
      return from('RIGHT OUTER', 'y.a, y.b, x.c, x.d');
    case 3:
      return from(
        'FULL',
        'x.a ?? -9 AS a, y.b ?? "none" AS b, x.c, y.d',
        `COALESCE(x.a, -9) AS a, COALESCE(y.b, 'none') AS b, x.c, y.d`,
      );
    case 4:
      return from('SEMI', 'a, b, c, d', 'x.a, x.b, x.c, x.d');
    case 5:
      return from('ANTI', 'x.a, x.b, x.c, x.d');
    default:
      return plain({
        scope: `SELECT x.a, y.b, x.c, y.d FROM (${left.scope}) AS x CROSS JOIN (${right.scope}) AS y`,
        sql: `SELECT x.a, y.b, x.c, y.d FROM (${left.sql}) AS x CROSS JOIN (${right.sql}) AS y`,
      });
  }
}

// ── Conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────

function condition(choices: Choices, prefix: string): Both {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => prefix + name);
  return choices.of(
    { scope: `${a} > 0`, sql: `${a} > 0` },
    { scope: `${b} != "x"`, sql: `${b} <> 'x'` },
    { scope: `${c} == null`, sql: `${c} IS NULL` },
    { scope: `${c} != 0.25`, sql: `${c} IS DISTINCT FROM 0.25` },
    { scope: `${d} == ${a}`, sql: `${d} IS NOT DISTINCT FROM ${a}` },
    { scope: `!(${d} > 1)`, sql: `NOT COALESCE(${d} > 1, false)` },
    { scope: `(${c} ?? 0) <= 0.25 || ${b} == "y"`, sql: `COALESCE(${c}, 0) <= 0.25 OR ${b} = 'y'` },
    { scope: `${a} IN (0, 1, 3) && !(${d} IS NULL)`, sql: `${a} IN (0, 1, 3) AND ${d} IS NOT NULL` },
    { scope: `${a} BETWEEN 0 AND 2`, sql: `${a} BETWEEN 0 AND 2` },
    { scope: `${b} LIKE "%y%"`, sql: `${b} LIKE '%y%'` },
    {
      scope: `CASE WHEN ${d} == null THEN ${a} ELSE ${a} * 2 END > 1`,
      sql: `CASE WHEN ${d} IS NULL THEN ${a} ELSE ${a} * 2 END > 1`,
    },
  );
}

/** In ON a null key matches nothing, as in SQL; beside the keys PYSCOPE's two-valued logic holds. */
function matching(choices: Choices): Both {
  const same = (text: string): Both => ({ scope: text.replaceAll('=', '=='), sql: text });
  return choices.of(
    same('x.a = y.a'),
    same('x.b = y.b'),
    same('x.d = y.d'),
    same('x.c = y.c'),
    { scope: 'x.a == y.a && x.b == y.b', sql: 'x.a = y.a AND x.b = y.b' },
    same('y.d = x.a'),
    { scope: 'x.a + 1 == y.a && x.b <= y.b', sql: 'x.a + 1 = y.a AND x.b <= y.b' },
    { scope: 'x.d == y.d && (x.c ?? 0) < (y.c ?? 1)', sql: 'x.d = y.d AND COALESCE(x.c, 0) < COALESCE(y.c, 1)' },
    { scope: 'x.a < y.a', sql: 'x.a < y.a' },
    { scope: 'x.a == y.a && y.b != "x" && x.a > 0', sql: `x.a = y.a AND y.b <> 'x' AND x.a > 0` },
  );
}

// ── The last select ─────────────────────────────────────────────────────────────────────────────────────────────────

const same = (text: string): Both => ({ scope: text, sql: text });

const AGGREGATES: readonly [Both, ...Both[]] = [
  same('COUNT(*)'),
  same('COUNT(c)'),
  same('COUNT(DISTINCT d)'),
  same('SUM(d)'),
  same('SUM(c)'),
  same('SUM(DISTINCT a)'),
  same('AVG(d)'),
  same('AVG(c)'),
  same('AVG(DISTINCT a)'),
  same('MIN(b)'),
  same('MAX(b)'),
  same('MIN(c)'),
  same('MAX(d)'),
  { scope: 'STDEV(d)', sql: 'STDDEV_SAMP(d)' },
  { scope: 'VAR(a)', sql: 'VAR_SAMP(a)' },
  { scope: 'LIST(DISTINCT d)?.length', sql: 'NULLIF(LEN(LIST(DISTINCT d) FILTER (WHERE d IS NOT NULL)), 0)' },
  same('SUM(a) + COUNT(*)'),
  { scope: 'MAX(b + "!")', sql: `MAX(b || '!')` },
];

function grouped(choices: Choices, from: Both): Both {
  const [first, ...others] = AGGREGATES;
  const items = [0, 1, 2].slice(0, 1 + choices.below(3)).map(() => choices.of(first, ...others));
  const keys = choices
    .of('', 'a', 'b', 'c', 'd, b', 'a, b, c, d')
    .split(', ')
    .filter((key) => key !== '');
  const columns = (of: keyof Both): string =>
    [...keys.map((key, at) => `${key} AS k${at}`), ...items.map((item, at) => `${item[of]} AS v${at}`)].join(', ');
  const by = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
  const having = choices.of({ scope: '', sql: '' }, same(' HAVING COUNT(*) > 1'), {
    scope: ' HAVING MAX(d) != null',
    sql: ' HAVING MAX(d) IS NOT NULL',
  });
  const distinct = choices.of('', 'DISTINCT ');
  return over(from, distinct + columns('scope'), distinct + columns('sql'), by + having.scope, by + having.sql);
}

function windows(choices: Choices, from: Rowset): Both {
  if (!from.numbered) return over(from, 'DISTINCT a, c', 'DISTINCT a, c');
  const items = [0, 1, 2].slice(0, 1 + choices.below(3)).map((at) => windowItem(choices, at));
  const columns = (of: keyof Both): string => ['i', 'a', 'b', ...items.map((item) => item[of])].join(', ');
  return over(from, columns('scope'), columns('sql'));
}

function windowItem(choices: Choices, at: number): Both {
  const by = choices.of('', 'PARTITION BY a ', 'PARTITION BY b ', 'PARTITION BY d, a ');
  const key = choices.of('a', 'b', 'c', 'd');
  const way = choices.of('ASC', 'DESC');
  const nulls = `NULLS ${way === 'ASC' ? 'FIRST' : 'LAST'}`;
  // Ranks see ties; everything else is ordered to the last row.
  const ties = { scope: `${by}ORDER BY ${key} ${way}`, sql: `${by}ORDER BY ${key} ${way} ${nulls}` };
  const exact = { scope: `${ties.scope}, i`, sql: `${ties.sql}, i` };
  const item = (call: string, window: Both, frame = '', sqlFrame = frame): Both => ({
    scope: `${call} OVER (${window.scope}${frame}) AS w${at}`,
    sql: `${call} OVER (${window.sql}${sqlFrame}) AS w${at}`,
  });
  switch (choices.below(4)) {
    case 0:
      return item(choices.of('RANK()', 'DENSE_RANK()'), ties);
    case 1:
      return item(choices.of('ROW_NUMBER()', 'NTILE(2)', 'LAG(b)', 'LEAD(c)', 'LAG(d, 2)', 'LEAD(a, 1, -7)'), exact);
    case 2:
      return item(choices.of('FIRST_VALUE(b)', 'LAST_VALUE(c)', 'FIRST_VALUE(d)'), exact, ...frame(choices));
    default:
      return item(
        choices.of('SUM(d)', 'COUNT(*)', 'COUNT(c)', 'AVG(c)', 'MIN(b)', 'MAX(c)', 'SUM(c)'),
        exact,
        ...frame(choices),
      );
  }
}

/** PYSCOPE's frame is one of rows where SQL's would be one of ranges. */
function frame(choices: Choices): readonly [scope: string, sql: string] {
  const text = choices.of(
    '',
    ' ROWS UNBOUNDED PRECEDING',
    ' ROWS 1 PRECEDING',
    ' ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING',
    ' ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
    ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
    ' ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
    ' ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING',
  );
  return [text, text === '' ? ' ROWS UNBOUNDED PRECEDING' : text];
}
