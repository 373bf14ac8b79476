import { ModelError, textOf } from './errors.ts';
import type { FetchOrder } from './protocol.ts';
import { startThread } from './thread.ts';

/** Copies a hub model into the cache, in a worker of its own. Rejects with ModelError PR4004. */
export async function fetchFromHub(order: FetchOrder, file: URL, closing: AbortSignal): Promise<void> {
  const thread = startThread(file, order, { onMessage: () => undefined, onEnd: () => undefined });
  const kill = (): void => void thread.kill();
  closing.addEventListener('abort', kill, { once: true });
  try {
    const first = await thread.first;
    if (first.kind === 'unusable') throw new ModelError(order.written, first.failure);
  } catch (thrown) {
    if (thrown instanceof ModelError) throw thrown;
    const message = `model '${order.written}' could not be fetched: ${textOf(thrown)}`;
    throw new ModelError(order.written, { code: 'PR4004', message, tried: [order.hub], help: null }, thrown);
  } finally {
    closing.removeEventListener('abort', kill);
    await thread.end();
  }
}
