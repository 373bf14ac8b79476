import { expect } from 'chai';
import { filesOf, failureOf, runScript } from './support.ts';

const PEOPLE = 'id,name,size,born\n1,Asha,1.5,2024-01-02\n2,"Wei, Li",,2024-01-03\n3,,2.25,2024-01-04\n';

const EXTRACT = 'people = EXTRACT id: int, name: string, size: float?, born: datetime FROM "people.csv";\n';

describe('run', () => {
  it('reads, filters, computes and writes', async () => {
    const files = await filesOf(
      `${EXTRACT}
       tall = SELECT id, name.toUpperCase() AS name, (size ?? 0.0) * 2.0 AS double FROM people WHERE id != 2 || size == null;
       OUTPUT tall TO "out/tall.csv";`,
      { inputs: { 'people.csv': PEOPLE } },
    );
    expect(files).to.deep.equal({ 'out/tall.csv': 'id,name,double\n1,ASHA,3\n2,"WEI, LI",0\n3,,4.5\n' });
  });

  it('copies a file byte for byte where nothing is changed', async () => {
    const files = await filesOf(`lines = EXTRACT a: string, b: string? FROM "in.csv"; OUTPUT lines TO "out.csv";`, {
      inputs: { 'in.csv': 'a,b\nx,\n"say ""hi""",""\n"1\n2",é\n' },
    });
    expect(files['out.csv']).to.equal('a,b\nx,\n"say ""hi""",""\n"1\n2",é\n');
  });

  it('keeps the source order where branches of one source meet, left first on ties', async () => {
    const inputs = { 'n.txt': Array.from({ length: 20 }, (_, n) => n + 1).join('\n') };
    const text = `numbers = EXTRACT n: int FROM "n.txt" USING LineReader();
      even = SELECT n, "even" AS is FROM numbers WHERE n % 2 == 0;
      three = SELECT n, "three" AS is FROM numbers WHERE n % 3 == 0;
      OUTPUT even UNION three TO "out.csv" USING CsvWriter(header = false);`;
    const expected = Array.from({ length: 20 }, (_, n) => n + 1)
      .flatMap((n) => [...(n % 2 === 0 ? [`${n},even\n`] : []), ...(n % 3 === 0 ? [`${n},three\n`] : [])])
      .join('');
    for (const batchRows of [1, 3, 4096]) {
      expect(await filesOf(text, { inputs, batchRows })).to.deep.equal({ 'out.csv': expected });
    }
  });

  it('puts different sources one behind the other', async () => {
    const inputs = { 'a.txt': '1\n2\n3\n', 'b.txt': '4\n5\n' };
    const text = `a = EXTRACT n: int FROM "a.txt" USING LineReader();
      b = EXTRACT n: int FROM "b.txt" USING LineReader();
      OUTPUT (b UNION a) UNION (b WHERE n > 4) TO "out.txt" USING LineWriter();`;
    expect(await filesOf(text, { inputs, batchRows: 2 })).to.deep.equal({ 'out.txt': '4\n5\n1\n2\n3\n5\n' });
  });

  it('numbers rows anew where sources follow one another, so that a union with itself pairs them', async () => {
    const inputs = { 'a.txt': 'x,y\n', 'b.txt': 'z\n' };
    const text = `a = EXTRACT l: string FROM "a.txt" USING LineReader();
      b = EXTRACT l: string FROM "b.txt" USING LineReader();
      words = SELECT w AS l FROM a CROSS APPLY EXPLODE(l.split(",")) AS w;
      all = words UNION b;
      OUTPUT (all UNION all) WHERE l.length > 0 TO "out.txt" USING LineWriter();`;
    expect(await filesOf(text, { inputs })).to.deep.equal({ 'out.txt': 'x\nx\ny\ny\nz\nz\n' });
  });

  it('joins a rowset with itself, which is collected and read at once', async () => {
    const inputs = { 'n.csv': `a,b\n${Array.from({ length: 50 }, (_, n) => `${n},${n % 5}\n`).join('')}` };
    const text = `n = EXTRACT a: int, b: int FROM "n.csv";
      pairs = SELECT l.a AS l, r.a AS r FROM n AS l JOIN n AS r ON l.a == r.b WHERE r.a < 10;
      OUTPUT pairs TO "out.csv" USING CsvWriter(header = false);`;
    const expected = [0, 1, 2, 3, 4].flatMap((l) => [`${l},${l}\n`, `${l},${l + 5}\n`]).join('');
    for (const batchRows of [1, 4096])
      expect(await filesOf(text, { inputs, batchRows })).to.deep.equal({ 'out.csv': expected });
  });

  it('groups and sorts', async () => {
    const text = `${EXTRACT}
      sizes = SELECT name == "" AS nameless, COUNT(*) AS n, SUM(size) AS size FROM people GROUP BY name == "" ORDER BY n DESC;
      OUTPUT sizes TO "out.csv";`;
    expect(await filesOf(text, { inputs: { 'people.csv': PEOPLE } })).to.deep.equal({
      'out.csv': 'nameless,n,size\nfalse,2,1.5\ntrue,1,2.25\n',
    });
  });

  it('writes rows of VALUES, and an output without rows as its header', async () => {
    const text = `v = VALUES (1, "a"), (2, null) AS (n, t: string?);
      OUTPUT v TO "v.jsonl"; OUTPUT v WHERE n > 2 TO "none.csv";`;
    expect(await filesOf(text)).to.deep.equal({
      'v.jsonl': '{"n":1,"t":"a"}\n{"n":2,"t":null}\n',
      'none.csv': 'n,t\n',
    });
  });
});

describe('a run that fails', () => {
  it('names file, line, column, value and the place in the script', async () => {
    const inputs = { 'people.csv': PEOPLE.replace('3,,', 'x3,,') };
    expect(await failureOf(`${EXTRACT}OUTPUT people TO "out.csv";`, { inputs })).to.match(
      /^people\.csv:4: PR1102 column id: "x3" is no int « EXTRACT id/u,
    );
  });

  it('says where an expression failed', async () => {
    const text = `${EXTRACT}OUTPUT (SELECT 6 / (id - 2) AS x FROM people) TO "out.csv";`;
    expect(await failureOf(text, { inputs: { 'people.csv': PEOPLE } })).to.match(
      /^people\.csv:3: PR2001 6 \/ 0: division by zero has no value « 6 \/ \(id - 2\) »$/u,
    );
  });

  it('does not convert a column that nothing uses', async () => {
    const inputs = { 'people.csv': PEOPLE.replace('3,,', 'x3,,') };
    expect(await filesOf(`${EXTRACT}OUTPUT (SELECT name FROM people) TO "out.csv";`, { inputs })).to.deep.equal({
      'out.csv': 'name\nAsha\n"Wei, Li"\n\n',
    });
  });

  it('leaves no trace where the script aborts', async () => {
    const text = `${EXTRACT}
      checked = people ASSERT size != null MESSAGE "no size for " + name ELSE ABORT;
      OUTPUT checked TO "out.csv";`;
    expect(await failureOf(text, { inputs: { 'people.csv': PEOPLE } })).to.match(
      /^people\.csv:3: PR7001 ASSERT .* ABORT: no size for Wei, Li « ABORT »$/u,
    );
  });
});

describe('clauses that set rows apart', () => {
  it('drop, route and count them, in the rows’ order', async () => {
    const text = `${EXTRACT}
      named = people ASSERT name != "" MESSAGE "no name" ELSE ROUTE TO odd
                     WHEN size == null ROUTE TO odd
                     WHEN id > 100 DROP;
      OUTPUT named TO "named.csv" USING CsvWriter(order = [id]);
      OUTPUT odd TO "odd.csv" USING CsvWriter(order = [id, reason]);`;
    for (const batchRows of [1, 2, 4096]) {
      const { result, files } = await runScript(text, { inputs: { 'people.csv': PEOPLE }, batchRows });
      expect(result.error).to.equal(null);
      expect(files).to.deep.equal({
        'named.csv': 'id\n1\n',
        'odd.csv': 'id,reason\n2,size == null\n3,no name\n',
      });
      const ended = result.nodes.flatMap((node) =>
        node.ended.map(({ how, clause, rows }) => `${how} ${rows}: ${clause}`),
      );
      expect(ended).to.deep.equal([
        'routed 1: ASSERT name != "" ROUTE TO odd',
        'routed 1: WHEN size == null ROUTE TO odd',
      ]);
    }
  });

  it('take the lines that cannot be read, with their place and text', async () => {
    const inputs = { 'n.csv': 'n\n1\nx\n3\n"4\n' };
    const text = `n = EXTRACT n: int FROM "n.csv" ON ERROR ROUTE TO bad;
      OUTPUT n TO "n.txt" USING LineWriter(); OUTPUT bad TO "bad.jsonl";`;
    for (const batchRows of [1, 4096]) {
      const files = await filesOf(text, { inputs, batchRows });
      expect(files['n.txt']).to.equal('1\n3\n');
      expect(files['bad.jsonl']).to.equal(
        '{"file":"n.csv","line":3,"text":"x","reason":"PR1102: column n: \\"x\\" is no int"}\n' +
          '{"file":"n.csv","line":5,"text":"\\"4","reason":"PR1104: a field begins with \\", and no \\" closes it up to the end of the file"}\n',
      );
    }
  });

  it('take the rows on which a SELECT fails', async () => {
    const inputs = { 'n.csv': 'a,b\n6,3\n1,0\n8,0\n8,2\n' };
    const text = `n = EXTRACT a: int, b: int FROM "n.csv";
      q = SELECT a, a / b AS q FROM n WHERE 6 / a > 0.5 ON ERROR ROUTE TO odd;
      OUTPUT q TO "q.csv"; OUTPUT odd TO "odd.csv";`;
    for (const batchRows of [1, 4096]) {
      const files = await filesOf(text, { inputs, batchRows });
      expect(files['q.csv']).to.equal('a,q\n6,2\n8,4\n');
      expect(files['odd.csv']).to.match(/^a,b,reason\n1,0,PR2001: 1 \/ 0: .*\n8,0,PR2001: 8 \/ 0: .*\n$/u);
    }
  });

  it('run though nothing reads their rows, and nothing else does', async () => {
    const inputs = { 'n.csv': 'a\n1\n2\n' };
    const text = `n = EXTRACT a: int FROM "n.csv";
      unused = SELECT 1 / (a - 1) AS q FROM n;
      checked = n ASSERT a < 2 ELSE ABORT;
      OUTPUT n TO "n.csv.copy" USING CsvWriter();`;
    for (const noOpt of [true, false]) {
      expect(await failureOf(text, { inputs, plan: { noOpt } })).to.match(/^n\.csv:3: PR7001 ASSERT a < 2 ABORT/u);
    }
  });

  it('meet the rows they were taken from at their place', async () => {
    const inputs = { 'n.txt': '1\n2\n3\n4\n' };
    const text = `n = EXTRACT n: int FROM "n.txt" USING LineReader();
      odd = n ASSERT n % 2 == 1 ELSE ROUTE TO even;
      all = (SELECT n, "odd" AS reason FROM odd) UNION even;
      OUTPUT all TO "out.csv" USING CsvWriter(header = false);`;
    for (const batchRows of [1, 3, 4096]) {
      expect(await filesOf(text, { inputs, batchRows })).to.deep.equal({
        'out.csv': '1,odd\n2,n % 2 == 1\n3,odd\n4,n % 2 == 1\n',
      });
    }
  });
});
