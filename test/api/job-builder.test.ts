import { expect } from 'chai';
import {
  BuilderError,
  Combiner,
  CompileError,
  CsvReader,
  CsvWriter,
  Extractor,
  JobBuilder,
  LineReader,
  Outputter,
  Processor,
  Reducer,
  TextClassifier,
  Translator,
} from '../../src/api/index.ts';
import type { JobNode, Row } from '../../src/api/index.ts';

const lines = (): LineReader => new LineReader({ from: 'ml_in.txt', outCol: 'line' });

class SentimentProcessor extends Processor.declare({
  inputs: { text: 'string' },
  outputs: { sentiment: 'string', confidence: 'float' },
  options: { threshold: { type: 'float', default: 0.5 } },
}) {
  override call(row: Row<typeof SentimentProcessor>) {
    return row.with({ sentiment: row.get('text').includes('good') ? 'POSITIVE' : 'NEGATIVE', confidence: 1 });
  }
}

async function failure(build: () => unknown): Promise<Error> {
  try {
    await build();
  } catch (thrown) {
    if (thrown instanceof Error) return thrown;
  }
  throw new Error('nothing was thrown');
}

describe('JobBuilder', () => {
  it("writes the lab's first workflow", async () => {
    const job = new JobBuilder({ template: 'sentiment' })
      .extract({ using: lines() })
      .process({ using: new SentimentProcessor({ text: 'line' }) })
      .output({ using: new CsvWriter({ to: 'ml_out.txt', order: ['line', 'sentiment'] }) });
    expect(job.toScript()).to.equal(
      `SET name = "sentiment";
IMPORT { SentimentProcessor } FROM "builder:operators";
extract1 = EXTRACT line: string FROM "ml_in.txt" USING LineReader();
process2 = PROCESS extract1 USING SentimentProcessor(text = line);
OUTPUT process2 TO "ml_out.txt" USING CsvWriter(order = [line, sentiment]);
`,
    );
    expect((await job.build()).plan?.graph.nodes.map(({ kind }) => kind)).to.deep.equal([
      'extract',
      'process',
      'output',
    ]);
  });

  it("writes the lab's exercise 1: two branches of one node, by predicates", async () => {
    const jobc = new JobBuilder();
    const n = jobc
      .extract({ using: lines() })
      .process({ using: new SentimentProcessor({ text: 'line' }) })
      .getNode();
    const isPositive = (row: { get(column: 'sentiment'): string }): boolean => row.get('sentiment') === 'POSITIVE';
    jobc
      .where({ inp: n, predicate: isPositive, inColTypes: { sentiment: 'string' } })
      .output({ using: new CsvWriter({ to: 'pos.csv', order: ['line'], gt: 'gt/pos.csv' }) });
    jobc
      .where({ inp: n, predicate: "sentiment == 'NEGATIVE'" })
      .output({ using: new CsvWriter({ to: 'neg.csv', order: ['line'] }), gt: 'gt/neg.csv', having: 'f1 >= 0.9' });
    expect(jobc.toScript().split('\n').slice(3)).to.deep.equal([
      'where3 = process2 WHERE isPositive(sentiment);',
      'OUTPUT where3 TO "pos.csv" USING CsvWriter(order = [line]) EXPECT "gt/pos.csv";',
      "where5 = process2 WHERE sentiment == 'NEGATIVE';",
      'OUTPUT where5 TO "neg.csv" USING CsvWriter(order = [line]) EXPECT "gt/neg.csv" HAVING f1 >= 0.9;',
      '',
    ]);
    expect((await jobc.build()).script?.outputs).to.have.length(2);
  });

  it("writes the lab's exercise 2: translate what is not English, then go on together", async () => {
    const jobc = new JobBuilder();
    const classified = jobc
      .extract({ using: lines() })
      .process({ using: new TextClassifier({ text: 'line', model: 'language' }), produce: { label: 'language' } })
      .getNode();
    const english = jobc
      .where({ inp: classified, predicate: "language == 'en'" })
      .select({ items: ['line', 'language', 'line AS text'] })
      .getNode();
    const translated = jobc
      .where({ inp: classified, predicate: "language != 'en'" })
      .process({ using: new Translator({ text: 'line', model: 'hi-en' }), produce: { translation: 'text' } })
      .getNode();
    const scored = jobc
      .union({ inp: [english, translated] })
      .process({ using: new SentimentProcessor({ text: 'text' }) })
      .getNode();
    jobc
      .where({ inp: scored, predicate: "sentiment == 'POSITIVE'" })
      .output({ using: new CsvWriter({ to: 'pos.csv' }) });
    jobc
      .where({ inp: scored, predicate: "sentiment == 'NEGATIVE'" })
      .output({ using: new CsvWriter({ to: 'neg.csv' }) });
    const { plan } = await jobc.build();
    expect(plan?.graph.nodes.map(({ kind }) => kind)).to.include.members(['process', 'union', 'output']);
  });

  it('has every step of the lab', async () => {
    class Pages extends Extractor {
      override *call() {}
    }
    class Longest extends Reducer.declare({ inputs: { text: 'string' }, outputs: { longest: 'string' } }) {
      override call() {
        return undefined;
      }
    }
    class Both extends Combiner.declare({
      inputs: { a: 'string', b: 'string' },
      outputs: { both: 'string' },
      options: { glue: 'string' },
    }) {
      override call() {
        return undefined;
      }
    }
    class Html extends Outputter {
      override call() {
        return '';
      }
    }
    const job = new JobBuilder({ hint: { batch: 64 }, enableGc: false });
    job.extract({
      using: new Pages(),
      from: ['a.html', 'b.html'],
      columns: { id: 'int', text: 'string' },
      name: 'pages',
    });
    job.assert({ predicate: 'id > 0', message: '"no id"', otherwise: 'ROUTE TO bad' });
    const left = job.reduce({ on: ['id'], presort: ['text DESC'], using: new Longest({ text: 'text' }) }).getNode();
    const right = job.extract({
      using: new CsvReader({ from: 'r.csv', columns: { id: 'int', COUNT: 'string?' }, skip: 1 }),
    });
    job.combine({
      inp: [left, right.getNode()],
      on: 'left.id == right.id',
      using: new Both({ a: 'longest', b: '`COUNT` ?? ""', glue: '-' }),
      produce: ['both'],
      hint: { partitions: 2 },
    });
    job.output({ using: new Html(), to: 'out.html', orderBy: ['both'] });
    job.output({ inp: job.getNode('bad'), using: new CsvWriter({ to: 'bad.csv' }) });
    expect(job.toScript()).to.equal(
      `SET batch = 64;
SET lineage = true;
IMPORT { Pages, Longest, Both, Html } FROM "builder:operators";
pages = EXTRACT id: int, text: string FROM "a.html", "b.html" USING Pages();
assert2 = pages ASSERT id > 0 MESSAGE "no id" ELSE ROUTE TO bad;
reduce3 = REDUCE assert2 ON id PRESORT text DESC USING Longest(text = text);
extract4 = EXTRACT id: int, \`COUNT\`: string? FROM "r.csv" USING CsvReader(skip = 1);
combine5 = COMBINE reduce3 AS left WITH extract4 AS right ON left.id == right.id USING Both(a = longest, b = \`COUNT\` ?? "", glue = "-") PRODUCE both HINT(partitions = 2);
OUTPUT combine5 TO "out.html" USING Html() ORDER BY both;
OUTPUT bad TO "bad.csv" USING CsvWriter();
`,
    );
  });

  it('keeps groups of a COMBINE that have no partner', () => {
    class Both extends Combiner.declare({ inputs: { a: 'string' }, outputs: { both: 'string' } }) {
      override call() {
        return undefined;
      }
    }
    const job = new JobBuilder();
    const left = job.extract({ using: lines() }).getNode();
    const right = job.extract({ using: lines() }).getNode();
    job.combine({ inp: [left, right], outer: 'full', on: 'left.line == right.line', using: new Both({ a: '`line`' }) });
    expect(job.toScript()).to.include(
      'COMBINE extract1 AS left FULL WITH extract2 AS right ON left.line == right.line',
    );
  });

  it('tries conjectures in order', () => {
    const job = new JobBuilder().extract({ using: lines() }).process({
      using: [new SentimentProcessor({ text: 'line' }), new SentimentProcessor({ text: 'line', threshold: 0.1 })],
    });
    expect(job.toScript()).to.include(
      'USING SentimentProcessor(text = line) ELSE SentimentProcessor(text = line, threshold = 0.1);',
    );
  });

  it('keeps classes and predicates of one name apart', async () => {
    const positive = { predicate: () => true, inColTypes: { line: 'string' } } as const;
    const negative = { predicate: () => false, inColTypes: { line: 'string' } } as const;
    const job = new JobBuilder().extract({ using: lines() }).where(positive).where(negative);
    job.output({ using: new CsvWriter({ to: 'o.csv' }) });
    expect(job.toScript()).to.include('IMPORT { predicate, predicate2 } FROM');
    expect((await job.build()).plan).to.not.equal(null);
  });
});

describe('a wrong call of JobBuilder', () => {
  for (const [what, call, message] of [
    [
      'without a rowset before it',
      () => new JobBuilder().where('x == 1'),
      'where(): there is no rowset before it; begin with extract()',
    ],
    [
      'with an operator of another role',
      () => new JobBuilder().extract({ using: new CsvWriter({ to: 'x' }), from: 'x', columns: {} }),
      'extract(): using is the outputter CsvWriter; it has to be an extractor',
    ],
    [
      'with a class',
      () => new JobBuilder().extract({ using: lines() }).process({ using: SentimentProcessor }),
      'process(): using is a class; make an instance of it: new …({ … })',
    ],
    [
      'with something else',
      () => new JobBuilder().extract({ using: lines() }).process({ using: new Date(0) }),
      'process(): using is no operator: neither a built-in nor a class that extends one',
    ],
    [
      "with another builder's node",
      () => new JobBuilder().where({ inp: new JobBuilder().extract({ using: lines() }).getNode(), predicate: 'true' }),
      'where(): inp is no node of this builder; getNode() gives one',
    ],
    [
      'with a name that no script can write',
      () => new JobBuilder().extract({ using: new LineReader({ from: 'x', outCol: 'a`b' }) }),
      'extract(): "a`b" cannot be a name; a name has no backtick or line break, and is not empty',
    ],
  ] as const) {
    it(`${what} is refused at once`, async () => {
      const error = await failure(call);
      expect(error).to.be.instanceOf(BuilderError);
      expect(error.message).to.equal(message);
    });
  }

  it('is named by build(), with all mistakes at once', async () => {
    const job = new JobBuilder()
      .extract({ using: lines() })
      .where("lin == 'a'")
      .output({ using: new CsvWriter({ to: 'x.csv', order: ['lne'] }) });
    const error = await failure(() => job.build());
    expect(error).to.be.instanceOf(CompileError);
    expect(error.message).to.include('where(), call 2 of the builder: PS2003');
    expect(error.message).to.include("in: where2 = extract1 WHERE lin == 'a';");
    expect(error.message).to.include('output(), call 3 of the builder: PS2003');
  });

  it('cannot smuggle statements into an expression', async () => {
    const job = new JobBuilder()
      .extract({ using: lines() })
      .where('true; OUTPUT extract1 TO "elsewhere.csv"')
      .output({ using: new CsvWriter({ to: 'x.csv' }) });
    expect(await failure(() => job.build())).to.be.instanceOf(CompileError);
  });

  it('is not hidden by an earlier wrong one', () => {
    const job = new JobBuilder().extract({ using: lines() });
    const node: JobNode = { kind: 'job-node', name: 'made up' };
    expect(() => job.where({ inp: node, predicate: 'false' })).to.throw(BuilderError);
    expect(job.where('true').toScript()).to.include('where2 = extract1 WHERE true;');
  });
});
