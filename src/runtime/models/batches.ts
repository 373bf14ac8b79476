/**
 * Cutting texts into batches, by their lengths in tokens.
 *
 * Law: the answer to a text is a function of the text alone, whatever else is in the call, how it is cut, and how many
 * workers there are. What that takes was measured on our models (onnxruntime 1.30, bits of the logits compared):
 *
 * - A dynamically quantised graph (DynamicQuantizeLinear) scales its activations by the largest value in the batch:
 *   98 to 100 % of the scores change with the company. Only one text at a time is exact.
 * - In fp32, or with quantised weights and fp32 arithmetic, padding changes 2 to 28 % of the scores, because sums over
 *   the sequence are grouped differently. Between texts of equal length there is no padding.
 * - A matrix product of one row takes another kernel than one of two rows or more; from two rows on, not one bit
 *   depends on the number of rows or on the place among them. So a text that is alone in its length runs twice.
 *
 * Nothing of this is promised by onnxruntime; so classifiers are also tried at loading (see classify.ts), and a model
 * that fails runs one text at a time.
 */
export type Batching = 'single' | 'exact' | 'padded';

export interface Limits {
  readonly rows: number;
  /** Rows times the length of the longest. */
  readonly tokens: number;
}

/** Padding may make up at most this part of a padded batch; beyond it a shorter batch is quicker. */
const WASTE = 0.2;

/**
 * Cuts texts 0 … n−1 into batches of indices, shortest first. Each index is in one batch; a batch of exact batching
 * has texts of one length only, one of padded batching at most a fifth of padding.
 */
export function cut(lengths: readonly number[], batching: Batching, limits: Limits): readonly (readonly number[])[] {
  const order = [...lengths.keys()].toSorted((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  if (batching === 'single') return order.map((index) => [index]);
  const batches: number[][] = [];
  let batch: number[] = [];
  let sum = 0;
  for (const index of order) {
    const length = lengths[index] ?? 0;
    const shortest = lengths[batch[0] ?? index] ?? 0;
    const size = (batch.length + 1) * length;
    const full = batch.length >= limits.rows || size > limits.tokens;
    const apart = batching === 'exact' ? length !== shortest : size - sum - length > WASTE * size;
    if (batch.length > 0 && (full || apart)) {
      batches.push(batch);
      [batch, sum] = [[], 0];
    }
    batch.push(index);
    sum += length;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}

/** The rows to run for a batch: a text alone runs twice in exact batching, and the second answer is dropped. */
export function rowsOf(batch: readonly number[], batching: Batching): readonly number[] {
  return batching === 'exact' && batch.length === 1 ? [...batch, ...batch] : batch;
}
