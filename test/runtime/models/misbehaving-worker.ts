/** A worker that speaks the protocol and answers each text with itself, except those that name a fault. */
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, threadId } from 'node:worker_threads';
import type { Answer } from '../../../src/runtime/models/model.ts';
import type { FromWorker, ToWorker } from '../../../src/runtime/models/protocol.ts';

/** Left behind by the first thread of this process that dies over `die once`. */
const TOMBSTONE = join(tmpdir(), `pyscope-died-${process.pid}`);

function answer(texts: readonly string[]): FromWorker {
  if (texts.some((text) => text.startsWith('throw'))) return { kind: 'failed', message: 'out of tokens' };
  const answers = texts.filter((text) => text !== 'fewer').map((value): Answer => ({ kind: 'answer', value }));
  return { kind: 'answers', answers, batches: 1, busyMs: threadId };
}

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'close') {
    parentPort?.close();
    return;
  }
  const { texts } = message;
  if (texts.includes('hang')) for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  if (texts.includes('die')) process.exit(7);
  if (texts.includes('die once') && !existsSync(TOMBSTONE)) {
    writeFileSync(TOMBSTONE, '');
    process.exit(7);
  }
  parentPort?.postMessage(answer(texts), []);
});
parentPort?.postMessage({ kind: 'ready', batching: 'exact' } satisfies FromWorker, []);
