/** Repairs by a combiner, and of what clauses route, through the whole of the product: files out. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compile } from '../../../src/api/compile.ts';
import { runPlan } from '../../../src/api/run-plan.ts';
import type { RunError } from '../../../src/runtime/errors.ts';

const OPERATORS = `import { Combiner } from 'pyscope';
const shape = { inputs: { n: 'long', m: 'long' }, outputs: { total: 'long' } };
export class Pick extends Combiner {
  static inputs = shape.inputs;
  static outputs = shape.outputs;
  static edits = ['m'];
  static deletes = ['n'];
  *call(left, right) {
    const [ls, rs] = [[...left.rows()], [...right.rows()]];
    if (ls.length > 1) yield ls[1].delete(['n']);
    for (const row of rs) if (row.get('m') < 0) yield row.edit({ m: 0 });
    yield left.with({ total: ls.length * 100 + rs.reduce((sum, row) => sum + row.get('m'), 0) });
  }
}
export class Sum extends Combiner {
  static inputs = shape.inputs;
  static outputs = shape.outputs;
  *call(left, right) {
    const [ls, rs] = [[...left.rows()], [...right.rows()]];
    const total = ls.reduce((sum, row) => sum + row.get('n'), 0) + rs.reduce((sum, row) => sum + row.get('m'), 0);
    if (total > 7) throw new Error('too much');
    yield left.with({ total });
  }
}
export class Wrong extends Combiner {
  static inputs = shape.inputs;
  static outputs = shape.outputs;
  static edits = ['m'];
  *call(left) {
    for (const row of left.rows()) yield row.edit({ m: 0 });
  }
}
`;

const SIDES = `IMPORT { Pick, Sum, Wrong } FROM "./operators.mjs";
  a = VALUES (1, "k"), (2, "k"), (3, "l") AS (n: long, k: string);
  b = VALUES (-4, "k"), (7, "k"), (5, "l") AS (m: long, k: string);`;

const ROWS = 'rows = VALUES (1, "a"), (2, "b"), (3, "c") AS (id, t); known = rows WHEN t == "c" ROUTE TO odd;';

describe('repairs through several rows, in the engine', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-cross-'));
    writeFileSync(join(folder, 'operators.mjs'), OPERATORS);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The lines of each output, or the error. */
  async function run(text: string): Promise<readonly (readonly string[])[] | RunError> {
    const path = join(folder, 'job.scope');
    writeFileSync(path, text);
    const compilation = await compile(path, { toRun: true });
    const { plan, script } = compilation;
    if (plan === null || script === null) throw new Error('no plan');
    const { error } = await runPlan({ ...compilation, plan }, { batchRows: 2 });
    return error ?? script.outputs.map((output) => readFileSync(output.path, 'utf8').split('\n').slice(1, -1));
  }

  it('a combiner repairs rows of either side, and sees the pairs that they change again', async () => {
    const text = `${SIDES} c = COMBINE a AS x WITH b AS y ON x.k == y.k USING Pick(n = n, m = m) PRODUCE total;
      OUTPUT c TO "c.csv"; OUTPUT a TO "a.csv"; OUTPUT b TO "b.csv";`;
    expect(await run(text)).to.deep.equal([
      ['1,k,0,107', '3,l,5,105'],
      ['1,k', '3,l'],
      ['0,k', '7,k', '5,l'],
    ]);
  });

  it('a pair of groups that a combiner failed on is repaired, on the side that has the column, and asked for again', async () => {
    const combine = 'c = COMBINE a AS x WITH b AS y ON x.k == y.k USING Sum(n = n, m = m) PRODUCE total';
    const outputs = 'OUTPUT c TO "c.csv"; OUTPUT a TO "a.csv"; OUTPUT b TO "b.csv";';
    const [all, left, right] = [
      ['1,k', '2,k', '3,l'],
      ['1,k', '2,k'],
      ['-4,k', '7,k', '5,l'],
    ];
    for (const [action, expected] of [
      ['EDIT m = 0 LIMIT 1 ELSE ABORT', [['1,k,-4,6', '3,l,0,3'], all, ['-4,k', '7,k', '0,l']]],
      ['DELETE n LIMIT 1 ELSE ABORT', [['1,k,-4,6'], left, right]],
      ['APPEND n = -9 LIMIT 1 ELSE ABORT', [['1,k,-4,6', '3,l,5,-1'], [...all, '-9,l'], right]],
      ['EDIT y.m = 6 LIMIT 2 ELSE DROP', [['1,k,-4,6'], all, ['-4,k', '7,k', '6,l']]],
    ] as const) {
      expect(await run(`${SIDES} ${combine} ON ERROR ${action}; ${outputs}`), action).to.deep.equal(expected);
    }
  });

  it('a pair of groups that a combiner failed on is kept inside a region as outside', async () => {
    const combine =
      'c = COMBINE a AS x WITH b AS y ON x.k == y.k USING Sum(n = n, m = m) PRODUCE total: long? ON ERROR';
    const outputs = 'OUTPUT c TO "c.csv";';
    expect(await run(`${SIDES} ${combine} KEEP; ${outputs}`)).to.deep.equal([['1,k,-4,6', '3,l,5,']]);
    const repair = 'd = c WHEN total == 6 EDIT n = n + 1 LIMIT 1 ELSE KEEP; OUTPUT d TO "d.csv";';
    const kept = ['2,k,-4,7', '3,l,5,'];
    expect(await run(`${SIDES} ${combine} KEEP; ${outputs} ${repair}`)).to.deep.equal([kept, kept]);
  });

  it('a combiner that repairs a row of one side through an input of the other is told so', async () => {
    const text = `${SIDES} c = COMBINE a AS x WITH b AS y ON x.k == y.k USING Wrong(n = n, m = m) PRODUCE total; OUTPUT c TO "c.csv";`;
    const error = await run(text);
    expect(error).to.have.property('code', 'PR3005');
    expect(error).to.have.property('message').that.includes("input 'm' is bound to columns of the second group");
  });

  it('clauses route to one name from a region and from elsewhere, in the order of their source', async () => {
    const text = `${ROWS} fixed = SELECT id, t + "?" AS t FROM known; sure = fixed WHEN t == "b!" ROUTE TO odd;
      pairs = SELECT f.id AS id, f.t AS t FROM fixed AS f JOIN odd AS o ON f.id == o.id - 1
        WHEN t == "b?" EDIT t = "b!" LIMIT 1 ELSE KEEP;
      OUTPUT pairs TO "pairs.csv"; OUTPUT sure TO "sure.csv"; OUTPUT odd TO "odd.csv";`;
    expect(await run(text)).to.deep.equal([['1,a?', '2,b!'], ['1,a?'], ['2,b!,"t == ""b!"""', '3,c,"t == ""c"""']]);
  });

  it('the reason of routed rows is repaired where they were routed, whether that is in the region or not', async () => {
    const repair = 'told = odd WHEN reason.startsWith("t ==") EDIT reason = "c" LIMIT 1 ELSE KEEP';
    expect(await run(`${ROWS} ${repair}; OUTPUT told TO "told.csv";`)).to.deep.equal([['3,c,c']]);
    const both = `${ROWS} ${repair} WHEN id == 3 EDIT t = "d" LIMIT 1 ELSE KEEP; last = told; OUTPUT last TO "last.csv"; OUTPUT known TO "known.csv";`;
    // The edited row is not routed any more: its reason went with the row that it was.
    expect(await run(both)).to.deep.equal([[], ['1,a', '2,b', '3,d']]);
  });
});
