/** How much memory there is. */
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** The container's limit where there is one, else the machine's memory. */
export function availableMemory(): number {
  const limit = process.constrainedMemory();
  const machine = totalmem();
  return limit > 0 && limit < machine ? limit : machine;
}

/** Bytes at which V8 gives up. */
export function heapLimit(): number {
  return getHeapStatistics().heap_size_limit;
}
