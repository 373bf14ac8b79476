/**
 * The inside of a model worker: loads what `workerData` orders, then answers until it is told to close. Inference
 * blocks this thread and no other. Started by pool.ts; never imported.
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { LogLevel, env, pipeline } from '@xenova/transformers';
import { loadClassifier } from './classify.ts';
import type { ModelFailure } from './errors.ts';
import { textOf } from './errors.ts';
import { isTask, loadPipeline } from './pipelines.ts';
import type { FetchOrder, FromWorker, LoadOrder, ToWorker, WorkerOrder } from './protocol.ts';
import type { Runner } from './runner.ts';
import { dtypeOption } from './session.ts';
import { textTasks } from './tasks.ts';

const order: WorkerOrder = workerData;
env.logLevel = LogLevel.NONE;
env.allowRemoteModels = false;

try {
  if (order.kind === 'fetch') {
    await fetchModel(order);
    send({ kind: 'ready', batching: 'single' });
    parentPort?.close();
  } else {
    serve(await load(order));
  }
} catch (thrown) {
  send({ kind: 'unusable', failure: order.kind === 'fetch' ? unfetched(order, thrown) : unloaded(order, thrown) });
  parentPort?.close();
}

function send(message: FromWorker): void {
  parentPort?.postMessage(message, []);
}

function load(order: LoadOrder): Promise<Runner> {
  return textTasks.get(order.task)?.form === 'classify' ? loadClassifier(order) : loadPipeline(order);
}

function serve(runner: Runner): void {
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      void runner.dispose().finally(() => parentPort?.close());
      return;
    }
    const started = performance.now();
    runner.run(message.texts, message.call).then(
      ({ answers, batches }) => send({ kind: 'answers', answers, batches, busyMs: performance.now() - started }),
      (thrown: unknown) => send({ kind: 'failed', message: textOf(thrown) }),
    );
  });
  send({ kind: 'ready', batching: runner.batching });
}

/** Loads a hub model once, which leaves its files in the cache folder; from there it is a local one. */
async function fetchModel(order: FetchOrder): Promise<void> {
  if (!isTask(order.task)) throw new Error(`unsupported task ${order.task}`);
  env.allowRemoteModels = true;
  env.allowLocalModels = false;
  env.cacheDir = order.cache;
  env.remoteHost = order.hub;
  const { revision } = order;
  const options = { revision, cache_dir: order.cache, ...dtypeOption(order.dtype) };
  const pipe: unknown = await pipeline(order.task, order.name, options);
  const dispose: unknown = typeof pipe === 'function' ? Reflect.get(pipe, 'dispose') : undefined;
  if (typeof dispose === 'function') await dispose.call(pipe);
}

function unloaded(order: LoadOrder, thrown: unknown): ModelFailure {
  const cause = textOf(thrown);
  const unsuited = /^Unsupported model type|^Unsupported pipeline|Could not locate file/.test(cause);
  return {
    code: unsuited ? 'PR4006' : 'PR4005',
    message: unsuited
      ? `model '${order.written}' does not suit the task ${order.task}: ${cause}`
      : `model '${order.written}' cannot be loaded: ${cause}`,
    tried: [`${join(order.folder, 'onnx')} with dtype ${order.dtype}`],
    help: unsuited ? null : 'the files may be damaged or cut short; compare them with where they came from',
  };
}

function unfetched(order: FetchOrder, thrown: unknown): ModelFailure {
  return {
    code: 'PR4004',
    message: `model '${order.written}' could not be fetched: ${textOf(thrown)}`,
    tried: [`${order.hub}${order.name}, revision ${order.revision}`],
    help: `check the name and the connection, or put the model's files into ${join(order.cache, order.name)}`,
  };
}
