import { expect } from 'chai';
import { frame, summaryLine } from '../../src/cli/progress/frame.ts';
import type { Scene } from '../../src/cli/progress/frame.ts';
import { displayWidth } from '../../src/diagnostics/render/width.ts';
import type { RunEvent } from '../../src/runtime/events.ts';
import { collect } from '../../src/runtime/report/collect.ts';
import { samplePlan } from './sample-plan.ts';

/** What is to be seen `seconds` after the start, when these events came and each step began at once. */
async function sceneAfter(
  seconds: number,
  events: (id: (label: string) => number) => readonly RunEvent[],
): Promise<Scene> {
  const { plan, id } = await samplePlan();
  const collector = collect(plan, 'job.scope', 'j', 0);
  collector.listen({ kind: 'run-started', job: 'j', at: 0 });
  for (const event of events(id)) collector.listen(event);
  const first = new Map(plan.graph.nodes.map((node) => [node.id, 0]));
  const now = seconds * 1000;
  return { report: collector.report(now), nodes: plan.graph.nodes, first, now, stopping: false };
}

const halfRead = (id: (label: string) => number): readonly RunEvent[] => [
  { kind: 'source-opened', node: id('lines'), files: ['reviews.txt'], bytes: 10_000_000 },
  { kind: 'source-read', node: id('lines'), bytes: 5_000_000 },
  { kind: 'node-rows', node: id('lines'), in: 50_000, out: 50_000, milliseconds: 10 },
  { kind: 'node-rows', node: id('kept'), in: 50_000, out: 40_000, milliseconds: 10 },
];

describe('live progress', () => {
  it('shows rows in, rows out and the rate of each step', async () => {
    const lines = frame(await sceneAfter(10, halfRead), 79, 24);
    expect(lines.join('\n')).to.match(/lines +50,000 out +5,000\/s\nkept +50,000 in +40,000 out +5,000\/s/);
  });

  it('says how much is read and how long it may take', async () => {
    expect(summaryLine(await sceneAfter(10, halfRead))).to.equal('50% of 10 MB read, about 10 s left, 10.0 s so far');
  });

  it('guesses the time by the slowest step when all is read', async () => {
    const scene = await sceneAfter(10, (id) => [
      ...halfRead(id),
      { kind: 'source-read', node: id('lines'), bytes: 10_000_000 },
      { kind: 'node-rows', node: id('kept'), in: 10_000, out: 10_000, milliseconds: 10 },
    ]);
    expect(summaryLine(scene)).to.equal('100% of 10 MB read, about 40 s left, 10.0 s so far');
  });

  it('says nothing of time where a size is not known', async () => {
    const scene = await sceneAfter(10, (id) => [
      { kind: 'source-opened', node: id('lines'), files: [], bytes: null },
      { kind: 'source-read', node: id('lines'), bytes: 5 },
    ]);
    expect(summaryLine(scene)).to.equal('10.0 s so far');
  });

  it('names the model that is waited for', async () => {
    const scene = await sceneAfter(1, () => [{ kind: 'model-loading', model: '../models/\u001b[2J' }]);
    expect(frame(scene, 79, 24).join('\n')).to.include(String.raw`loading model ../models/\x1b[2J …`);
    const loaded = await sceneAfter(1, () => [
      { kind: 'model-loading', model: 'm' },
      { kind: 'model-loaded', model: 'm', milliseconds: 5 },
    ]);
    expect(frame(loaded, 79, 24).join('\n')).to.not.include('loading');
  });

  it('fits every terminal', async () => {
    const scene = await sceneAfter(10, halfRead);
    for (const width of [8, 19, 30, 49, 80, 300]) {
      for (const height of [1, 2, 3, 24]) {
        const lines = frame(scene, width, height);
        expect(lines, `${width} × ${height}`).to.have.length.within(1, height);
        for (const line of lines) expect(displayWidth(line), `${width} × ${height}: ${line}`).to.be.at.most(width);
      }
    }
  });
});
