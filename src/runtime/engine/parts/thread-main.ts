/** The inside of a thread that reads parts of files. Started by threads.ts; never imported. */
import { parentPort } from 'node:worker_threads';
import { diskFiles } from '../../readers/input-files.ts';
import { partWork } from './work.ts';
import type { FromPartThread, ToPartThread } from './protocol.ts';
import type { PartAnswer, PartsJob } from './task.ts';

const jobs = new Map<number, PartsJob>();
const work = partWork(diskFiles, new AbortController().signal);
/** Tasks are done one after the other: the memory of one is used again by the next. */
let before: Promise<void> = Promise.resolve();

parentPort?.on('message', (message: ToPartThread) => {
  if (message.kind === 'job') {
    jobs.set(message.job.id, message.job);
    return;
  }
  const { task, part } = message;
  const job = jobs.get(message.job);
  if (job === undefined) throw new RangeError(`no job ${message.job}`);
  before = before.then(async () => send(task, await work(job, part)));
});

function send(task: number, answer: PartAnswer): void {
  parentPort?.postMessage({ task, answer } satisfies FromPartThread, buffersOf(answer));
}

/** Memory that goes over to the other side instead of being copied: what is an answer's alone. */
function buffersOf(answer: PartAnswer): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const look = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer && value.byteLength > value.buffer.byteLength / 2)
        buffers.add(value.buffer);
    } else if (Array.isArray(value)) {
      // Long lists are of values: of texts, mostly.
      if (value.length < MOST_PARTS) value.forEach(look);
    } else if (value !== null && typeof value === 'object' && !(value instanceof Map) && !(value instanceof Set)) {
      Object.values(value).forEach(look);
    }
  };
  look(answer);
  return [...buffers];
}

const MOST_PARTS = 10_000;
