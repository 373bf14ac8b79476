import { Chalk } from 'chalk';
import { expect } from 'chai';
import { errorText } from '../../src/cli/report/error.ts';
import { jobText } from '../../src/cli/report/job.ts';
import { reportText } from '../../src/cli/report/text.ts';
import { displayWidth } from '../../src/diagnostics/render/width.ts';
import { RunError } from '../../src/runtime/errors.ts';
import type { RunEvent } from '../../src/runtime/events.ts';
import { collect } from '../../src/runtime/report/collect.ts';
import type { Report } from '../../src/runtime/report/report.ts';
import { samplePlan } from './sample-plan.ts';

const look = { chalk: new Chalk({ level: 0 }), width: 80 };
const SHA = 'ab'.repeat(32);

async function reportAfter(
  events: (id: (label: string) => number) => readonly RunEvent[],
  thrown?: unknown,
): Promise<Report> {
  const { plan, id } = await samplePlan();
  const collector = collect(plan, 'job.scope', 'j', 0);
  for (const event of events(id)) collector.listen(event);
  if (thrown !== undefined) collector.fail(thrown);
  return collector.report(5000);
}

const goodRun = (id: (label: string) => number): readonly RunEvent[] => [
  { kind: 'run-started', job: 'j', at: 1000 },
  { kind: 'node-rows', node: id('lines'), in: 5, out: 5, milliseconds: 1 },
  { kind: 'node-rows', node: id('lines'), in: 10, out: 10, milliseconds: 2 },
  { kind: 'node-rows', node: id('kept'), in: 10, out: 8, milliseconds: 3 },
  { kind: 'rows-ended', node: id('kept'), how: 'dropped', clause: 'WHERE', rows: 1 },
  { kind: 'rows-ended', node: id('kept'), how: 'dropped', clause: 'WHERE', rows: 2 },
  { kind: 'operator-calls', node: id('kept'), operator: 'Guess', calls: 2, rows: 10, milliseconds: 500 },
  { kind: 'node-rows', node: id('out/kept.csv'), in: 8, out: 8, milliseconds: 4 },
  { kind: 'output-committed', node: id('out/kept.csv'), path: 'out/kept.csv', rows: 8, bytes: 1540, sha256: SHA },
  {
    kind: 'expectation',
    node: id('out/kept.csv'),
    expectation: {
      truth: 'truth.csv',
      output: 'out/kept.csv',
      truePositives: 7,
      falsePositives: 1,
      falseNegatives: 2,
      precision: 0.875,
      recall: 0.7777,
      f1: 0.8235,
      gate: 'f1 >= 0.8',
      passed: true,
    },
  },
  { kind: 'warning', code: 'PR2601', message: 'careful', node: id('kept') },
  { kind: 'run-ended', outcome: 'done', at: 3500 },
];

describe('the report of a run', () => {
  it('holds the last totals of each step', async () => {
    const report = await reportAfter(goodRun);
    expect(report).to.include({
      version: 1,
      outcome: 'done',
      milliseconds: 2500,
      startedAt: '1970-01-01T00:00:01.000Z',
    });
    expect(
      report.nodes.map(({ label, rowsIn, rowsOut, balanced }) => [label, rowsIn, rowsOut, balanced]),
    ).to.deep.equal([
      ['lines', 10, 10, null],
      ['kept', 10, 8, true],
      ['out/kept.csv', 8, 8, true],
    ]);
    expect(report.operators[0]).to.include({ calls: 2, rows: 10, rowsPerSecond: 20 });
    expect(report.peakMemoryBytes).to.be.greaterThan(1e6);
  });

  it('finds rows that went missing', async () => {
    const report = await reportAfter((id) => [
      { kind: 'node-rows', node: id('kept'), in: 10, out: 8, milliseconds: 3 },
      { kind: 'run-ended', outcome: 'done', at: 10 },
    ]);
    expect(report.nodes[1]?.balanced).to.equal(false);
    expect(reportText(report, look)).to.include('rows were lost');
  });

  it('does not ask for balance of a run that was stopped', async () => {
    const report = await reportAfter((id) => [
      { kind: 'node-rows', node: id('kept'), in: 10, out: 8, milliseconds: 3 },
      { kind: 'run-ended', outcome: 'interrupted', at: 10 },
    ]);
    expect(report.nodes[1]?.balanced).to.equal(null);
  });

  it('is plain data, also where it failed', async () => {
    const span = { source: 0, start: 5, end: 10 };
    const error = new RunError('PR1005', 'bad date', {
      span,
      place: { file: 'reviews.txt', line: 7 },
      help: 'mend it',
    });
    const report = await reportAfter(() => [], error);
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
    expect(report.outcome).to.equal('failed');
    expect(report.error).to.deep.include({ code: 'PR1005', data: { file: 'reviews.txt', line: 7 }, help: 'mend it' });
    expect(report.error?.place).to.include({ file: 'job.scope' });
  });

  it('keeps passwords to itself', async () => {
    const report = await reportAfter(() => [], new Error('cannot open redis://me:s3cret@host'));
    expect(report.error?.message).to.equal('cannot open redis://me:***@host');
  });
});

describe('the closing report', () => {
  it('shows steps, calls, outputs, expectations and warnings', async () => {
    const text = reportText(await reportAfter(goodRun), look);
    expect(text).to.match(/^job\.scope: done in 2\.50 s, peak memory \d+ MB\n/);
    expect(text).to.match(/kept +filter +10 +8 +3 ms\n {4}2 dropped by WHERE\n/);
    expect(text).to.match(/kept: Guess +2 calls +10 rows +500 ms +20\/s/);
    expect(text).to.match(/out\/kept\.csv +8 rows +1\.5 KB/);
    expect(text).to.include('precision 0.875  recall 0.778  F1 0.824').and.include('HAVING f1 >= 0.8  passed');
    expect(text).to.include('PR2601 kept: careful');
  });

  it('stays within the width', async () => {
    for (const width of [60, 80, 120]) {
      const text = reportText(await reportAfter(goodRun), { ...look, width });
      for (const line of text.split('\n')) expect(displayWidth(line), line).to.be.at.most(width);
    }
  });
});

describe('the error of a run', () => {
  const sources = [{ name: 'job.scope', text: 'lines = EXTRACT d: datetime FROM "a.csv";' }];

  it('is drawn like a diagnostic, with the place in the data', () => {
    const span = { source: 0, start: 16, end: 27 };
    const error = new RunError('PR1005', 'column d has "x"', {
      span,
      place: { file: 'a.csv', line: 7 },
      help: 'mend it',
    });
    expect(errorText(error, sources, look)).to.equal(
      [
        'job.scope:1:17: error PR1005: column d has "x"',
        '      data: a.csv:7',
        '  1 | lines = EXTRACT d: datetime FROM "a.csv";',
        '    |                 ^^^^^^^^^^^',
        '    = help: mend it',
        '',
      ].join('\n'),
    );
  });

  it('escapes what data put into it', () => {
    expect(errorText(new RunError('PR1005', 'got "\u001b[31m"'), sources, look)).to.include(String.raw`got "\x1b[31m"`);
  });
});

describe('the record of a run', () => {
  it('is shown with its report, and without one that lacks what this version shows', async () => {
    const { handlers, ...older } = await reportAfter(goodRun);
    expect(handlers).to.deep.equal([]);
    const record = {
      id: 'j',
      script: 'job.scope',
      scriptPath: '/job.scope',
      planFingerprint: 'p',
      parameters: [],
      scripts: [],
      inputs: [],
      modules: [],
      models: [],
      options: { batchRows: 0 },
      startedAt: 0,
      owner: 'me',
      process: '',
      epoch: 1,
      leaseUntil: 0,
      outputs: [],
    };
    const ended = (report: object): string =>
      jobText({ ...record, end: { outcome: 'done', at: 1, report: JSON.parse(JSON.stringify(report)) } }, 0, 5, look);
    expect(ended({ ...older, handlers }))
      .to.include('started')
      .and.include('job.scope: done in 2.50 s');
    expect(ended(older)).to.include('started').and.not.include('done in');
    const died = jobText({ ...record, end: null }, 3, 5, look);
    expect(died)
      .to.match(/^state +died$/m)
      .and.match(/^kept +3 answers of operators: pyscope run job\.scope --resume j$/m);
  });
});
