/**
 * Random queries over two small tables, each in PYSCOPE and in SQL. The SQL says what PYSCOPE means: two-valued logic with `null == null`, sets without duplicates,
 * nulls first under ASC. Where SQL leaves an order open, every query is closed by enough keys, so that its rows are the same as a set.
 */
import type { Choices } from './choices.ts';

export type Cell = number | string | null;

/** i (unique), a int, b string, c float? (as text: NaN and −0 are among them), d int?, e datetime?. */
export type Row = readonly [i: number, a: number, b: string, c: string | null, d: number | null, e: string | null];

export interface Both {
  readonly scope: string;
  readonly sql: string;
}

export interface Query extends Both {
  /** Whether the order of the rows is part of the answer. */
  readonly ordered: boolean;
}

const COLUMNS = 'a, b, c, d, e';

/** A rowset with the columns a to e, and i where each row still is one of a table. */
interface Rowset extends Both {
  readonly numbered: boolean;
}

export function randomTable(choices: Choices): readonly Row[] {
  const length = choices.below(10) === 0 ? 0 : 3 + choices.below(10);
  return Array.from({ length }, (_, i): Row => {
    const a = choices.below(6) - 2;
    const b = choices.of('', 'x', 'y', 'é', '😀', 'xy', 'constructor');
    const c = choices.of(null, '-0.5', '0', '-0', '0.1', '0.25', '1.5', '1000000', 'NaN');
    const d = choices.of(null, 0, 1, 2, 3);
    return [
      i,
      a,
      b,
      c,
      d,
      choices.of(null, '1969-12-31T23:59:59.999Z', '2024-02-29T00:00:00.000Z', '2024-03-01T06:30:00.000Z'),
    ];
  });
}

export function randomQuery(choices: Choices): Query {
  const from = rowset(choices, 2);
  switch (choices.below(7)) {
    case 0:
      return { ...sorted(choices, from, ''), ordered: true };
    case 1:
    case 2:
      return { ...grouped(choices, from), ordered: false };
    case 3:
      return { ...groupWindows(choices, from), ordered: false };
    default:
      return { ...windows(choices, from), ordered: false };
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
  switch (choices.below(12)) {
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
      return plain(over(from, `DISTINCT ${COLUMNS}`, `DISTINCT ${COLUMNS}`));
    case 5:
      return top(choices, from);
    case 6:
      return plain(
        over(
          from,
          'a + 1 AS a, b + "x" AS b, d * 0.5 AS c, d, e ?? parseDate("2024-03-01", "yyyy-MM-dd") AS e',
          `a + 1 AS a, b || 'x' AS b, d * 0.5::DOUBLE AS c, d, COALESCE(e, TIMESTAMP '2024-03-01') AS e`,
        ),
      );
    case 7:
      return summed(choices, from);
    case 8:
      return plain({
        scope: `SELECT a, piece AS b, c, d, e FROM (${from.scope}) CROSS APPLY EXPLODE(b.split("x")) AS piece`,
        sql: `SELECT a, unnest(string_split(b, 'x')) AS b, c, d, e FROM (${from.sql})`,
      });
    case 9:
      return plain({
        scope: `SELECT one AS a, b, c, d, e FROM (${from.scope}) CROSS APPLY EXPLODE([a, d ?? 9, 2]) AS one`,
        sql: `SELECT unnest([a, COALESCE(d, 9), 2]) AS a, b, c, d, e FROM (${from.sql})`,
      });
    case 10:
      return choices.below(2) === 0
        ? counted(choices, from, rowset(choices, depth - 1))
        : unitedOn(choices, from, rowset(choices, depth - 1));
    default:
      return joined(choices, from, rowset(choices, depth - 1));
  }
}

function united(choices: Choices, left: Both, right: Both): Rowset {
  const operator = choices.of('UNION', 'UNION ALL', 'UNION DISTINCT', 'EXCEPT', 'INTERSECT');
  const inSql = operator === 'UNION' ? 'UNION ALL' : operator.replace(' DISTINCT', '');
  const [a, b] = [over(left, COLUMNS, COLUMNS), over(right, COLUMNS, COLUMNS)];
  return plain({
    scope: `SELECT * FROM ((${a.scope}) ${operator} (${b.scope}))`,
    sql: `(${a.sql}) ${inSql} (${b.sql})`,
  });
}

/** EXCEPT ALL and INTERSECT ALL are those of numbered duplicates. */
function counted(choices: Choices, left: Both, right: Both): Rowset {
  const operator = choices.of('EXCEPT', 'INTERSECT');
  const numbered = `${COLUMNS}, ROW_NUMBER() OVER (PARTITION BY ${COLUMNS}) AS nth`;
  const [a, b] = [over(left, numbered, COLUMNS), over(right, numbered, COLUMNS)];
  return plain({
    scope: `SELECT ${COLUMNS} FROM ((${a.scope}) ${operator} (${b.scope}))`,
    sql: `(${a.sql}) ${operator} ALL (${b.sql})`,
  });
}

function unitedOn(choices: Choices, left: Both, right: Both): Rowset {
  const operator = choices.of('UNION', 'UNION DISTINCT', 'EXCEPT', 'INTERSECT');
  const inSql = operator === 'UNION' ? 'UNION ALL' : operator.replace(' DISTINCT', '');
  const [a, b] = [over(left, COLUMNS, 'b, c, a'), over(right, 'c, a, b', 'b, c, a')];
  return plain({
    scope: `SELECT a, b, c, a AS d, parseDate("2024-03-01", "yyyy-MM-dd") AS e FROM ((${a.scope}) ${operator} ON (b, c, a) (${b.scope}))`,
    sql: `SELECT a, b, c, a AS d, TIMESTAMP '2024-03-01' AS e FROM ((${a.sql}) ${inSql} (${b.sql}))`,
  });
}

/** Ordered by every column, so that what is cut off is the same rows. */
function sorted(choices: Choices, from: Both, top: string, limit = ''): Both {
  const all = ['a', 'b', 'c', 'd', 'e'];
  const first = choices.below(all.length);
  const keys = [...all.slice(first), ...all.slice(0, first)].map((name) => ({ name, way: choices.of('ASC', 'DESC') }));
  const scope = keys.map(({ name, way }) => `${name} ${way}`).join(', ');
  const sql = keys.map(({ name, way }) => `${name} ${way} NULLS ${way === 'ASC' ? 'FIRST' : 'LAST'}`).join(', ');
  return over(from, `${top}${COLUMNS}`, COLUMNS, ` ORDER BY ${scope}`, ` ORDER BY ${sql}${limit}`);
}

function top(choices: Choices, from: Both): Rowset {
  const count = choices.below(6);
  const { scope, sql } = sorted(choices, from, `TOP ${count} `, ` LIMIT ${count}`);
  return plain({ scope, sql: `(${sql})` });
}

function summed(choices: Choices, from: Both): Rowset {
  const having = choices.of(
    { scope: 'COUNT(*) > 0', sql: 'COUNT(*) > 0' },
    { scope: 'COUNT(*) > 1', sql: 'COUNT(*) > 1' },
    { scope: 'AVG(a) >= 0', sql: 'AVG(a) >= 0' },
    { scope: 'MAX(d) == null', sql: 'MAX(d) IS NULL' },
    { scope: 'COUNT(DISTINCT e) < 2', sql: 'COUNT(DISTINCT e) < 2' },
  );
  const columns = 'a, MIN(b) AS b, SUM(c) AS c, MAX(d) AS d, MIN(e) AS e';
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
      return from('INNER', 'x.a, y.b, x.c, y.d, x.e');
    case 1:
      return from('LEFT', 'x.a, x.b, y.c, y.d, y.e');
    case 2:
      return from('RIGHT OUTER', 'y.a, y.b, x.c, x.d, y.e');
    case 3:
      return from(
        'FULL',
        'x.a ?? -9 AS a, y.b ?? "none" AS b, x.c, y.d, x.e',
        `COALESCE(x.a, -9) AS a, COALESCE(y.b, 'none') AS b, x.c, y.d, x.e`,
      );
    case 4:
      return from('SEMI', COLUMNS, 'x.a, x.b, x.c, x.d, x.e');
    case 5:
      return from('ANTI', 'x.a, x.b, x.c, x.d, x.e');
    default:
      return plain({
        scope: `SELECT x.a, y.b, x.c, y.d, y.e FROM (${left.scope}) AS x CROSS JOIN (${right.scope}) AS y`,
        sql: `SELECT x.a, y.b, x.c, y.d, y.e FROM (${left.sql}) AS x CROSS JOIN (${right.sql}) AS y`,
      });
  }
}

// ── Conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────

function condition(choices: Choices, prefix: string): Both {
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => prefix + name);
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
    { scope: `${e} < parseDate("2024-03-01", "yyyy-MM-dd")`, sql: `${e} < TIMESTAMP '2024-03-01'` },
    { scope: `${e}?.getUTCMonth() == 1`, sql: `month(${e}) = 2` },
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
    { scope: 'x.c == y.c', sql: 'x.c = y.c AND NOT isnan(x.c)' },
    same('x.e = y.e'),
    { scope: 'x.e == y.e && x.b == y.b', sql: 'x.e = y.e AND x.b = y.b' },
    { scope: 'x.a == y.a && x.b == y.b', sql: 'x.a = y.a AND x.b = y.b' },
    same('y.d = x.a'),
    { scope: 'x.a + 1 == y.a && x.b <= y.b', sql: 'x.a + 1 = y.a AND x.b <= y.b' },
    {
      scope: 'x.d == y.d && (x.c ?? 0) < (y.c ?? 1)',
      sql: 'x.d = y.d AND COALESCE(x.c, 0) < COALESCE(y.c, 1) AND NOT isnan(COALESCE(y.c, 1))',
    },
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
  same('MAX(c)'),
  same('MAX(d)'),
  same('MIN(e)'),
  same('MAX(e)'),
  same('COUNT(DISTINCT b)'),
  same('COUNT(DISTINCT c)'),
  same('COUNT(DISTINCT e)'),
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
    .of('', 'a', 'b', 'c', 'd, b', 'e', 'e, c', COLUMNS)
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

/** Windows over what groups give. */
function groupWindows(choices: Choices, from: Both): Both {
  const key = choices.of('a', 'b', 'd', 'e');
  const way = choices.of('ASC', 'DESC');
  const nulls = `NULLS ${way === 'ASC' ? 'FIRST' : 'LAST'}`;
  const item = (order: string): string =>
    `${key}, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS place, SUM(COUNT(*)) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS total`;
  const having = choices.of('', ' HAVING COUNT(*) < 4');
  return over(from, item(`${key} ${way}`), item(`${key} ${way} ${nulls}`), ` GROUP BY ${key}${having}`);
}

function windows(choices: Choices, from: Rowset): Both {
  const items = [0, 1, 2].slice(0, 1 + choices.below(3)).map((at) => windowItem(choices, at));
  const columns = (of: keyof Both): string => ['i', 'a', 'b', ...items.map((item) => item[of])].join(', ');
  return over(from.numbered ? from : numbered(from), columns('scope'), columns('sql'));
}

/** Rows alike in all columns are alike in what they get from a window, whoever of them is first. */
function numbered({ scope, sql }: Both): Both {
  const keys = ['a', 'b', 'c', 'd', 'e'];
  const sqlKeys = keys.map((key) => `${key} NULLS FIRST`).join(', ');
  return {
    scope: `SELECT ${COLUMNS}, ROW_NUMBER() OVER (ORDER BY ${keys.join(', ')}) AS i FROM (${scope})`,
    sql: `SELECT ${COLUMNS}, ROW_NUMBER() OVER (ORDER BY ${sqlKeys}) AS i FROM (${sql})`,
  };
}

function windowItem(choices: Choices, at: number): Both {
  const by = choices.of(
    '',
    'PARTITION BY a ',
    'PARTITION BY b ',
    'PARTITION BY c ',
    'PARTITION BY e ',
    'PARTITION BY d, a ',
  );
  const key = choices.of('a', 'b', 'c', 'd', 'e');
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
      return item(
        choices.of('ROW_NUMBER()', 'NTILE(2)', 'LAG(b)', 'LEAD(c)', 'LAG(d, 2)', 'LEAD(a, 1, -7)', 'LAG(e)'),
        exact,
      );
    case 2:
      return item(
        choices.of('FIRST_VALUE(b)', 'LAST_VALUE(c)', 'FIRST_VALUE(d)', 'LAST_VALUE(e)'),
        exact,
        ...frame(choices),
      );
    default:
      return item(
        choices.of(
          'SUM(d)',
          'COUNT(*)',
          'COUNT(c)',
          'AVG(c)',
          'MIN(b)',
          'MAX(b)',
          'MIN(c)',
          'MAX(c)',
          'SUM(c)',
          'MAX(e)',
          'AVG(d)',
        ),
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
