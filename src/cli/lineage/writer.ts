/** Which recorded run wrote a file as it is now, or why none can be named. */
import { lineageFault } from '../../runtime/lineage/faults.ts';
import type { OutputFacts } from '../../runtime/lineage/manifest.ts';
import { inputsOf, outputOf, recorded, sha256Of, storeFolders } from './find.ts';
import type { Recorded, Search } from './find.ts';
import { wroteWithout } from './unrecorded.ts';

export interface WrittenBy {
  readonly record: Recorded;
  readonly output: OutputFacts;
}

/** The latest run that wrote the file with the bytes it has. @throws RunError PR7101, PR7102, PR7111 */
export async function writerOf(search: Search): Promise<WrittenBy> {
  const { file } = search;
  const all = recorded(search);
  const wrote = all.flatMap((record): readonly WrittenBy[] => {
    const output = outputOf(record, file);
    return output === null ? [] : [{ record, output }];
  });
  const [latest] = wrote;
  if (latest === undefined) throw await notWritten(search, all);
  const sha256 = await sha256Of(file);
  const same = wrote.find(({ output }) => output.sha256 === sha256);
  if (same !== undefined) return same;
  const { job, script, endedAt } = latest.record.manifest;
  const at = new Date(endedAt).toISOString().slice(0, 19).replace('T', ' ');
  throw lineageFault(
    'PR7102',
    `${file} is not the file that job ${job} wrote (${at} UTC): it has changed since (its SHA-256 is another)`,
    `run it again: pyscope run --lineage ${script}`,
  );
}

async function notWritten(search: Search, all: readonly Recorded[]): Promise<Error> {
  const { file } = search;
  const reader = all.find((record) => inputsOf(record, file).length > 0);
  if (reader !== undefined) {
    return lineageFault(
      'PR7111',
      `${file} is an input of job ${reader.manifest.job}, no output`,
      `pyscope why-not ${file}:LINE tells what became of a line of it`,
    );
  }
  const without = await wroteWithout(search);
  if (without !== null) {
    return lineageFault(
      'PR7101',
      `job ${without.job} wrote ${file}, but recorded no lineage`,
      `run it again: pyscope run --lineage ${without.script}`,
    );
  }
  const [first = '.pyscope'] = storeFolders(search);
  return lineageFault(
    'PR7111',
    `${file} is no output of a recorded run`,
    `pyscope run --lineage job.scope records one; looked in ${first} and in the folders above it; --state DIR looks elsewhere`,
  );
}
