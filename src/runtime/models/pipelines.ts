import {
  LogitsProcessor,
  LogitsProcessorList,
  PreTrainedModel,
  PreTrainedTokenizer,
  Tensor,
  pipeline,
} from '@xenova/transformers';
import type { Answer, JsonObject } from './model.ts';
import type { LoadOrder } from './protocol.ts';
import { answerOf } from './protocol.ts';
import type { Runner } from './runner.ts';
import { encode, inBatches } from './runner.ts';
import { sessionOptions } from './session.ts';
import { textTasks } from './tasks.ts';

/** What all pipelines over text have in common, seen from outside: their argument lists differ by task. */
interface TextPipeline {
  (...args: readonly unknown[]): Promise<unknown>;
  readonly tokenizer: PreTrainedTokenizer;
  readonly model: PreTrainedModel;
  dispose(): Promise<unknown>;
}

type PipelineTask = Parameters<typeof pipeline>[0];

/** Every task but classification goes through the library's own pipeline. */
export async function loadPipeline(order: LoadOrder): Promise<Runner> {
  if (!isTask(order.task)) throw new Error(`unsupported task ${order.task}`);
  const pipe: unknown = await pipeline(order.task, order.folder, sessionOptions(order));
  if (!isTextPipeline(pipe)) throw new Error(`task ${order.task} gave no pipeline over text`);
  switch (textTasks.get(order.task)?.form) {
    case 'generate':
      return batched(order, pipe, (texts, call) => generate(pipe, texts, call));
    case 'embed':
      return batched(order, pipe, (texts, call) => embed(pipe, texts, call));
    default:
      return batched({ ...order, batching: 'single' }, pipe, async ([text = ''], call) => [
        await each(pipe, order.task, text, call),
      ]);
  }
}

export function isTask(name: string): name is PipelineTask {
  return textTasks.has(name);
}

function isTextPipeline(value: unknown): value is TextPipeline {
  return (
    typeof value === 'function' &&
    'tokenizer' in value &&
    value.tokenizer instanceof PreTrainedTokenizer &&
    'model' in value &&
    value.model instanceof PreTrainedModel
  );
}

function batched(
  order: LoadOrder,
  pipe: TextPipeline,
  run: (texts: readonly string[], call: JsonObject) => Promise<readonly Answer[]>,
): Runner {
  const { batching, limits } = order;
  return {
    batching,
    dispose: () => pipe.dispose(),
    run: (texts, call) => {
      const lengths =
        batching === 'single' ? texts.map(() => 0) : texts.map((text) => encode(pipe.tokenizer, text).length);
      return inBatches(lengths, batching, limits, (batch) =>
        run(
          batch.map((index) => texts[index] ?? ''),
          call,
        ),
      );
    },
  };
}

/** Translation, summaries, text2text: the decoder stops for each row where that row ends, not where the batch does. */
async function generate(pipe: TextPipeline, texts: readonly string[], call: JsonObject): Promise<readonly Answer[]> {
  const stop = new LogitsProcessorList();
  const ends = endTokens(pipe.model);
  if (ends.length > 0) stop.push(new AfterEnd(ends));
  const outputs = await pipe(texts, { ...call, logits_processor: stop });
  return Array.isArray(outputs) ? outputs.map(answerOf) : [answerOf(outputs)];
}

/**
 * Once a row has ended, only its end token follows. transformers.js decodes a batch until all rows end with that token
 * at one time; without this, rows that ended early go on and their texts get a tail that depends on the batch.
 */
class AfterEnd extends LogitsProcessor {
  readonly #ends: readonly number[];

  constructor(ends: readonly number[]) {
    super();
    this.#ends = ends;
  }

  override _call(rows: bigint[][], logits: Tensor): Tensor {
    const width = logits.dims.at(-1) ?? 0;
    rows.forEach((row, at) => {
      const last = Number(row.at(-1));
      // Some decoders start with the end token: the first place does not count.
      if (row.length < 2 || !this.#ends.includes(last)) return;
      const scores = logits.data.subarray(at * width, (at + 1) * width);
      scores.fill(Number.NEGATIVE_INFINITY);
      scores[last] = 0;
    });
    return logits;
  }
}

function endTokens(model: PreTrainedModel): readonly number[] {
  const end: unknown = model.generation_config?.eos_token_id ?? Reflect.get(model.config, 'eos_token_id');
  return (Array.isArray(end) ? end : [end]).filter((id) => typeof id === 'number');
}

async function embed(pipe: TextPipeline, texts: readonly string[], call: JsonObject): Promise<readonly Answer[]> {
  const output = await pipe(texts, call);
  const rows: unknown = output instanceof Tensor ? output.tolist() : [];
  return Array.isArray(rows) ? rows.map(answerOf) : [];
}

async function each(pipe: TextPipeline, task: string, text: string, call: JsonObject): Promise<Answer> {
  const { candidate_labels: labels, question, ...rest } = call;
  switch (task) {
    case 'zero-shot-classification':
      return answerOf(await pipe(text, labels, rest));
    case 'question-answering':
      return answerOf(await pipe(question, text, rest));
    default:
      return answerOf(await pipe(text, call));
  }
}
