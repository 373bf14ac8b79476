/** Threads of this process that read parts of files. */
import { statSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { RunError } from '../../errors.ts';
import { workerOf } from '../../worker-file.ts';
import type { FromPartThread, ToPartThread } from './protocol.ts';
import type { Part, PartAnswer, PartsJob, PartWorkers } from './task.ts';

/** What starts a thread. */
export type StartThread = () => Worker;

/** Tasks that a thread has at one time: the next one waits there, so that it need not wait for the other side. */
const AT_HAND = 2;

interface Task {
  readonly number: number;
  readonly job: PartsJob;
  readonly part: Part;
  readonly resolve: (answer: PartAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly jobs: Set<number>;
  readonly tasks: Map<number, Task>;
}

/** A thread is started when there is a task for it. */
export class PartThreads implements PartWorkers {
  private readonly most: number;
  private readonly start: StartThread;
  private readonly threads: Thread[] = [];
  private readonly waiting: Task[] = [];
  private readonly ends: Promise<void>[] = [];
  private next = 0;
  private broken: RunError | null = null;
  private closed = false;

  constructor(most: number, start: StartThread = startPartThread) {
    this.most = most;
    this.start = start;
  }

  run(job: PartsJob, part: Part): Promise<PartAnswer> {
    if (this.broken !== null) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      this.waiting.push({ number: this.next++, job, part, resolve, reject });
      this.give();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
    await Promise.all(this.ends);
  }

  /** Gives waiting tasks to threads that have room; the one with the fewest first. */
  private give(): void {
    for (;;) {
      const [task] = this.waiting;
      if (task === undefined) return;
      const thread = this.threadFor();
      if (thread === null) return;
      this.waiting.shift();
      const { number, job, part } = task;
      if (!thread.jobs.has(job.id)) tell(thread, { kind: 'job', job });
      thread.jobs.add(job.id);
      thread.tasks.set(number, task);
      tell(thread, { kind: 'part', task: number, job: job.id, part });
    }
  }

  private threadFor(): Thread | null {
    const least = this.threads.reduce((fewest, { tasks }) => Math.min(fewest, tasks.size), Infinity);
    if (least > 0 && this.threads.length < this.most) return this.begin();
    return least < AT_HAND ? (this.threads.find(({ tasks }) => tasks.size === least) ?? null) : null;
  }

  private begin(): Thread {
    const worker = this.start();
    const thread: Thread = { worker, jobs: new Set(), tasks: new Map() };
    this.threads.push(thread);
    let reason = 'it ended';
    worker.on('message', ({ task, answer }: FromPartThread) => {
      thread.tasks.get(task)?.resolve(answer);
      thread.tasks.delete(task);
      this.give();
    });
    worker.on('messageerror', (error) => this.break(error.message));
    worker.on('error', (error: unknown) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    this.ends.push(
      new Promise((resolve) => {
        worker.once('exit', (code) => {
          if (!this.closed) this.break(`${reason} (exit code ${code})`);
          resolve();
        });
      }),
    );
    return thread;
  }

  /** All that is asked for fails. */
  private break(reason: string): void {
    const error = threadLost(reason);
    this.broken ??= error;
    const tasks = [...this.threads.flatMap((thread) => [...thread.tasks.values()]), ...this.waiting.splice(0)];
    for (const { tasks: own } of this.threads) own.clear();
    for (const { reject } of tasks) reject(error);
  }
}

function tell({ worker }: Thread, message: ToPartThread): void {
  worker.postMessage(message, []);
}

function threadLost(reason: string): RunError {
  return new RunError('PR7004', `a thread that read a part of a file is gone: ${reason}`, {
    help: 'run it again; with --workers 1 everything is done in one thread, with less memory',
  });
}

/** The thread's own file beside this one: `thread-main.js` of a build, `thread-main.ts` in the source tree. */
const MAIN = new URL(import.meta.url.endsWith('.ts') ? './thread-main.ts' : './thread-main.js', import.meta.url);

/** The same as one file with V8's code for it, which starts sooner; and what loads it. */
const BUNDLE = new URL('../../../part-thread.cjs', import.meta.url);
const BUNDLED = new URL('../../../../bin/part-thread.cjs', import.meta.url);

function startPartThread(): Worker {
  return workerOf(MAIN.pathname.endsWith('.js') && written(BUNDLE) >= written(MAIN) ? BUNDLED : MAIN, null);
}

/** When a file was written; 0 where there is none. */
function written(file: URL): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
