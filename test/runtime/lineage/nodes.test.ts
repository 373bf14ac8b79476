/** What a story tells of each kind of node, and what became of the rows that it did not pass on. */
import { expect } from 'chai';
import { Combiner, Reducer } from '../../../src/runtime/operators/group-operators.ts';
import type { Group } from '../../../src/runtime/operators/group-operators.ts';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row } from '../../../src/runtime/operators/row.ts';
import type { Lineage } from '../../../src/runtime/lineage/reader.ts';
import { runScript } from '../engine/support.ts';
import type { Job } from '../engine/support.ts';
import { fateTexts, lineageIn, outputNamed, rowAt, storyTexts } from './support.ts';

/** Nothing for "none", a fault on "bad", else the text in capitals. */
class Upper extends Processor.declare({ inputs: { text: 'string' }, outputs: { upper: 'string' } }) {
  override *call(row: Row<typeof Upper>) {
    const text = row.get('text');
    if (text.startsWith('bad')) throw new Error('cannot take it');
    if (!text.startsWith('none')) yield row.with({ upper: text.toUpperCase() });
  }
}

/** The longest text of a group; nothing for groups of one. */
class Longest extends Reducer.declare({ inputs: { text: 'string' }, outputs: { text: 'string' } }) {
  override call(group: Group<typeof Longest>) {
    const texts = [...group.rows()].map((row) => row.get('text'));
    if (texts.includes('bad')) throw new Error('cannot take a group with it');
    return texts.length < 2 ? null : group.with({ text: texts.toSorted((a, b) => b.length - a.length)[0] ?? '' });
  }
}

/** How many rows both sides have. */
class Sizes extends Combiner.declare({ inputs: {}, outputs: { l: 'int', r: 'int' } }) {
  override call(left: Group<typeof Sizes>, right: Group<typeof Sizes>) {
    return left.with({ l: left.length, r: right.length });
  }
}

const HEAD = `IMPORT { Upper, Longest, Sizes } FROM "./operators.ts";
s = EXTRACT k: string, x: int, t: string FROM "s.csv";
u = EXTRACT k: string, y: int FROM "u.csv";
`;

const INPUTS = {
  's.csv': 'k,x,t\na,1,one\nb,2,bad\na,3,three\nc,4,none\na,1,one\n',
  'u.csv': 'k,y\na,10\nd,40\nb,20\n',
};

async function recorded(text: string, job: Job = {}): Promise<Lineage> {
  const { result, outputs } = await runScript(HEAD + text, {
    inputs: INPUTS,
    operators: { Upper, Longest, Sizes },
    lineage: true,
    plan: { lineage: true },
    batchRows: 2,
    ...job,
  });
  expect(result.error?.message ?? null).to.equal(null);
  expect(result.lineage).to.not.equal(null);
  return lineageIn(outputs);
}

/** The story of a row of o.csv. */
function story(lineage: Lineage, position: number): readonly string[] {
  return storyTexts(lineage, rowAt(lineage, outputNamed(lineage, 'o.csv'), position));
}

/** What became of line `line` of s.csv (or u.csv). */
function became(lineage: Lineage, line: number, file = 's.csv'): readonly string[] {
  const node = lineage.manifest.inputs.find(({ shown }) => shown === file)?.node ?? -1;
  const found = lineage.sourceRow(node, file, line);
  if (found === null) throw new Error(`no row at ${file}:${line}`);
  return fateTexts(lineage, found.ref);
}

const OUT = 'OUTPUT o TO "o.csv" USING CsvWriter();';

describe('a story', () => {
  it('tells a WHERE with what it read, and a SELECT with what it computed', async () => {
    const lineage = await recorded(`o = SELECT k, x * 2 AS z FROM s WHERE x > 1;\n${OUT}`);
    expect(story(lineage, 0)).to.deep.equal([
      's.csv:3 → k "b", x 2',
      '4 WHERE x > 1 read x 2',
      '4 SELECT k, x * 2 AS z → z 4',
    ]);
    expect(became(lineage, 2)).to.deep.equal(['WHERE x > 1: it does not hold']);
    expect(became(lineage, 3)).to.deep.equal(['o.csv:0']);
  });

  it('tells the clauses by the script’s own words, each for itself', async () => {
    const lineage = await recorded(`p = s WHERE x > 0;\nq = p WHERE k == "a";\no = q WHERE x < 3;\n${OUT}`);
    expect(story(lineage, 0).map((line) => line.replace(/ read .*/u, ''))).to.deep.equal([
      's.csv:2 → k "a", x 1, t "one"',
      '4 WHERE x > 0',
      '5 WHERE k == "a"',
      '6 WHERE x < 3',
    ]);
    expect(became(lineage, 4)).to.deep.equal(['WHERE x < 3: it does not hold']);
    expect(became(lineage, 3)).to.deep.equal(['WHERE k == "a": it does not hold']);
  });

  it('tells what an operator was given and answered, what it did not answer, and on what it failed', async () => {
    const lineage = await recorded(
      `o = PROCESS s USING Upper(text = t + "!") PRODUCE upper ON ERROR ROUTE TO odd;\n${OUT}\nOUTPUT odd TO "odd.csv" USING CsvWriter();`,
    );
    expect(story(lineage, 0)).to.deep.equal([
      's.csv:2 → k "a", x 1, t "one"',
      '4 Upper(text = t + "!") given text "one!" → upper "ONE!"',
    ]);
    expect(became(lineage, 5)).to.deep.equal([
      'PROCESS USING Upper(text = t + "!") PRODUCE upper ON ERROR ROUTE TO odd: Upper yielded no row for it',
    ]);
    expect(became(lineage, 3)).to.deep.equal(['odd.csv:0']);
    const odd = storyTexts(lineage, rowAt(lineage, outputNamed(lineage, 'odd.csv'), 0));
    expect(odd.at(-1)).to.equal(
      '4 PROCESS USING Upper(text = t + "!") PRODUCE upper ON ERROR ROUTE TO odd → reason "PR3001: Upper threw: cannot take it"',
    );
  });

  it('tells rows that ON ERROR DROP ended with their error', async () => {
    const lineage = await recorded(`o = PROCESS s USING Upper(text = t) PRODUCE upper ON ERROR DROP;\n${OUT}`);
    expect(became(lineage, 3)).to.deep.equal([
      'PROCESS USING Upper(text = t) PRODUCE upper ON ERROR DROP: ON ERROR DROP: PR3001: Upper threw: cannot take it',
    ]);
  });

  it('tells which side of a UNION a row came from', async () => {
    const lineage = await recorded(`a = s WHERE x == 1;\nb = s WHERE x != 1;\no = a UNION b;\n${OUT}`);
    expect(story(lineage, 1)).to.deep.equal(['s.csv:3 → k "b", x 2, t "bad"', '5 WHERE x != 1 read x 2']);
    const apart = await recorded(`a = SELECT k, x FROM s;\nb = SELECT k, y AS x FROM u;\no = a UNION b;\n${OUT}`);
    expect(story(apart, 6)).to.deep.equal(['u.csv:3 → k "d", y 40', '5 SELECT k, y AS x']);
  });

  for (const [type, partner, lost] of [
    ['INNER', ['s.csv:2', 'u.csv:2'], 'it has no partner'],
    ['LEFT', ['s.csv:2', 'u.csv:2'], null],
    ['RIGHT', ['s.csv:2', 'u.csv:2'], 'it has no partner'],
    ['FULL', ['s.csv:2', 'u.csv:2'], null],
    ['SEMI', ['s.csv:2'], 'it has no partner'],
  ] as const) {
    it(`tells both rows of a ${type} JOIN`, async () => {
      const columns = type === 'SEMI' ? 'a.k AS k, a.x AS x' : 'a.x AS x, b.y AS y';
      const lineage = await recorded(`o = SELECT ${columns} FROM s AS a ${type} JOIN u AS b ON a.k == b.k;\n${OUT}`);
      const places = story(lineage, 0).flatMap((line) => /^[su]\.csv:\d+/u.exec(line) ?? []);
      expect(places).to.deep.equal([...partner]);
      // c has no partner.
      const fate = became(lineage, 5);
      if (lost === null) expect(fate).to.deep.equal(['o.csv:3']);
      else expect(fate.join()).to.contain(lost);
      const right = became(lineage, 3, 'u.csv').join();
      if (type === 'RIGHT' || type === 'FULL') expect(right).to.match(/^o\.csv:\d$/u);
      else expect(right).to.contain(type === 'SEMI' ? 'only decide' : 'it has no partner');
    });
  }

  it('tells a row of a join with itself by both of its rows', async () => {
    const lineage = await recorded(
      `o = SELECT a.x AS l, b.x AS r FROM s AS a JOIN s AS b ON a.k == b.k && a.x < b.x;\n${OUT}`,
    );
    expect(story(lineage, 0).filter((line) => line.startsWith('s.csv'))).to.deep.equal([
      's.csv:2 → k "a", x 1',
      's.csv:4 → k "a", x 3',
    ]);
    const ref = rowAt(lineage, outputNamed(lineage, 'o.csv'), 0);
    expect(storyTexts(lineage, ref, 1).filter((line) => line.startsWith('s.csv'))).to.deep.equal([
      's.csv:4 → k "a", x 3',
    ]);
  });

  it('tells how many rows a group has, and shows the first or all', async () => {
    const lineage = await recorded(
      `o = SELECT k, COUNT(*) AS n, SUM(x) AS sum FROM s GROUP BY k HAVING n > 1;\n${OUT}`,
    );
    const ref = rowAt(lineage, outputNamed(lineage, 'o.csv'), 0);
    expect(storyTexts(lineage, ref, null, 2)[1]).to.match(/→ k "a", n 3, sum 5 of 3: 2, 4$/u);
    expect(storyTexts(lineage, ref, null, Infinity)[1]).to.match(/of 3: 2, 4, 6$/u);
    expect(became(lineage, 3)).to.deep.equal(['HAVING n > 1: it does not hold']);
    expect(became(lineage, 6)).to.deep.equal(['o.csv:0']);
  });

  it('tells a DISTINCT by all rows that are alike', async () => {
    const lineage = await recorded(`o = SELECT DISTINCT k, x FROM s;\n${OUT}`);
    expect(story(lineage, 0).at(-1)).to.equal('4 DISTINCT of 2: 2, 6');
    expect(became(lineage, 6)).to.deep.equal(['o.csv:0']);
  });

  it('tells what TOP cut off, with and without an order', async () => {
    const lineage = await recorded(`o = SELECT TOP 2 k, x FROM s ORDER BY x DESC;\n${OUT}`);
    expect(story(lineage, 0)).to.deep.equal(['s.csv:5 → k "c", x 4', '4 TOP 2 ORDER BY x DESC read x 4']);
    expect(became(lineage, 2)).to.deep.equal(['TOP 2 ORDER BY x DESC: TOP 2 cut it off']);
    const first = await recorded(`o = SELECT TOP 2 k, x FROM s;\n${OUT}`);
    expect(became(first, 2)).to.deep.equal(['o.csv:0']);
    expect(became(first, 4)).to.deep.equal(['TOP 2: TOP 2 cut it off']);
  });

  it('tells rows of EXCEPT and INTERSECT, and why others are not in it', async () => {
    const sides = 'a = SELECT k FROM s;\nb = SELECT k FROM u;\n';
    const except = await recorded(`${sides}o = a EXCEPT b;\n${OUT}`);
    expect(story(except, 0)).to.deep.equal(['s.csv:5 → k "c"', '6 EXCEPT of 1: 5']);
    expect(became(except, 2).join()).to.contain('EXCEPT: the right side has it too');
    expect(became(except, 3, 'u.csv').join()).to.contain('only decide');
    const both = await recorded(`${sides}o = a INTERSECT b;\n${OUT}`);
    expect(story(both, 0).at(-1)).to.equal('6 INTERSECT of 3: 2, 4, 6');
    expect(became(both, 5).join()).to.contain('INTERSECT: the right side lacks it');
  });

  it('tells a window’s value', async () => {
    const lineage = await recorded(
      `o = SELECT x, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x DESC) AS n FROM s;\n${OUT}`,
    );
    expect(story(lineage, 0).slice(1, 2).join()).to.match(/^4 WINDOW .* → .* 2$/u);
    expect(became(lineage, 2)).to.deep.equal(['o.csv:0']);
  });

  it('tells a REDUCE by its members, what it did not answer, and what it failed on', async () => {
    const lineage = await recorded(`o = REDUCE s ON k USING Longest(text = t) PRODUCE text ON ERROR DROP;\n${OUT}`);
    expect(story(lineage, 0).at(-1)).to.match(/^4 REDUCE ON k .* → k "a", text "three" of 3: 2, 4, 6$/u);
    expect(became(lineage, 3).join()).to.contain('ON ERROR DROP: PR3001: Longest threw');
    expect(became(lineage, 5).join()).to.contain('Longest yielded no row for its group');
    expect(became(lineage, 6)).to.deep.equal(['o.csv:0']);
  });

  it('tells a COMBINE by both of its groups, and rows without the other one', async () => {
    const lineage = await recorded(`o = COMBINE s AS a WITH u AS b ON a.k == b.k USING Sizes() PRODUCE l, r;\n${OUT}`);
    expect(story(lineage, 0).at(-1)).to.match(/l 3, r 1 of 4: 2, 4, 6, 2$/u);
    expect(became(lineage, 5).join()).to.contain('the other side has no group for it');
    expect(became(lineage, 3, 'u.csv').join()).to.contain('the other side has no group for it');
    expect(became(lineage, 4, 'u.csv')).to.deep.equal(['o.csv:1']);
  });

  it('tells an EXPLODE by its element', async () => {
    const lineage = await recorded(
      `o = SELECT k, part FROM s CROSS APPLY EXPLODE(t.split("e").slice(1)) AS part;\n${OUT}`,
    );
    expect(story(lineage, 0).slice(0, 2)).to.deep.equal([
      's.csv:2 → k "a", t "one"',
      '4 EXPLODE t.split("e").slice(1) AS part read t "one" → part ""',
    ]);
    expect(became(lineage, 3).join()).to.contain('found nothing in it');
    expect(became(lineage, 4)).to.deep.equal(['o.csv:1', 'o.csv:2']);
  });

  it('tells clauses that DROP and ROUTE, and what is routed and read by nothing', async () => {
    const lineage = await recorded(
      `p = s WHEN x == 2 DROP;\no = p ASSERT x < 4 MESSAGE "too large" ELSE ROUTE TO large;\n${OUT}\nOUTPUT large TO "large.csv" USING CsvWriter();`,
    );
    expect(became(lineage, 3)).to.deep.equal(['WHEN x == 2 DROP: DROP']);
    expect(became(lineage, 5)).to.deep.equal(['large.csv:0']);
    const large = storyTexts(lineage, rowAt(lineage, outputNamed(lineage, 'large.csv'), 0));
    expect(large.at(-1)).to.equal('5 ASSERT x < 4 MESSAGE "too large" ELSE ROUTE TO large → reason "too large"');
    const unread = await recorded(`o = s WHEN x == 2 ROUTE TO nowhere;\n${OUT}`);
    expect(became(unread, 3).join()).to.contain('no output and no clause reads nowhere any further');
  });

  it('tells lines that a reader did not take', async () => {
    const job = { inputs: { 's.csv': 'k,x,t\na,1,one\nb,many,two\n', 'u.csv': 'k,y\n' } };
    const routed = await recorded(
      `p = EXTRACT k: string, x: int FROM "s.csv" ON ERROR ROUTE TO odd;\no = p WHERE x > 0;\n${OUT}\nOUTPUT odd TO "odd.csv" USING CsvWriter();`,
      job,
    );
    const odd = storyTexts(routed, rowAt(routed, outputNamed(routed, 'odd.csv'), 0));
    expect(odd[0]).to.match(/^s\.csv:3 → text "b,many,two", reason "PR1102: .*"$/u);
    const node = routed.manifest.inputs.find(({ shown }) => shown === 's.csv')?.node ?? -1;
    expect(routed.rejectedAt(node, 's.csv', 3)?.facts.reason).to.contain('ON ERROR ROUTE TO odd');
  });

  it('tells VALUES, and an ORDER BY of an OUTPUT by the row that stands there', async () => {
    const lineage = await recorded(
      `v = VALUES (1, "p"), (2, "q") AS (n: int, t: string);\nOUTPUT v TO "o.csv" USING CsvWriter() ORDER BY n DESC;`,
    );
    expect(story(lineage, 0)).to.deep.equal([': → n 2, t "q"']);
  });

  it('finds rows of an output of several files', async () => {
    const lineage = await recorded(`OUTPUT s TO "{k}.csv" USING CsvWriter(order = [x]);`);
    const a = outputNamed(lineage, 'a.csv');
    expect(a.rows).to.equal(3);
    expect(storyTexts(lineage, rowAt(lineage, a, 2))[0]).to.match(/^s\.csv:6/u);
    expect(storyTexts(lineage, rowAt(lineage, outputNamed(lineage, 'c.csv'), 0))[0]).to.match(/^s\.csv:5/u);
    expect(became(lineage, 4)).to.deep.equal(['a.csv:1']);
  });
});

describe('a story of a repair', () => {
  it('tells each version, before and after, with the clause and the row that raised it', async () => {
    const lineage = await recorded(
      `p = PROCESS s USING Upper(text = t + String(x)) PRODUCE upper ON ERROR DROP;\no = p WHEN upper == "ONE1" EDIT x = x + 5 LIMIT 1 ELSE KEEP;\n${OUT}`,
    );
    expect(story(lineage, 0)).to.deep.equal([
      's.csv:2 → k "a", x 1, t "one"',
      '4 Upper(text = t + String(x)) given text "one1" → upper "ONE1"',
      '5 WHEN upper == "ONE1" EDIT x = x + 5 LIMIT 1 ELSE KEEP read upper "ONE1" edit x: 1 → 6 (1)',
      '4 Upper(text = t + String(x)) given text "one6" → upper "ONE6"',
      '5 WHEN upper == "ONE1" EDIT x = x + 5 LIMIT 1 ELSE KEEP read upper "ONE6"',
    ]);
  });

  it('tells the alternatives that were tried', async () => {
    const lineage = await recorded(
      `p = PROCESS s USING Upper(text = t) ELSE Upper(text = "2" + t) PRODUCE upper ON ERROR RETRY upper ELSE DROP;\no = p ASSERT upper != "ONE" ELSE RETRY upper ELSE DROP;\n${OUT}`,
    );
    expect(story(lineage, 0).slice(1)).to.deep.equal([
      '4 Upper(text = t) given text "one" → upper "ONE"',
      '5 ASSERT upper != "ONE" ELSE RETRY upper ELSE DROP read upper "ONE" retry upper: "ONE" → null (1)',
      '4 Upper(text = "2" + t) (alternative 1) given text "2one" → upper "2ONE"',
      '5 ASSERT upper != "ONE" ELSE RETRY upper ELSE DROP read upper "2ONE"',
    ]);
    // The first alternative failed on it, and gave no row.
    const failed = story(lineage, 1);
    expect(failed[0]).to.equal('s.csv:3 → k "b", x 2, t "bad"');
    expect(failed[1]).to.match(/retry upper: null → null \(1\)$/u);
    expect(failed[2]).to.match(/^4 Upper\(text = "2" \+ t\) \(alternative 1\) given text "2bad" → upper "2BAD"/u);
  });

  it('tells rows that were deleted through their group, with what the group was', async () => {
    const lineage = await recorded(
      `g = SELECT k, COUNT(*) AS n FROM s GROUP BY k WHEN n > 2 DELETE x LIMIT 1 ELSE KEEP;\no = SELECT k, x FROM s;\n${OUT}`,
    );
    expect(became(lineage, 2)).to.deep.equal(['WHEN n > 2 DELETE x LIMIT 1 ELSE KEEP: deleted: n > 2']);
    expect(became(lineage, 3)).to.include('o.csv:0');
  });

  it('tells where a row ended whose pair died with a deleted partner', async () => {
    const lineage = await recorded(
      `o = SELECT s.x AS x, u.y AS y FROM s JOIN u ON s.k == u.k WHEN y == 20 DELETE y LIMIT 1 ELSE KEEP;\n${OUT}`,
    );
    const [ended = '', ...others] = became(lineage, 3);
    expect(others).to.deep.equal([]);
    expect(ended).to.include('JOIN');
    expect(became(lineage, 2)).to.deep.equal(['o.csv:0']);
  });

  it('tells a copy that APPEND made by the row it was copied from', async () => {
    const lineage = await recorded(`o = s WHEN k == "b" APPEND x = x * 100 LIMIT 1 ELSE KEEP;\n${OUT}`);
    expect(story(lineage, 2).slice(0, 2)).to.deep.equal([
      's.csv:3 → k "b", x 2, t "bad"',
      '4 WHEN k == "b" APPEND x = x * 100 LIMIT 1 ELSE KEEP read k "b" append x: 2 → 200 (1)',
    ]);
    expect(became(lineage, 3)).to.deep.equal(['o.csv:1', 'o.csv:2']);
  });

  it('leaves out what did not make the column that was asked for', async () => {
    const lineage = await recorded(
      `p = PROCESS s USING Upper(text = t) PRODUCE upper ON ERROR DROP;\no = SELECT k, x + 1 AS y, upper FROM p WHERE x > 0;\n${OUT}`,
    );
    const ref = rowAt(lineage, outputNamed(lineage, 'o.csv'), 0);
    const column = (name: string): number => lineage.columnNamed(ref.node, name);
    expect(storyTexts(lineage, ref, column('y')).map((line) => line.slice(0, 8))).to.deep.equal([
      's.csv:2 ',
      '5 SELECT',
    ]);
    expect(storyTexts(lineage, ref, column('upper')).map((line) => line.slice(0, 8))).to.deep.equal([
      's.csv:2 ',
      '4 Upper(',
    ]);
  });
});
