/** The reference against examples worked out by hand from the numbered rules. */
import { expect } from 'chai';
import type { Value } from '../../src/typecheck/types.ts';
import { rowset, typed } from '../support/check.ts';
import type { TestOperator } from './calls.ts';
import { settle } from './settle.ts';
import type { Settled } from './settle.ts';

type Table = readonly (readonly Value[])[];

/** Settles a script whose EXTRACTs have these tables by label; models are given by name. */
function run(
  text: string,
  tables: Readonly<Record<string, Table>>,
  models: Record<string, TestOperator> = {},
): Settled {
  const script = typed(text);
  return settle({
    script,
    tables: new Map(Object.entries(tables).map(([label, table]) => [rowset(script, label).id, table])),
    operators: new Map(Object.entries(models)),
  });
}

function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw new TypeError('not a text');
}

const TAIL = 'OUTPUT out TO "out.csv" USING CsvWriter();';
const XS = 'xs = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader();';
const rows: Table = [
  [1, 'a'],
  [2, 'b'],
  [3, 'a'],
];

describe('the reference of repairs', () => {
  it('EDIT puts a copy in the place of the row, and the copy gets its own turn', () => {
    const text = `${XS} out = xs WHEN x < 3 EDIT x = x + 2; ${TAIL}`;
    const { outputs, repairs } = run(text, { xs: rows });
    expect(outputs).to.deep.equal([
      [
        [3, 'a'],
        [4, 'b'],
        [3, 'a'],
      ],
    ]);
    expect(repairs.map(({ kind }) => kind)).to.deep.equal(['edit', 'edit']);
  });

  it('APPEND puts copies behind the computed row in the order of their making, and the raising row stays', () => {
    const text = `${XS} out = xs WHEN x < 3 APPEND x = x + 10 WHEN x == 1 APPEND x = 0 LIMIT 1 ELSE DROP; ${TAIL}`;
    expect(run(text, { xs: rows }).outputs).to.deep.equal([
      [
        [1, 'a'],
        [11, 'a'],
        [0, 'a'],
        [10, 'a'],
        [2, 'b'],
        [12, 'b'],
        [3, 'a'],
      ],
    ]);
  });

  it('DELETE through a group takes every member, also where the column is not visible any more', () => {
    const text = `${XS}
      sums = SELECT k, SUM(x) AS s FROM xs GROUP BY k WHEN s > 3 DELETE x LIMIT 1 ELSE DROP;
      out = SELECT x, k FROM xs;
      OUTPUT sums TO "sums.csv" USING CsvWriter(); ${TAIL}`;
    expect(run(text, { xs: rows }).outputs).to.deep.equal([[['b', 2]], [[2, 'b']]]);
  });

  it('an aggregate is a new version when its members changed', () => {
    const text = `${XS}
      sums = SELECT k, SUM(x) AS s FROM xs GROUP BY k WHEN s < 5 EDIT x = s * 2 LIMIT 3 ELSE KEEP;
      OUTPUT sums TO "sums.csv" USING CsvWriter();`;
    // a: 1 + 3 = 4 → both 8 → 16. b: 2 → 4 → 8.
    expect(run(text, { xs: rows }).outputs).to.deep.equal([
      [
        ['a', 16],
        ['b', 8],
      ],
    ]);
  });

  it('a group that comes back to the members it had is a new version, with an empty chain and its own turn', () => {
    const text = `${XS}
      sums = SELECT k, SUM(x) AS s FROM xs GROUP BY k;
      low = sums WHEN s == 4 EDIT s = 40 LIMIT 1 ELSE KEEP;
      high = low WHEN s == 40 APPEND x = 100 LIMIT 1 ELSE KEEP;
      odd = SELECT DISTINCT x, k FROM xs WHEN x == 100 DELETE x LIMIT 1 ELSE KEEP;
      out = SELECT k, s, attempts(s) AS n FROM high; ${TAIL}`;
    // a: 4 → 40 → two copies make 204 → they go: 4, not 40 any more → 40; its APPEND has fired for these members.
    const { outputs, repairs } = run(text, { xs: rows });
    expect(outputs).to.deep.equal([
      [
        ['a', 40, 1],
        ['b', 2, 0],
      ],
    ]);
    expect(repairs.map(({ kind }) => kind)).to.deep.equal(['edit', 'append', 'delete', 'edit']);
  });

  it('what stands behind a region has no say before it has settled', () => {
    const text = `${XS} ys = xs WHEN x == 2 EDIT k = "bad" LIMIT 1 ELSE KEEP;
      zs = SELECT x, k + "" AS k FROM ys; fixed = zs WHEN k == "bad" EDIT k = "good" LIMIT 1 ELSE KEEP;
      out = fixed WHEN k == "bad" ABORT; ${TAIL}`;
    expect(run(text, { xs: rows }).outputs[0]?.[1]).to.deep.equal([2, 'good']);
  });

  it('a UNION puts the copies of one source row together, those of the left branch first; another source follows', () => {
    const text = `${XS} zs = EXTRACT x: long, k: string FROM "z.csv" USING CsvReader();
      t = xs WHEN x == 2 && attempts(x) == 0 APPEND x = 9 LIMIT 1 ELSE KEEP;
      s = xs WHERE x < 3; out = t UNION t UNION s;
      two = t UNION t UNION zs; OUTPUT two TO "two.csv" USING CsvWriter(); ${TAIL}`;
    const { outputs } = run(text, { xs: rows, zs: [[0, 'z']] });
    expect(outputs.map((table) => table.map(([x]) => x))).to.deep.equal([
      [1, 1, 2, 2, 9, 9, 3, 3, 0],
      [1, 1, 1, 2, 2, 2, 9, 9, 3, 3],
    ]);
  });

  it('LIMIT bounds the depth of a chain, then the ELSE action is taken', () => {
    const text = `${XS} out = xs WHEN x > 0 EDIT x = x + 1 LIMIT 3 ELSE ROUTE TO rest;
      OUTPUT rest TO "rest.csv" USING CsvWriter(); ${TAIL}`;
    const { outputs } = run(text, { xs: [[1, 'a']] });
    expect(outputs).to.deep.equal([[[4, 'a', 'x > 0']], []]);
  });

  it('without ELSE the job ends', () => {
    const { abortedBy, repairs } = run(`${XS} out = xs WHEN x > 0 EDIT x = x + 1 LIMIT 2; ${TAIL}`, { xs: [[1, 'a']] });
    expect(abortedBy).to.not.equal(null);
    expect(repairs).to.have.length(2);
  });

  it('a repair of the same row comes before an ABORT, wherever it stands', () => {
    const text = `${XS} out = xs WHEN x == 1 ABORT "one" WHEN x == 1 EDIT x = 5; ${TAIL}`;
    const { outputs, abortedBy } = run(text, { xs: rows });
    expect(abortedBy).to.equal(null);
    expect(outputs[0]?.[0]).to.deep.equal([5, 'a']);
  });

  it('the lab: translations go back to the classifier once, and what is foreign even then is dropped', () => {
    const text = `lines = EXTRACT line: string FROM "r.txt" USING LineReader();
      classified = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE label AS language;
      english = classified WHERE language == "en";
      foreign = classified WHERE language != "en" && attempts(line) == 0;
      translated = PROCESS foreign USING Translator(text = line, model = "t") PRODUCE translation
                   APPEND line = translation;
      out = SELECT line, original(line) AS first FROM english;
      OUTPUT translated TO "translations.csv" USING CsvWriter(); ${TAIL}`;
    const { outputs } = run(
      text,
      { lines: [['hello'], ['hallo!'], ['good'], ['gut!'], ['weg!!']] },
      {
        TextClassifier: ([line]) => [[textOf(line).endsWith('!') ? 'de' : 'en', 1]],
        Translator: ([line]) => [[textOf(line).slice(0, -1)]],
      },
    );
    expect(outputs[1]).to.deep.equal([
      ['hello', 'hello'],
      ['hallo', 'hallo!'],
      ['good', 'good'],
      ['gut', 'gut!'],
    ]);
    expect(outputs[0]).to.have.length(3);
  });

  it('RETRY moves on to the next alternative, and its exhaustion takes the ELSE', () => {
    const text = `lines = EXTRACT line: string FROM "r.txt" USING LineReader();
      scored = PROCESS lines USING TextClassifier(text = line, model = "a") ELSE Translator(text = line, model = "b")
               PRODUCE label, score;
      out = scored ASSERT score >= 0.8 ELSE RETRY label ELSE DROP;`;
    expect(() => typed(`${text} ${TAIL}`)).to.throw();
    const same = text.replace('Translator(', 'TextClassifier(');
    let calls = 0;
    const { outputs } = run(
      `${same} ${TAIL}`,
      { lines: [['x'], ['y']] },
      {
        TextClassifier: ([line]) => {
          calls += 1;
          return [[`${textOf(line)}${calls}`, calls > 2 && line === 'x' ? 0.9 : 0.5]];
        },
      },
    );
    expect(outputs[0]?.map(([line]) => line)).to.deep.equal(['x']);
  });
});
