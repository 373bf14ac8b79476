import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { MemoryOutputs } from '../outputs/memory.ts';
import { runScript } from './support.ts';

/** What a program that runs many jobs holds of those that have ended. */
describe('a job that has ended', () => {
  let collect = (): void => undefined;
  before(() => {
    setFlagsFromString('--expose-gc');
    const given: unknown = runInNewContext('gc');
    if (typeof given === 'function') collect = () => void given();
  });

  async function endedJob(text: string, signal: AbortSignal): Promise<WeakRef<MemoryOutputs>> {
    const outputs = new MemoryOutputs();
    await runScript(text, { inputs: { 'in.csv': 'a\n1\n2\n' }, outputs, signal });
    return new WeakRef(outputs);
  }

  async function isForgotten(held: WeakRef<MemoryOutputs>): Promise<boolean> {
    for (let go = 0; go < 20 && held.deref() !== undefined; go++) {
      await pause(5);
      collect();
    }
    return held.deref() === undefined;
  }

  const JOBS = [
    ['done', 'rows = EXTRACT a: int FROM "in.csv"; OUTPUT rows TO "out.csv";'],
    ['failed', 'rows = EXTRACT a: int FROM "in.csv" ASSERT a < 2 ELSE ABORT; OUTPUT rows TO "out.csv";'],
  ] as const;

  for (const [how, text] of JOBS) {
    it(`is forgotten when it has ${how}, though its caller's signal lives on`, async () => {
      const { signal } = new AbortController();
      expect(await isForgotten(await endedJob(text, signal))).to.equal(true);
      expect(signal.aborted).to.equal(false);
    });
  }
});
