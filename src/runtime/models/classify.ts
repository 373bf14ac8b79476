import { AutoModelForSequenceClassification, AutoTokenizer, Tensor } from '@xenova/transformers';
import type { PreTrainedModel, PreTrainedTokenizer } from '@xenova/transformers';
import type { Answer, JsonObject } from './model.ts';
import type { Batching } from './batches.ts';
import type { LoadOrder } from './protocol.ts';
import type { Runner } from './runner.ts';
import { encode, inBatches } from './runner.ts';
import { sessionOptions } from './session.ts';

/** One row of scores before softmax, a number for each class. */
type Logits = ArrayLike<number>;

/**
 * Text classification past the pipeline wrapper, which costs as much as a small model: tokens in, logits out, softmax
 * here. The answers are those of `TextClassificationPipeline`, to the bit where the batch is the same.
 */
export async function loadClassifier(order: LoadOrder): Promise<Runner> {
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(order.folder),
    AutoModelForSequenceClassification.from_pretrained(order.folder, sessionOptions(order)),
  ]);
  const labels = labelsOf(model.config);
  const multiple = setting(model.config, 'problem_type') === 'multi_label_classification';
  const steady = order.batching !== 'exact' || (await isSteady(tokenizer, model));
  const batching: Batching = steady ? order.batching : 'single';
  return {
    batching,
    dispose: () => model.dispose(),
    run: (texts, call) => {
      const ids = texts.map((text) => encode(tokenizer, text));
      const lengths = ids.map((one) => one.length);
      return inBatches(lengths, batching, order.limits, async (batch) => {
        const logits = await runBatch(
          tokenizer,
          model,
          batch.map((index) => ids[index] ?? []),
        );
        return batch.map((_, at) => rank(logits[at] ?? [], labels, multiple, call));
      });
    },
  };
}

/**
 * Tries the law of batches.ts on this model: rows of one length must have the same logits, to the bit, in a batch of
 * two and in a batch of five at another place.
 */
async function isSteady(tokenizer: PreTrainedTokenizer, model: PreTrainedModel): Promise<boolean> {
  const ids = encode(tokenizer, 'The tea was warm, but 3 of the 4 cups were chipped.');
  const rows = [0, 1, 2, 3, 4].map((by) => [...ids.slice(by), ...ids.slice(0, by)]);
  const together = await runBatch(tokenizer, model, rows);
  for (const [place, row] of rows.entries()) {
    const [first = [], second = []] = await runBatch(tokenizer, model, [row, row]);
    const other = together[place] ?? [];
    if (Array.from(first).some((value, at) => value !== second[at] || value !== other[at])) return false;
  }
  return true;
}

async function runBatch(
  tokenizer: PreTrainedTokenizer,
  model: PreTrainedModel,
  rows: readonly (readonly number[])[],
): Promise<readonly Logits[]> {
  const width = Math.max(...rows.map((row) => row.length));
  const ids = new BigInt64Array(rows.length * width).fill(BigInt(tokenizer.pad_token_id ?? 0));
  const mask = new BigInt64Array(rows.length * width);
  rows.forEach((row, place) => {
    const start = place * width + (tokenizer.padding_side === 'left' ? width - row.length : 0);
    row.forEach((id, at) => (ids[start + at] = BigInt(id)));
    mask.fill(1n, start, start + row.length);
  });
  const dims = [rows.length, width];
  const output: unknown = await model({
    input_ids: new Tensor('int64', ids, dims),
    attention_mask: new Tensor('int64', mask, dims),
  });
  const logits = setting(output, 'logits');
  if (!(logits instanceof Tensor) || logits.dims.length !== 2 || logits.dims[0] !== rows.length) return [];
  const data: Logits = logits.to('float32').data;
  const classes = logits.dims[1] ?? 0;
  return rows.map((_, place) => Array.prototype.slice.call(data, place * classes, (place + 1) * classes));
}

/**
 * Scores as transformers.js computes them, so that they are equal to the bit: softmax, or a sigmoid for each class,
 * with each step rounded to single precision. The likeliest class comes first, of equal ones the first in the model's
 * order. `top_k` is 1 unless the call has it; null gives all classes.
 */
export function rank(logits: Logits, labels: readonly string[], multiple: boolean, call: JsonObject): Answer {
  const values = Array.from(logits);
  if (values.length === 0 || !values.every(Number.isFinite)) {
    const message = `the model gave no scores: ${values.length === 0 ? 'its output has the wrong shape' : 'NaN or infinite'}`;
    return { kind: 'refusal', code: 'PR4010', message };
  }
  const scores = multiple ? values.map((value) => 1 / (1 + Math.exp(-value))) : softmax(values);
  const all = scores.map((score, at) => ({ label: labels[at] ?? `LABEL_${at}`, score: Math.fround(score) }));
  const k = call['top_k'] === undefined ? 1 : call['top_k'];
  if (k === 1) return { kind: 'answer', value: all.reduce((best, one) => (one.score > best.score ? one : best)) };
  const ranked = all.toSorted((a, b) => b.score - a.score);
  return { kind: 'answer', value: typeof k === 'number' ? ranked.slice(0, k) : ranked };
}

function softmax(values: readonly number[]): readonly number[] {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.fround(Math.exp(value - largest)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Class names in the order of the logits, from config.json's `id2label`. */
function labelsOf(config: unknown): readonly string[] {
  const names: string[] = [];
  const table = setting(config, 'id2label');
  if (typeof table !== 'object' || table === null) return names;
  for (const [id, label] of Object.entries(table)) names[Number(id)] = String(label);
  return names;
}

function setting(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}
