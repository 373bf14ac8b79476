import { Chalk } from 'chalk';
import { expect } from 'chai';
import { reportText } from '../../../src/cli/report/text.ts';
import { displayWidth } from '../../../src/diagnostics/render/width.ts';
import type { NodeId } from '../../../src/planner/graph.ts';
import type { Plan } from '../../../src/planner/plan.ts';
import type { RunEvent } from '../../../src/runtime/events.ts';
import { collect } from '../../../src/runtime/report/collect.ts';
import { repairLines } from '../../../src/runtime/report/repair-log.ts';
import type { Report } from '../../../src/runtime/report/report.ts';
import { planOf } from '../../planner/support.ts';

const SCRIPT = `rows = EXTRACT word: string, at: datetime, data: bytes?, n: float FROM "w.csv" USING CsvReader();
fixed = rows WHEN word == "rice" // "a comment"
    EDIT word = "nice" LIMIT 1 ELSE DROP
  WHEN word == "\\u0007" DELETE word LIMIT 2 ELSE DROP;
OUTPUT fixed TO "o.csv";`;

type Repair = Extract<RunEvent, { readonly kind: 'repair' }>;

function nodes(plan: Plan): { readonly rows: NodeId; readonly edits: NodeId; readonly deletes: NodeId } {
  const handlers = plan.graph.nodes.filter(({ kind }) => kind === 'handle').map(({ id }) => id);
  const [edits = -1, deletes = -1] = handlers;
  return { rows: plan.graph.nodes.find(({ kind }) => kind === 'extract')?.id ?? -1, edits, deletes };
}

function edit(plan: Plan, firing: number, changes: Repair['changes'] = []): Repair {
  const { rows, edits } = nodes(plan);
  const place = { file: 'w.csv', line: 7 };
  return { kind: 'repair', node: edits, repair: 'edit', origin: rows, changes, reason: 'r', attempt: 1, firing, place };
}

function reportAfter(plan: Plan, events: readonly RunEvent[]): Report {
  const collector = collect(plan, 'job.scope', 'j', 0);
  for (const event of events) collector.listen(event);
  return collector.report(1);
}

describe('the handlers of a report', () => {
  it('are those that can repair, in script order, with what they did', () => {
    const plan = planOf(SCRIPT);
    const { edits, deletes, rows } = nodes(plan);
    const report = reportAfter(plan, [
      edit(plan, 0),
      edit(plan, 0),
      edit(plan, 1),
      { ...edit(plan, 2), node: deletes, repair: 'delete', origin: rows },
      { kind: 'repairs-stale', node: deletes, rows: 4 },
      { kind: 'repairs-exhausted', node: edits },
      { kind: 'rows-ended', node: edits, how: 'dropped', clause: 'DROP', rows: 5 },
      { kind: 'rows-ended', node: edits, how: 'replaced', clause: 'repairs', rows: 9 },
      { kind: 'region-settled', region: 0, passes: 3 },
      { kind: 'region-settled', region: 0, passes: 2 },
    ]);
    const none = { fired: 0, edited: 0, appended: 0, deleted: 0, retried: 0, stale: 0, exhausted: 0, lost: 0 };
    expect(report.handlers).to.have.length(2);
    expect(report.handlers[0]).to.include({ ...none, fired: 2, edited: 3, exhausted: 1, lost: 5 });
    expect(report.handlers[1]).to.include({ ...none, fired: 1, deleted: 1, stale: 4 });
    expect(report.handlers[0]?.clause).to.equal('WHEN word == "rice" EDIT word = "nice" LIMIT 1 ELSE DROP');
    expect(report.handlers[1]?.place.start.line).to.equal(4);
    expect(report.regions).to.deep.equal([{ region: 0, nodes: [rows, edits, deletes], runs: 2, passes: 3 }]);
  });

  it('count apart the firings of two batches and of two clauses', () => {
    const plan = planOf(SCRIPT);
    const { deletes } = nodes(plan);
    const report = reportAfter(plan, [edit(plan, 0), { ...edit(plan, 1), node: deletes }, edit(plan, 2)]);
    expect(report.handlers.map(({ fired }) => fired)).to.deep.equal([2, 1]);
  });

  it('stand in the closing report, which stays within the width', () => {
    const plan = planOf(SCRIPT);
    const report = reportAfter(plan, [
      ...Array.from({ length: 12_345 }, (_, at) => edit(plan, at)),
      { kind: 'region-settled', region: 0, passes: 1 },
    ]);
    for (const width of [60, 80]) {
      const text = reportText(report, { chalk: new Chalk({ level: 0 }), width });
      expect(text).to.match(
        /Repairs\n +handler +fired +edited\n {2}line 2 +\S+ +12,345 +12,345\n {4}WHEN word == "rice"/,
      );
      expect(text).to.include('region 1: 1 pass of repairs at most');
      for (const line of text.split('\n')) expect(displayWidth(line), line).to.be.at.most(width);
    }
  });

  it('are not mentioned for a job without repairs', () => {
    const report = reportAfter(planOf('a = EXTRACT x: string FROM "a.csv"; OUTPUT a TO "b.csv";'), []);
    expect(report).to.deep.include({ handlers: [], regions: [] });
    expect(reportText(report, { chalk: new Chalk({ level: 0 }), width: 80 })).not.to.match(/repair|handler/i);
  });
});

describe('a line of the repair log', () => {
  it('tells who repaired what, where and why', () => {
    const plan = planOf(SCRIPT);
    const line = repairLines(plan)(edit(plan, 3, [{ column: 'word', before: 'rice', after: 'nice' }]));
    expect(line.endsWith('\n')).to.equal(true);
    const told: unknown = JSON.parse(line);
    expect(told).to.deep.equal({
      handler: 'fixed/handler',
      clause: 'WHEN word == "rice" EDIT word = "nice" LIMIT 1 ELSE DROP',
      script: 'job.scope',
      scriptLine: 2,
      repair: 'edit',
      origin: 'rows',
      changes: [{ column: 'word', before: 'rice', after: 'nice' }],
      reason: 'r',
      attempt: 1,
      firing: 4,
      file: 'w.csv',
      line: 7,
    });
  });

  it('has values as JSON has them', () => {
    const plan = planOf(SCRIPT);
    const changes = [
      { column: 'at', before: 0, after: 86_400_000 },
      { column: 'data', before: null, after: new Uint8Array([1, 2, 255]) },
      { column: 'n', before: Number.NaN, after: 1.5 },
    ];
    const told: unknown = JSON.parse(repairLines(plan)(edit(plan, 0, changes)));
    expect(told).to.have.deep.property('changes', [
      { column: 'at', before: '1970-01-01T00:00:00.000Z', after: '1970-01-02T00:00:00.000Z' },
      { column: 'data', before: null, after: 'AQL/' },
      { column: 'n', before: 'NaN', after: 1.5 },
    ]);
  });

  it('acts on no terminal, and reads back as it was', () => {
    const plan = planOf(SCRIPT);
    const nasty = '\u001b[31m\u009b2J\r\n\u2028\u202e\ud800\u007f';
    const line = repairLines(plan)({ ...edit(plan, 0, [{ column: 'word', before: nasty, after: '' }]), reason: nasty });
    expect(line.slice(0, -1)).to.match(/^[\x20-\x7e]*$/);
    const told: unknown = JSON.parse(line);
    expect(told).to.have.property('reason', nasty);
  });
});
