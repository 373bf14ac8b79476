import { expect } from 'chai';
import { explainDot } from '../../src/planner/explain/dot.ts';
import { explainJson } from '../../src/planner/explain/json.ts';
import { explainMermaid } from '../../src/planner/explain/mermaid.ts';
import { explainSvg } from '../../src/planner/explain/svg.ts';
import { explainText } from '../../src/planner/explain/text.ts';
import { planOf } from './support.ts';
import { WHOLE_SCRIPT } from './whole-script.ts';

const SCRIPT = `DECLARE @least = 3;
reviews = EXTRACT text: string, stars: int, note: string FROM "reviews.csv";
scored  = PROCESS reviews USING TextClassifier(text = text, model = "m") PRODUCE label HINT(batch = 8);
good    = scored WHERE stars > @least WHERE label != "BAD \\"x\\"";
fixed   = good WHEN label == "<none>" EDIT label = "none" LIMIT 1 ELSE DROP;
OUTPUT fixed TO "good.csv" USING CsvWriter(order = [text]);
`;

const measured = {
  nodes: new Map([[0, { rowsIn: 12_000, rowsOut: 11_999, milliseconds: 12.4 }]]),
  handlers: [
    { node: 4, fired: 1200, edited: 1200, appended: 0, deleted: 0, retried: 0, stale: 2, exhausted: 3, lost: 3 },
  ],
  regions: [{ region: 0, runs: 4, passes: 1 }],
};

describe('explain as text', () => {
  it('lists stages, what their nodes do, repairs, regions, rules and what a run counted', () => {
    expect(explainText(planOf(SCRIPT), measured).split('\n')).to.deep.equal([
      '6 nodes in 3 stages, 1 region',
      '',
      '@least = 3',
      '',
      'commits after scored',
      '',
      'stage 1, reads',
      '  reviews: EXTRACT text: string, stars: int FROM "reviews.csv" USING CsvReader',
      '      gives text: string, stars: int',
      '      does not read note',
      '      measured 12,000 → 11,999 rows, 12 ms',
      '',
      'stage 2, model (from 1)',
      '  scored: PROCESS USING TextClassifier(text = text, model = "m") PRODUCE label, equal inputs once',
      '      from reviews',
      '      gives text: string, stars: int, label: string',
      '      hints batch = 8',
      '  good/filter: WHERE stars > @least',
      '      from scored',
      '      gives text: string, stars: int, label: string',
      '  good: WHERE label != "BAD \\"x\\""',
      '      from good/filter',
      '      gives text: string, stars: int, label: string',
      '  fixed: WHEN label == "<none>" EDIT label = "none" LIMIT 1 ELSE DROP',
      '      from good',
      '      gives text: string, stars: int, label: string',
      '      ┄┄▶ EDIT label goes back to scored',
      '      fired 1,200 times: 1,200 edited; 2 stale, 3 exhausted, 3 lost',
      '',
      'stage 3, writes (from 2)',
      '  good.csv: OUTPUT TO "good.csv" USING CsvWriter(order = [text])',
      '      from fixed',
      '',
      'region 1, 4 nodes, settles batch by batch',
      '  scored → good/filter → good → fixed',
      '  ┄┄▶ fixed (line 5): EDIT label at scored',
      '  keeps lineage of scored: repaired by fixed',
      '  hands on, when settled: fixed',
      '  measured at most 1 pass of repairs in each of 4 batches',
      '',
      'rules',
      '  memoise: TextClassifier in scored is asked once for equal inputs',
      '',
    ]);
  });

  it('says of each step of a region for what it has to wait', () => {
    const head = 'a = EXTRACT x: int, y: int FROM "a.csv"; b = a WHEN x == 1 EDIT x = 2 LIMIT 1 ELSE KEEP;';
    const settles = (rowset: string): string | undefined => {
      const script = `${head} c = ${rowset}; d = c WHEN x == 3 EDIT x = 4 LIMIT 1 ELSE KEEP; OUTPUT d TO "d.csv";`;
      return /settles over all its rows, level by level: (.*)/.exec(explainText(planOf(script)))?.[1];
    };
    expect(
      [
        'SELECT y, MAX(x) AS x FROM b GROUP BY y',
        'SELECT x, ROW_NUMBER() OVER (ORDER BY y) AS n FROM b',
        'SELECT DISTINCT x FROM b',
        '(SELECT x FROM b) EXCEPT (SELECT x FROM a)',
        'SELECT TOP 3 x FROM b ORDER BY y',
        'SELECT l.x AS x FROM b AS l JOIN a AS r ON l.y == r.y',
        'SELECT l.x AS x FROM b AS l LEFT JOIN a AS r ON l.y == r.y',
      ].map((rowset) => settles(rowset)),
    ).to.deep.equal([
      'c needs whole groups',
      'c.window needs whole partitions',
      'c.distinct needs all equal rows',
      'c needs the equal rows of both sides',
      'c.sort needs all rows to put them in order; c.top needs the first of all rows',
      'c.join needs the rows of both sides',
      'c.join needs all rows that could meet one that it keeps',
    ]);
  });

  it('tells what each rule changed', () => {
    const script = SCRIPT.replace(/fixed {3}=.*\n/, 'fixed = good;\n');
    const [, rules = ''] = explainText(planOf(script)).split('\nrules\n');
    expect(rules.split('\n')).to.deep.equal([
      '  predicate-pushdown: moved WHERE stars > @least before TextClassifier',
      '  memoise: TextClassifier in scored is asked once for equal inputs',
      '',
    ]);
  });
});

describe('explain as JSON', () => {
  it('has the nodes with their places, and all the plan decides', () => {
    const shown: unknown = JSON.parse(explainJson(planOf(SCRIPT), measured));
    expect(shown).to.have.keys([
      'parameters',
      'nodes',
      'backEdges',
      'stages',
      'inParts',
      'regions',
      'commits',
      'rules',
    ]);
    expect(shown).to.have.deep.nested.property('nodes[0]', {
      id: 0,
      label: 'reviews',
      kind: 'extract',
      text: 'EXTRACT text: string, stars: int FROM "reviews.csv" USING CsvReader',
      inputs: [],
      columns: [
        { qualifier: null, name: 'text', type: 'string' },
        { qualifier: null, name: 'stars', type: 'int' },
      ],
      notRead: ['note'],
      hints: [],
      at: { source: 'job.scope', line: 2, column: 11 },
      measured: { rowsIn: 12_000, rowsOut: 11_999, milliseconds: 12.4 },
    });
    expect(shown).to.have.deep.nested.property('backEdges[0]', { from: 4, to: 1, column: 'label', repair: 'edit' });
    expect(shown).to.have.deep.nested.property('stages[1]', { id: 1, kind: 'model', nodes: [1, 2, 3, 4], inputs: [0] });
  });
});

describe('explain as a drawing', () => {
  it('is a Mermaid flowchart with stages as subgraphs and dotted repairs', () => {
    expect(explainMermaid(planOf(SCRIPT), measured).split('\n')).to.deep.equal([
      'flowchart TD',
      '  subgraph s0 ["1 · reads"]',
      '    n0["<b>reviews</b><br/>EXTRACT text: string, stars: int FROM #34;reviews.csv#34; USING CsvReader<br/><i>12,000 → 11,999 rows, 12 ms</i>"]',
      '  end',
      '  subgraph s1 ["2 · model"]',
      '    n1["<b>scored</b><br/>PROCESS USING TextClassifier(text = text, model = #34;m#34;) PRODUCE label, equal inputs once"]',
      '    n2["<b>good/filter</b><br/>WHERE stars #62; @least"]',
      '    n3["<b>good</b><br/>WHERE label != #34;BAD #92;#34;x#92;#34;#34;"]',
      '    n4["<b>fixed</b><br/>WHEN label == #34;#60;none#62;#34; EDIT label = #34;none#34; LIMIT 1 ELSE DROP"]',
      '  end',
      '  subgraph s2 ["3 · writes"]',
      '    n5["<b>good.csv</b><br/>OUTPUT TO #34;good.csv#34; USING CsvWriter(order = [text])"]',
      '  end',
      '  n0 -->|"11,999 rows"| n1',
      '  n1 -->|"text, stars, label"| n2',
      '  n2 -->|"text, stars, label"| n3',
      '  n3 -->|"text, stars, label"| n4',
      '  n4 -->|"text, stars, label"| n5',
      '  n4 -.->|"EDIT label"| n1',
      '',
    ]);
  });

  it('is a DOT graph with stages as clusters and dashed repairs', () => {
    const lines = explainDot(planOf(SCRIPT)).split('\n');
    expect(lines.slice(0, 7)).to.deep.equal([
      'digraph plan {',
      '  node [shape=box, style=rounded, fontname="sans-serif"];',
      '  edge [fontname="sans-serif", fontsize=10];',
      '  subgraph cluster_0 {',
      '    label="1 · reads"; style=rounded;',
      '    n0 [label="reviews\\nEXTRACT text: string, stars: int FROM \\"reviews.csv\\" USING CsvReader"];',
      '  }',
    ]);
    expect(lines).to.include('    n3 [label="good\\nWHERE label != \\"BAD \\\\\\"x\\\\\\"\\""];');
    expect(lines).to.include('  n4 -> n1 [label="EDIT label", style=dashed, constraint=false];');
  });

  it('is a well-formed SVG that has every node, and each repair as a dashed line', async () => {
    const plan = planOf(WHOLE_SCRIPT);
    const svg = await explainSvg(plan);
    expect(unbalanced(svg)).to.deep.equal([]);
    for (const { label } of plan.graph.nodes) expect(svg).to.include(`>${label}</text>`);
    expect(svg.match(/<path class="back" /g)).to.have.length(2);
    expect(svg.match(/>(APPEND line|RETRY sentiment)<\/text>/g)).to.have.length(2);
    expect(svg).not.to.match(/NaN|undefined/);
  });

  it('shows the texts of a script as text, whatever they hold', async () => {
    const hostile = '</text><script>alert(1)</script>&amp;\\u0007]]>';
    const script = `a = EXTRACT x: string FROM "a.csv"; b = a WHERE x == "${hostile}"; OUTPUT b TO "b.csv";`;
    const plan = planOf(script);
    for (const text of [await explainSvg(plan), explainMermaid(plan)]) expect(text).not.to.include('<script');
    expect(unbalanced(await explainSvg(plan))).to.deep.equal([]);
  });
});

/** Tags of an XML text that are not closed in order, and ampersands that begin no entity. */
function unbalanced(xml: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = xml.match(/&(?!(amp|lt|gt|quot);)/g) ?? [];
  for (const [tag, slash, name = '', rest = ''] of xml.matchAll(/<(\/?)([a-zA-Z]+)([^<>]*)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) wrong.push(tag);
    } else if (!rest.endsWith('/')) open.push(name);
  }
  return [...wrong, ...open];
}
