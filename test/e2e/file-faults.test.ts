/**
 * The n-th operation on a file fails, n = 1, 2, 3 … until a run passes: of outputs, and of the folder that big answers go to. With either job store no part of an output has its final name, the error says
 * what failed, and going on gives the same bytes and asks nothing again.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { compile } from '../../src/api/compile.ts';
import { runPlan } from '../../src/api/run-plan.ts';
import { jobStart } from '../../src/api/state/job-start.ts';
import { diskOutputs } from '../../src/runtime/outputs/files.ts';
import type { OutputFiles } from '../../src/runtime/outputs/files.ts';
import { embeddedStore } from '../../src/runtime/state/embedded/store.ts';
import { StateError } from '../../src/runtime/state/errors.ts';
import { folderObjects } from '../../src/runtime/state/objects/folder.ts';
import type { ObjectStore } from '../../src/runtime/state/objects/object-store.ts';
import { withObjects } from '../../src/runtime/state/objects/big-answers.ts';
import { record } from '../../src/runtime/state/recorder.ts';
import { redisStore } from '../../src/runtime/state/redis/store.ts';
import type { StateStore } from '../../src/runtime/state/store.ts';
import { findRedis } from '../runtime/state/redis-server.ts';
import type { TestRedis } from '../runtime/state/redis-server.ts';
import { LONG } from '../support/seed.ts';
import { folderWith } from './pyscope.ts';
import { committedCalls, FILES } from './resume-job.ts';

const CODES = ['ENOSPC', 'EIO', 'EACCES'];
const JOB = 'the-job';

/** Other jobs over the same operators: what they write, and how. */
const HEAD = `IMPORT { Label } FROM "./operators.ts";
lines  = EXTRACT line: string, k: string FROM "in.csv" USING CsvReader();
labels = PROCESS lines USING Label(text = line) HINT(commit = true);
`;
const JOBS: Readonly<Record<string, string>> = {
  'several outputs': FILES['job.scope'] ?? '',
  'one output': `${HEAD}OUTPUT labels TO "out/one.csv";\n`,
  'a compressed output': `${HEAD}OUTPUT labels TO "out/one.csv.gz";\n`,
  partitions: `${HEAD}OUTPUT labels TO "out/{label}/{k}.csv"; \n`,
  'lines and JSON': `${HEAD}OUTPUT (SELECT label FROM labels) TO "out/a.txt"; OUTPUT labels TO "out/b.jsonl";\n`,
};

/** Counts operations; from the n-th on, or at it alone, they fail. */
class Fault {
  happened = false;
  private count = 0;
  private readonly n: number;

  constructor(n: number) {
    this.n = n;
  }

  step(): void {
    this.count += 1;
    if (this.count !== this.n) return;
    this.happened = true;
    const code = CODES[this.n % CODES.length] ?? '';
    throw Object.assign(new Error(`${code}: it was made to fail`), { code });
  }

  /** Names of methods whose calls count. */
  over<T extends object>(parts: T, names: readonly (keyof T & string)[]): T {
    const copy = { ...parts };
    for (const name of names) {
      const method: unknown = parts[name];
      if (typeof method !== 'function') continue;
      const counted = async (...args: readonly unknown[]): Promise<unknown> => {
        this.step();
        return Reflect.apply(method, parts, args);
      };
      Object.assign(copy, { [name]: counted });
    }
    return copy;
  }
}

const OUTPUT_STEPS = ['makeFolder', 'open', 'rename', 'keepAs', 'syncFolder'] as const;

function faultyOutputs(fault: Fault): OutputFiles {
  const outputs = fault.over(diskOutputs, OUTPUT_STEPS);
  return {
    ...outputs,
    open: async (path, mode) => {
      const handle = fault.over(await outputs.open(path, mode), ['write', 'sync']);
      return {
        ...handle,
        // What fails to close is closed, as far as the process knows.
        close: async () => {
          await handle.close();
          fault.step();
        },
      };
    },
  };
}

/** All files but the job's own. */
async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const known = new Set([...Object.keys(FILES), 'calls.log', 'job.scope'].map((name) => join(folder, name)));
  const ours = paths.filter((path) => !known.has(path) && !path.includes('.pyscope')).toSorted();
  return Object.fromEntries(
    await Promise.all(
      ours.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'base64')] as const),
    ),
  );
}

describe('a job whose n-th file operation fails', function () {
  this.timeout(LONG ? 3_600_000 : 60_000);
  const prefix = `pyscope-files-${process.pid}`;
  const real = { ...diskOutputs };
  let redis: TestRedis | null = null;
  before(async () => {
    process.env['PACE'] = '0';
    redis = await findRedis();
  });
  const opened: StateStore[] = [];
  afterEach(async () => {
    Object.assign(diskOutputs, real);
    for (const store of opened.splice(0)) await store.close();
  });
  after(async () => {
    delete process.env['PACE'];
    delete process.env['CALLS'];
    await redis?.stop();
  });

  async function open(kind: 'embedded' | 'Redis', folder: string, fault: Fault): Promise<StateStore> {
    const objects = folderObjects(join(folder, '.pyscope', 'objects'));
    const faulty: ObjectStore = {
      ...objects,
      // As a folder tells it: each of its operations is guarded.
      put: async (...args) => {
        try {
          fault.step();
        } catch (thrown) {
          throw new StateError('PR6023', String(thrown));
        }
        await objects.put(...args);
      },
    };
    const plain =
      kind === 'embedded'
        ? await embeddedStore(join(folder, '.pyscope'))
        : await redisStore(`${redis?.url ?? ''}?prefix=${prefix}`);
    const store = withObjects(plain, { own: faulty, at: async () => objects }, 400);
    opened.push(store);
    return store;
  }

  /** One run; the code of its error, or null. */
  async function run(folder: string, store: StateStore, resume: boolean): Promise<string | null> {
    const script = join(folder, 'job.scope');
    const { plan, ...compilation } = await compile(script, { toRun: true });
    if (plan === null) throw new Error(`the job has mistakes: ${JSON.stringify(compilation.diagnostics)}`);
    const planned = { ...compilation, plan };
    const start = await jobStart({ id: JOB, script, scriptPath: script, startedAt: 0, batchRows: 5 }, planned);
    const taken = resume ? await store.resume(JOB, start) : { lease: await store.begin(start), committed: [] };
    const { signal } = new AbortController();
    const recorder = record(store, taken, signal, () => {}, { waitingBytes: 0 });
    const options = { job: JOB, batchRows: 5, listener: recorder.listen, signal, answers: recorder.answers };
    const { outcome, error } = await runPlan(planned, options);
    await recorder.finish({ outcome, at: 0, report: null }, false);
    return error?.code ?? null;
  }

  async function fails(kind: 'embedded' | 'Redis', script: string, ns: Iterable<number>): Promise<number> {
    const whole = await folderWith({ ...FILES, 'job.scope': script });
    process.env['CALLS'] = join(whole.folder, 'calls.log');
    const undisturbed = await open(kind, whole.folder, new Fault(0));
    expect(await run(whole.folder, undisturbed, false)).to.equal(null);
    const expected = await filesIn(whole.folder);
    await whole.remove();
    let failures = 0;
    for (const n of ns) {
      const { folder, remove } = await folderWith({ ...FILES, 'job.scope': script });
      process.env['CALLS'] = join(folder, 'calls.log');
      const [old = 'none'] = Object.keys(expected);
      await mkdir(join(folder, old, '..'), { recursive: true });
      await writeFile(join(folder, old), 'of before');
      const before = await filesIn(folder);
      const fault = new Fault(n);
      Object.assign(diskOutputs, faultyOutputs(fault));
      const store = await open(kind, folder, fault);
      const code = await run(folder, store, false);
      Object.assign(diskOutputs, real);
      if (!fault.happened) {
        await remove();
        return failures;
      }
      failures += 1;
      if (code === null)
        expect(await filesIn(folder), `operation ${n}, which nothing depends on`).to.deep.equal(expected);
      else {
        expect(code, `operation ${n}`).to.match(/^PR(5101|5102|6023)$/);
        expect(await filesIn(folder), `operation ${n}`).to.deep.equal(before);
        const committed = await committedCalls(store, JOB);
        process.env['CALLS'] = join(folder, 'second.log');
        expect(await run(folder, store, true), `gone on with after operation ${n}`).to.equal(null);
        const again = (await readFile(join(folder, 'second.log'), 'utf8').catch(() => '')).split('\n');
        expect(again.filter((call) => committed.has(call))).to.deep.equal([]);
        const { 'second.log': _, ...after } = await filesIn(folder);
        expect(after, `gone on with after operation ${n}`).to.deep.equal(expected);
      }
      await remove();
    }
    return failures;
  }

  async function clear(): Promise<void> {
    if (redis === null) return;
    const client = new Redis(redis.url);
    const keys = await client.keys(`{${prefix}}*`);
    if (keys.length > 0) await client.del(...keys);
    client.disconnect();
  }
  afterEach(clear);

  function* all(): Generator<number> {
    for (let n = 1; ; n += 1) yield n;
  }

  for (const kind of ['embedded', 'Redis'] as const) {
    for (const [what, script] of Object.entries(JOBS).slice(0, LONG ? undefined : 1)) {
      it(`leaves no part of an output, says what failed, and can be gone on with: ${what}, ${kind}`, async function () {
        if (kind === 'Redis' && redis === null) this.skip();
        const failures = await fails(kind, script, LONG ? all() : [2, 23, 41]);
        if (LONG) console.warn(`\n    ${what}, ${kind}: ${failures} operations failed\n`);
        expect(failures).to.be.greaterThan(LONG ? 5 : 2);
      });
    }
  }
});
