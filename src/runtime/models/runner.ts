import type { PreTrainedTokenizer } from '@xenova/transformers';
import type { Answer, JsonObject } from './model.ts';
import type { Batching, Limits } from './batches.ts';
import { cut, rowsOf } from './batches.ts';
import { textOf } from './errors.ts';
import { UNANSWERED } from './memory.ts';

/** A loaded model inside a worker. */
export interface Runner {
  /** May be stricter than what was ordered. */
  readonly batching: Batching;
  run(texts: readonly string[], call: JsonObject): Promise<Ran>;
  dispose(): Promise<unknown>;
}

export interface Ran {
  readonly answers: readonly Answer[];
  readonly batches: number;
}

/** The token ids of a text, cut at what the model takes; the only place that reads the tokenizer's loose type. */
export function encode(tokenizer: PreTrainedTokenizer, text: string): readonly number[] {
  return tokenizer(text, { truncation: true, return_tensor: false }).input_ids;
}

/**
 * Runs texts batch by batch and puts the answers back in the order of the texts. Each text is of the given length in
 * tokens; `run` gets the indices of a batch and returns an answer for each.
 */
export async function inBatches(
  lengths: readonly number[],
  batching: Batching,
  limits: Limits,
  run: (batch: readonly number[]) => Promise<readonly Answer[]>,
): Promise<Ran> {
  const answers: Answer[] = [];
  const batches = cut(lengths, batching, limits);
  for (const batch of batches) {
    const got = await isolated(batch, batching, run);
    batch.forEach((index, place) => {
      answers[index] = got[place] ?? UNANSWERED;
    });
  }
  return { answers, batches: batches.length };
}

/** A batch, and if it fails, its texts one by one: a text that the model cannot take must not cost the others theirs. */
async function isolated(
  batch: readonly number[],
  batching: Batching,
  run: (batch: readonly number[]) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  try {
    return await run(rowsOf(batch, batching));
  } catch (thrown) {
    if (batch.length === 1)
      return [{ kind: 'refusal', code: 'PR4011', message: `the model failed: ${textOf(thrown)}` }];
  }
  const answers: Answer[] = [];
  for (const index of batch) answers.push(...(await isolated([index], batching, run)).slice(0, 1));
  return answers;
}
