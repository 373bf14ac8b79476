/** A worker that classifies all texts alike, except that it dies, hangs or throws over those that say so, or answers too little. Plain JavaScript: it starts often. */
import { parentPort } from 'node:worker_threads';

parentPort.on('message', (message) => {
  if (message.kind === 'close') return parentPort.close();
  const { texts } = message;
  if (texts.some((text) => text.startsWith('hang')))
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  if (texts.some((text) => text.startsWith('die'))) process.exit(7);
  if (texts.some((text) => text.startsWith('throw')))
    return parentPort.postMessage({ kind: 'failed', message: 'out of tokens' }, []);
  const answers = texts
    .filter((text) => !text.startsWith('fewer'))
    .map((text) =>
      text.startsWith('nan')
        ? { kind: 'refusal', code: 'PR4010', message: 'the model gave no scores: NaN or infinite' }
        : { kind: 'answer', value: { label: `said ${text}`, score: 0.5 } },
    );
  parentPort.postMessage({ kind: 'answers', answers, batches: 1, busyMs: 1 }, []);
});
parentPort.postMessage({ kind: 'ready', batching: 'exact' }, []);
