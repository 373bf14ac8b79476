/** Workers that read parts where the test runs: what goes to them and comes back is copied, as between threads, and comes in any order. */
import type { PartsSettings } from '../../../../src/runtime/engine/environment.ts';
import type { PartAnswer, PartsJob, PartWorkers } from '../../../../src/runtime/engine/parts/task.ts';
import { partWork } from '../../../../src/runtime/engine/parts/work.ts';
import type { InputFiles } from '../../../../src/runtime/readers/index.ts';

export interface Told {
  parts: number;
  /** Workers still open. */
  open: number;
}

/** `workers` at once, of files of any size. */
export function localParts(
  workers: number,
  told: Told = { parts: 0, open: 0 },
  spoil: (answer: PartAnswer) => PartAnswer | Promise<PartAnswer> = (answer) => answer,
): (disk: InputFiles) => PartsSettings {
  return (disk) => ({ workers, leastBytes: 0, start: (count) => startLocal(disk, count, told, spoil) });
}

function startLocal(
  disk: InputFiles,
  count: number,
  told: Told,
  spoil: (answer: PartAnswer) => PartAnswer | Promise<PartAnswer>,
): PartWorkers {
  told.open += 1;
  const work = Array.from({ length: count }, () => partWork(disk, new AbortController().signal));
  const before = work.map(() => Promise.resolve());
  let next = 0;
  const jobs = new Map<number, PartsJob>();
  return {
    run: async (job, part) => {
      const at = next % count;
      next += 1;
      told.parts += 1;
      const known = jobs.get(job.id) ?? structuredClone(job);
      jobs.set(job.id, known);
      const answer = (before[at] ?? Promise.resolve()).then(async () => {
        const given = await work[at]?.(known, structuredClone(part));
        if (given === undefined) throw new RangeError('no worker');
        return spoil(structuredClone(given));
      });
      before[at] = answer.then(
        () => undefined,
        () => undefined,
      );
      return answer;
    },
    close: async () => {
      told.open -= 1;
    },
  };
}
