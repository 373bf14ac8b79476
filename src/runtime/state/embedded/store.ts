/** The embedded store: an LMDB file in a folder of its own, by default `.pyscope` beside the script. Several processes may open it at once. */
import { join } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import { checkJobId, StateError } from '../errors.ts';
import { begun, ended, latestFirst, owned, refuseHeld, resumable, takenOver, withOutput } from '../steps.ts';
import { LEASE_MILLISECONDS } from '../store.ts';
import type { JobRecord, Lease, StateStore, StoreSettings } from '../store.ts';
import { prepareFolder, refuseForeign } from './lmdb-file.ts';

const LAYOUT = 2;

interface Tables {
  readonly root: RootDatabase;
  readonly jobs: Database<JobRecord, string>;
  /** By job and key. */
  readonly answers: Database<Buffer, AnswerKey>;
  /** `layout` and `epoch`. */
  readonly counters: Database<number, string>;
}

type AnswerKey = [job: string, key: string];

/** Behind all keys of answers: they are plain texts. */
const LAST = '\u{10ffff}';

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function openTables(folder: string): Promise<Tables> {
  const path = join(folder, 'state.mdb');
  await refuseForeign(path, 'a job store');
  const lmdb = await import('lmdb');
  const root = lmdb.open({ path, noSubdir: true, maxDbs: 4 });
  const encoding = 'json';
  const counters = root.openDB<number, string>({ name: 'counters', encoding });
  const jobs = root.openDB<JobRecord, string>({ name: 'jobs', encoding });
  const answers = root.openDB<Buffer, AnswerKey>({ name: 'answers', encoding: 'binary' });
  root.transactionSync(() => {
    if (counters.get('layout') === undefined) void counters.put('layout', LAYOUT);
  });
  return { root, counters, jobs, answers };
}

async function openFolder(folder: string): Promise<Tables> {
  try {
    await prepareFolder(folder);
    return await openTables(folder);
  } catch (thrown) {
    throw new StateError(
      'PR6001',
      `the job store ${folder} cannot be opened: ${textOf(thrown)}`,
      'choose another folder with --state DIR, or run without a record: --state none',
      thrown,
    );
  }
}

/** @throws StateError PR6001 when the folder cannot be made or written, PR6008 */
export async function embeddedStore(
  folder: string,
  { leaseMilliseconds = LEASE_MILLISECONDS }: StoreSettings = {},
): Promise<StateStore> {
  const { root, counters, jobs, answers } = await openFolder(folder);
  const layout = counters.get('layout');
  if (layout !== LAYOUT) {
    await root.close();
    throw new StateError(
      'PR6008',
      `the job store ${folder} has layout ${layout ?? 0}, this pyscope reads layout ${LAYOUT}`,
      `name another with --state DIR, go on with the pyscope that wrote it, or remove ${join(folder, 'state.mdb')}: it holds records of runs, no outputs`,
    );
  }

  /**
   * One durable transaction; what the step throws leaves everything as it was. Synchronous, because the library's asynchronous ones wait for
   * one another for ever when a process has two handles on a file.
   */
  const atomically = async <T>(step: () => T): Promise<T> => {
    try {
      const answer = root.transactionSync(step);
      await root.flushed;
      return answer;
    } catch (thrown) {
      if (thrown instanceof StateError) throw thrown;
      throw new StateError('PR6007', `the job store ${folder} failed: ${textOf(thrown)}`, null, thrown);
    }
  };
  const nextEpoch = (): number => {
    const epoch = (counters.get('epoch') ?? 0) + 1;
    void counters.put('epoch', epoch);
    return epoch;
  };
  const keysOf = (id: string): readonly AnswerKey[] => [
    ...answers.getKeys({ start: [id, ''], end: [id, LAST], snapshot: false }),
  ];
  /** Inside a transaction. */
  const dropAnswers = (id: string): void => {
    for (const key of keysOf(id)) void answers.remove(key);
  };
  const change = async (lease: Lease, step: (record: JobRecord) => JobRecord): Promise<void> =>
    atomically(() => {
      void jobs.put(lease.id, step(owned(jobs.get(lease.id), lease)));
    });

  return {
    location: folder,
    async begin(start) {
      const id = checkJobId(start.id);
      return atomically(() => {
        refuseHeld(jobs.get(id), Date.now());
        const epoch = nextEpoch();
        void jobs.put(id, begun(start, epoch, Date.now() + leaseMilliseconds));
        dropAnswers(id);
        return { id, epoch };
      });
    },
    async resume(id, owner) {
      checkJobId(id);
      return atomically(() => {
        const known = resumable(jobs.get(id), id, folder, Date.now());
        const epoch = nextEpoch();
        const record = takenOver(known, owner, epoch, Date.now() + leaseMilliseconds);
        void jobs.put(id, record);
        return { lease: { id, epoch }, record, committed: keysOf(id).map(([, key]) => key) };
      });
    },
    async commit(lease, fresh) {
      await atomically(() => {
        owned(jobs.get(lease.id), lease);
        for (const { key, bytes } of fresh) void answers.put([lease.id, key], asBuffer(bytes));
      });
    },
    async answer(id, key) {
      return answers.get([id, key]) ?? null;
    },
    async committed(id) {
      return keysOf(id).map(([, key]) => key);
    },
    async renew(lease) {
      await change(lease, (record) => ({ ...record, leaseUntil: Date.now() + leaseMilliseconds }));
    },
    async recordOutput(lease, manifest) {
      await change(lease, (record) => withOutput(record, manifest));
    },
    async finish(lease, end, kept) {
      await atomically(() => {
        void jobs.put(lease.id, ended(owned(jobs.get(lease.id), lease), end));
        if (kept === 'drop') dropAnswers(lease.id);
      });
    },
    async read(id) {
      return jobs.get(id) ?? null;
    },
    async list() {
      const records: JobRecord[] = [];
      for (const { value } of jobs.getRange()) records.push(value);
      return latestFirst(records);
    },
    async remove(id) {
      return atomically(() => {
        const record = jobs.get(id);
        refuseHeld(record, Date.now());
        if (record !== undefined) void jobs.remove(id);
        dropAnswers(id);
        return record !== undefined;
      });
    },
    async close() {
      await root.close();
    },
  };
}
