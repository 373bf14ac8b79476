/** Threads that read parts, and what becomes of a job when one of them is lost. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { PartThreads } from '../../../../src/runtime/engine/parts/threads.ts';
import { diskFiles } from '../../../../src/runtime/readers/input-files.ts';
import { runScript } from '../support.ts';
import { localParts } from './support.ts';
import type { Told } from './support.ts';

const SCRIPT = (path: string): string => `
  r = EXTRACT k: string, n: int FROM ${JSON.stringify(path)} HINT(partitions = 6);
  g = SELECT k, COUNT(*) AS c, SUM(n) AS s, LIST(n).length AS l FROM r GROUP BY k;
  OUTPUT g TO "g.csv";
  OUTPUT r TO "r.csv";`;

function rows(count: number, keys = 7): string {
  return `k,n\n${Array.from({ length: count }, (_, n) => `"key ${(n * n) % keys}",${n}\n`).join('')}`;
}

/** A thread that ends at once, as one does that has no more memory. */
function lost(): Worker {
  return new Worker('process.exit(7)', { eval: true });
}

describe('threads that read parts', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-test-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('give what one thread gives', async function () {
    this.timeout(60_000);
    const path = join(folder, 'r.csv');
    writeFileSync(path, rows(5000));
    const disk = (): typeof diskFiles => diskFiles;
    const alone = await runScript(SCRIPT(path), { disk });
    const threads: PartThreads[] = [];
    const start = (count: number): PartThreads => {
      const made = new PartThreads(count);
      threads.push(made);
      return made;
    };
    const parts = { workers: 2, leastBytes: 0, start };
    const told: unknown[] = [];
    const onEvent = (event: { readonly kind: string }): void => {
      if (event.kind === 'parts-read') told.push(event);
    };
    const ran = await runScript(SCRIPT(path), { disk, parts: () => parts, onEvent });
    expect(ran.result.error).to.equal(null);
    expect(ran.files).to.deep.equal(alone.files);
    expect(told.at(-1)).to.include({ workers: 2, parts: 5, again: 0 });
    expect(threads).to.have.length(1);
  });

  it('end the job with a clear error when one is lost', async () => {
    const path = join(folder, 'l.csv');
    writeFileSync(path, rows(2000));
    const parts = { workers: 2, leastBytes: 0, start: (count: number) => new PartThreads(count, lost) };
    const { result } = await runScript(SCRIPT(path), { disk: () => diskFiles, parts: () => parts });
    expect(result.outcome).to.equal('failed');
    expect(result.error?.code).to.equal('PR7004');
    expect(result.error?.message).to.include('exit code 7');
    expect(result.error?.help).to.include('--workers 1');
  });

  it('end with a job that is interrupted while it waits for them', async () => {
    const told: Told = { parts: 0, open: 0 };
    const stop = new AbortController();
    const never = new Promise<never>(() => undefined);
    const { result } = await runScript(SCRIPT('in.csv'), {
      inputs: { 'in.csv': rows(500) },
      signal: stop.signal,
      parts: localParts(2, told, () => {
        setTimeout(() => stop.abort(new Error('stop')), 5);
        return never;
      }),
    });
    expect(result.outcome).to.equal('interrupted');
    expect(told.open).to.equal(0);
  });

  it('are let go when groups no longer fit in memory, and what is written is the same', async () => {
    const inputs = { 'in.csv': rows(6000, 5000) };
    const alone = await runScript(SCRIPT('in.csv'), { inputs });
    const told: Told = { parts: 0, open: 0 };
    const { result, files, events } = await runScript(SCRIPT('in.csv'), {
      inputs,
      memory: 40_000,
      parts: localParts(3, told),
    });
    expect(result.error).to.equal(null);
    expect(files).to.deep.equal(alone.files);
    expect(events.some(({ kind }) => kind === 'spilled')).to.equal(true);
    expect(told.parts).to.be.greaterThan(0);
    expect(told.open).to.equal(0);
  });

  it('are not asked where a step has HINT(workers = 1), or a lineage is recorded', async () => {
    const inputs = { 'in.csv': rows(100) };
    const told: Told = { parts: 0, open: 0 };
    const script = SCRIPT('in.csv').replace('partitions = 6', 'partitions = 6, workers = 1');
    await runScript(script, { inputs, parts: localParts(2, told) });
    await runScript(SCRIPT('in.csv'), { inputs, lineage: true, parts: localParts(2, told) });
    expect(told.parts).to.equal(0);
  });

  it('and the job itself read batches of as many rows as HINT(batch = n) says', async () => {
    const { events } = await runScript(
      'r = EXTRACT k: string, n: int FROM "in.csv" HINT(batch = 3); OUTPUT r TO "o.csv";',
      { inputs: { 'in.csv': rows(10) } },
    );
    expect(events.filter(({ kind }) => kind === 'source-read')).to.have.length(4);
  });
});
