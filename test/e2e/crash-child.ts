/** Runs the job of resume-job.ts in a folder by the runtime's own parts, and dies at a named instant: `node --import tsx crash-child.ts FOLDER POINT`. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../../src/api/compile.ts';
import { runPlan } from '../../src/api/run-plan.ts';
import { jobStart } from '../../src/api/state/job-start.ts';
import { diskOutputs } from '../../src/runtime/outputs/files.ts';
import { embeddedStore } from '../../src/runtime/state/embedded/store.ts';
import { withObjects } from '../../src/runtime/state/objects/big-answers.ts';
import { folderObjects } from '../../src/runtime/state/objects/folder.ts';
import { record } from '../../src/runtime/state/recorder.ts';
import type { StateStore } from '../../src/runtime/state/store.ts';

export const JOB = 'the-job';

/** Called before and after each step: `commit 3 before`. */
type At = (step: string) => void;

/** The methods of an object, each of whose calls is told of before and after. */
function told<T extends object>(parts: T, names: readonly (keyof T & string)[], at: At): T {
  const calls = new Map<string, number>();
  const copy = { ...parts };
  for (const name of names) {
    const method: unknown = parts[name];
    if (typeof method !== 'function') continue;
    const wrapped = async (...args: readonly unknown[]): Promise<unknown> => {
      const call = (calls.get(name) ?? 0) + 1;
      calls.set(name, call);
      at(`${name} ${call} before`);
      const answer: unknown = await Reflect.apply(method, parts, args);
      at(`${name} ${call} after`);
      return answer;
    };
    Object.assign(copy, { [name]: wrapped });
  }
  return copy;
}

/** Answers of more than a few bytes are objects, so that those are among what is stopped. */
const BIG = 400;

export async function openStore(folder: string, at: At = () => {}): Promise<StateStore> {
  const own = told(folderObjects(join(folder, '.pyscope', 'objects')), ['put', 'clear'], at);
  const places = { own, at: async (name: string) => folderObjects(name) };
  const store = withObjects(await embeddedStore(join(folder, '.pyscope')), places, BIG);
  return told(store, ['begin', 'resume', 'commit', 'recordOutput', 'finish'], at);
}

/** One run, to begin the job or to go on with it. */
export async function runJobIn(folder: string, resume: boolean, at: At = () => {}): Promise<string> {
  const script = join(folder, 'job.scope');
  const { plan, ...compilation } = await compile(script, { toRun: true });
  if (plan === null) throw new Error('the job has mistakes');
  const planned = { ...compilation, plan };
  const start = await jobStart({ id: JOB, script, scriptPath: script, startedAt: 0, batchRows: 5 }, planned);
  const store = await openStore(folder, at);
  const taken = resume ? await store.resume(JOB, start) : { lease: await store.begin(start), committed: [] };
  const { signal } = new AbortController();
  // Answers do not wait for one another: there are as many steps to die at on a slow machine as on a quick one.
  const settings = { waitingBytes: 0 };
  const failed = (thrown: unknown): never => {
    throw thrown;
  };
  const recorder = record(store, taken, signal, failed, settings);
  const options = { job: JOB, batchRows: 5, listener: recorder.listen, signal, answers: recorder.answers };
  const { outcome } = await runPlan(planned, options);
  await recorder.finish({ outcome, at: 0, report: null }, false);
  await store.close();
  return outcome;
}

const [, program, folder, point] = process.argv;
if (program === fileURLToPath(import.meta.url) && folder !== undefined) {
  const at: At = (step) => {
    if (step === point) process.kill(process.pid, 'SIGKILL');
  };
  Object.assign(diskOutputs, told(diskOutputs, ['keepAs', 'rename', 'remove', 'syncFolder'], at));
  await runJobIn(folder, false, at);
}
