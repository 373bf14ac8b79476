/** Every action behind every kind of rowset: it does what the reference does, or is an error of the script that says what to write instead. */
import { expect } from 'chai';
import type { Value } from '../../../src/typecheck/types.ts';
import { plan, DEFAULT_PLAN_OPTIONS } from '../../../src/planner/make-plan.ts';
import { unsupported } from '../../../src/planner/capabilities.ts';
import { TooLong } from '../../oracle/nodes.ts';
import { settle } from '../../oracle/settle.ts';
import type { Settled } from '../../oracle/settle.ts';
import type { TypedScript } from '../../../src/typecheck/typed.ts';
import { Combiner, Reducer } from '../../../src/runtime/operators/group-operators.ts';
import type { Group } from '../../../src/runtime/operators/group-operators.ts';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row } from '../../../src/runtime/operators/row.ts';
import { collect } from '../../../src/runtime/report/collect.ts';
import { checkedJob, runScript } from './support.ts';

const X: readonly (readonly Value[])[] = [
  [1, 'a'],
  [2, 'b'],
  [3, 'a'],
  [2, 'c'],
];
const Y: readonly (readonly Value[])[] = [
  [5, 'a'],
  [6, 'b'],
  [7, 'd'],
];
const inputs = { 'x.csv': 'x,k\n1,a\n2,b\n3,a\n2,c\n', 'y.csv': 'y,k\n5,a\n6,b\n7,d\n' };

const XS = 'xs = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader();';
const YS = 'ys = EXTRACT y: long, k: string FROM "y.csv" USING CsvReader();';
const ROWSETS = {
  EXTRACT: 'EXTRACT x: long, k: string FROM "x.csv" USING CsvReader()',
  'EXTRACT … HAVING': 'EXTRACT x: long, k: string FROM "x.csv" USING CsvReader() HAVING x < 9',
  VALUES: 'VALUES (1, "a"), (2, "b"), (3, "a"), (2, "c") AS (x: long, k: string)',
  'a name': 'xs',
  'SELECT … WHERE': 'SELECT x + 0 AS x, k FROM xs WHERE x < 9',
  'SELECT *': 'SELECT * FROM xs',
  'SELECT … HAVING': 'SELECT x + 0 AS x, k FROM xs HAVING x < 9',
  'GROUP BY': 'SELECT k, SUM(x) AS x FROM xs GROUP BY k',
  'GROUP BY … HAVING': 'SELECT k, SUM(x) AS x FROM xs GROUP BY k HAVING x < 9',
  'one group': 'SELECT COUNT(*) AS x, "a" AS k FROM xs',
  DISTINCT: 'SELECT DISTINCT x, k FROM xs',
  TOP: 'SELECT TOP 2 x, k FROM xs ORDER BY x DESC',
  'ORDER BY': 'SELECT x, k FROM xs ORDER BY x DESC, k',
  JOIN: 'SELECT a.x AS x, b.k AS k FROM xs AS a JOIN ys AS b ON a.k == b.k',
  'LEFT JOIN': 'SELECT a.x AS x, b.k ?? "z" AS k FROM xs AS a LEFT JOIN ys AS b ON a.k == b.k',
  'RIGHT JOIN': 'SELECT a.x ?? 2 AS x, b.k AS k FROM xs AS a RIGHT JOIN ys AS b ON a.k == b.k',
  'FULL JOIN': 'SELECT a.x ?? 2 AS x, b.k ?? "z" AS k FROM xs AS a FULL JOIN ys AS b ON a.k == b.k',
  'SEMI JOIN': 'SELECT a.x AS x, a.k AS k FROM xs AS a SEMI JOIN ys AS b ON a.k == b.k',
  'ANTI JOIN': 'SELECT a.x AS x, a.k AS k FROM xs AS a ANTI JOIN ys AS b ON a.k == b.k',
  'CROSS JOIN': 'SELECT a.x AS x, b.k AS k FROM xs AS a CROSS JOIN ys AS b',
  'a self join': 'SELECT a.x AS x, b.k AS k FROM xs AS a JOIN xs AS b ON a.k == b.k && a.x <= b.x',
  window: 'SELECT x, k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x) AS n FROM xs',
  'computed by a window': 'SELECT SUM(x) OVER (PARTITION BY k) AS x, k FROM xs',
  EXPLODE: 'SELECT w AS x, k FROM xs CROSS APPLY EXPLODE([x, 7]) AS w',
  PROCESS: 'PROCESS xs USING Labels(text = k) ELSE Labels(text = k + "d") PRODUCE label',
  'PROCESS … HAVING':
    'PROCESS xs USING Labels(text = k) ELSE Labels(text = k + "d") PRODUCE label WHERE x < 9 HAVING label != "z"',
  UNION: 'xs UNION (SELECT x + 1 AS x, k FROM xs)',
  'UNION of two': 'xs UNION (SELECT y AS x, k FROM ys)',
  'UNION DISTINCT': 'xs UNION DISTINCT (SELECT x + 1 AS x, k FROM xs)',
  EXCEPT: 'xs EXCEPT (SELECT y - 4 AS x, k FROM ys)',
  INTERSECT: 'xs INTERSECT (SELECT x + 0 AS x, k FROM xs)',
  REDUCE: 'REDUCE xs ON k USING Total(n = x) PRODUCE total AS x',
  COMBINE: 'COMBINE xs AS a WITH ys AS b ON a.k == b.k USING Pair(n = a.x) PRODUCE total',
  'a ROUTE': 'rest',
  'a view': 'seen',
} as const;

const CLAUSES = {
  EDIT: 'WHEN x == 2 EDIT x = 5 LIMIT 2 ELSE DROP',
  'EDIT of what it passes': 'WHEN x == 2 EDIT k = "b" LIMIT 2 ELSE DROP',
  'a bare EDIT': 'EDIT k = k + "!" LIMIT 1 ELSE KEEP',
  'EDIT without LIMIT': 'WHEN x == 2 EDIT x = 4',
  APPEND: 'WHEN x == 2 APPEND x = 9 LIMIT 1 ELSE KEEP',
  'a bare APPEND': 'APPEND k = "c" LIMIT 1 ELSE DROP',
  DELETE: 'WHEN x == 2 DELETE x',
  'a bare DELETE': 'DELETE k',
  RETRY: 'WHEN x == 2 RETRY label LIMIT 1 ELSE DROP',
  'a bare RETRY': 'RETRY label ELSE KEEP',
  DROP: 'WHEN x == 2 DROP',
  'a bare DROP': 'DROP',
  KEEP: 'WHEN x == 2 KEEP',
  ABORT: 'WHEN x == 2 ABORT "two " + k',
  'ROUTE TO': 'WHEN x == 2 ROUTE TO q',
  'a bare ROUTE TO': 'ROUTE TO q',
  'a ladder': 'WHEN x >= 2 EDIT x = x + 1 LIMIT 1 ELSE EDIT x = 0 LIMIT 1 ELSE ROUTE TO q',
  'a ladder of three': 'WHEN x == 2 APPEND x = 2 LIMIT 1 ELSE EDIT k = "e" LIMIT 1 ELSE DELETE x LIMIT 1 ELSE ABORT',
  ASSERT: 'ASSERT x != 2 ELSE DROP',
  'ASSERT … MESSAGE': 'ASSERT x != 2 MESSAGE "is " + k ELSE ROUTE TO q',
  'ASSERT with a repair': 'ASSERT x != 2 MESSAGE "is " + k ELSE EDIT x = 2 LIMIT 1 ELSE ABORT "why"',
  'ASSERT of its history': 'ASSERT attempts(x) < 2 ELSE DROP WHEN original(x) == 2 EDIT x = 7 LIMIT 3 ELSE KEEP',
  'two clauses that answer each other': 'WHEN x == 2 DELETE x WHEN x == 3 APPEND x = 2 LIMIT 1 ELSE DROP',
} as const;

function scriptOf(rowset: string, clause: string): string {
  const lines = [`IMPORT { Labels, Total, Pair } FROM "./operators.ts";`];
  if (/\bxs\b/.test(rowset) || rowset === 'rest') lines.push(XS);
  if (/\bys\b/.test(rowset)) lines.push(YS);
  if (rowset === 'rest')
    lines.push('held = xs WHEN x != 1 ROUTE TO rest; OUTPUT held TO "held.csv" USING CsvWriter();');
  if (rowset === 'seen') lines.push('seen = IMPORT "view.scope";');
  lines.push(
    `out = ${rowset === 'xs' || rowset === 'seen' || rowset === 'rest' ? rowset : `(${rowset})`} ${clause};`,
    'OUTPUT out TO "out.csv" USING CsvWriter();',
  );
  if (/\bxs\b/.test(rowset)) lines.push('OUTPUT xs TO "xs.csv" USING CsvWriter();');
  if (clause.includes('TO q')) lines.push('OUTPUT q TO "q.csv" USING CsvWriter();');
  return lines.join('\n');
}

class Labels extends Processor.declare({ inputs: { text: 'string' }, outputs: { label: 'string' } }) {
  override call(row: Row<typeof Labels>) {
    return row.with({ label: row.get('text') });
  }
}

class Total extends Reducer.declare({ inputs: { n: 'long' }, outputs: { total: 'long' } }) {
  override call(group: Group<typeof Total>) {
    return group.with({ total: [...group.rows()].reduce((sum, row) => sum + row.get('n'), 0) });
  }
}

class Pair extends Combiner.declare({ inputs: { n: 'long' }, outputs: { total: 'long' } }) {
  override call(left: Group<typeof Pair>) {
    return left.with({ total: [...left.rows()].reduce((sum, row) => sum + row.get('n'), 0) });
  }
}

const VIEW = `v = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader(); EXPORT v;`;
const job = { inputs, operators: { Labels, Total, Pair }, views: { 'view.scope': VIEW } };

function reference(script: TypedScript): Settled {
  const tables = script.rowsets.flatMap((rowset) =>
    rowset.kind === 'extract' ? [[rowset.id, rowset.files[0]?.text === 'x.csv' ? X : Y] as const] : [],
  );
  return settle({
    script,
    tables: new Map(tables),
    operators: new Map([['Labels', ([text]) => [[text ?? null]]]]),
    reducers: new Map([
      ['Total', (members) => ({ rows: [[members.reduce((sum, [n]) => sum + Number(n), 0)]], repairs: [] })],
    ]),
    combiners: new Map([
      [
        'Pair',
        (left) => {
          const total = left.reduce((sum, [n]) => sum + Number(n), 0);
          return { rows: [{ values: [total], left: 0, right: 0 }], repairs: [] };
        },
      ],
    ]),
  });
}

function written(rows: Settled['outputs'][number]): readonly string[] {
  return rows.map((row) => row.map((value) => (value === null ? '' : String(value))).join(','));
}

const LONG = process.env['PYSCOPE_LONG'] !== undefined;
const WAYS = [
  { batchRows: 1, plan: { noOpt: false } },
  { batchRows: 100, plan: { noOpt: true } },
  { batchRows: 1, plan: { noOpt: true } },
  { batchRows: 100, plan: { noOpt: false } },
] as const;

/** What the reference settles to; null where it gives up, or does not know the step. */
function wanted(script: TypedScript): Settled | null {
  try {
    return reference(script);
  } catch (error) {
    if (error instanceof TooLong || String(error).includes('the oracle knows no')) return null;
    throw error;
  }
}

/** Runs the script where it has no errors; says how it ended. */
async function outcome(text: string, at: number): Promise<'an error of the script' | 'not yet' | 'run'> {
  const { script, diagnostics } = checkedJob(text, job);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (script === null || errors.length > 0) {
    for (const { message, help } of errors) expect(help, message).to.be.a('string');
    expect(errors).to.not.have.length(0);
    return 'an error of the script';
  }
  const planned = plan(script, DEFAULT_PLAN_OPTIONS).plan;
  if (planned === null) throw new Error('no plan');
  if (unsupported(planned).length > 0) return 'not yet';
  const want = wanted(script);
  for (const way of LONG ? WAYS : WAYS.slice(at % 2, (at % 2) + 1)) {
    const { result, files, events, plan: ran } = await runScript(text, { ...job, ...way });
    const collector = collect(ran, 'job.scope', 'j', 0);
    for (const event of events) collector.listen(event);
    for (const { label, balanced } of collector.report(1).nodes) expect(balanced, label).to.not.equal(false);
    const code = result.error?.code ?? null;
    expect(code, result.error?.message).to.be.oneOf([null, 'PR7001']);
    if (want === null) continue;
    expect(code !== null, result.error?.message).to.equal(want.abortedBy !== null);
    if (code !== null) continue;
    const got = script.outputs.map(({ pathText }) => (files[pathText] ?? '').split('\n').slice(1, -1));
    expect(got).to.deep.equal(want.outputs.map(written));
  }
  return 'run';
}

describe('every action', () => {
  const counts = new Map<string, number>();
  for (const [place, [name, rowset]] of Object.entries(ROWSETS).entries()) {
    it(`behind ${name} does what the reference does, or is an error that says what to write`, async () => {
      for (const [at, clause] of Object.values(CLAUSES).entries()) {
        // The short run takes every other pair.
        if (!LONG && (place + at) % 2 === 1) continue;
        const text = scriptOf(rowset, clause);
        const ended = await outcome(text, place).catch((error: unknown) => {
          throw new Error(text, { cause: error });
        });
        counts.set(ended, (counts.get(ended) ?? 0) + 1);
      }
    });
  }

  after(() => {
    expect(counts.get('run') ?? 0).to.be.greaterThan(LONG ? 500 : 250);
    expect(counts.get('an error of the script') ?? 0).to.be.lessThan(LONG ? 100 : 50);
  });
});
