/** Runs the built-in processors that ask a model. */
import type { BoundOperator } from '../../../typecheck/typed.ts';
import type { Value } from '../../../typecheck/types.ts';
import type { Vector } from '../../batch.ts';
import { RunError } from '../../errors.ts';
import { ModelError } from '../../models/errors.ts';
import type { Answer, Json, JsonObject, Model } from '../../models/model.ts';
import { stringVector, textAt } from '../../vectors.ts';
import { answerCollector } from '../answers.ts';
import type { OperatorContext } from '../context.ts';
import { OutputRow } from '../row.ts';
import type { ProcessorAnswer, ProcessorRunner, RowFailure } from '../runner.ts';
import type { TextTask } from './tasks.ts';
import { textTasks } from './tasks.ts';

/** The task of each built-in that has but one. */
const TASKS: ReadonlyMap<string, string> = new Map([
  ['TextClassifier', 'text-classification'],
  ['Translator', 'translation'],
]);

/** Options that transformers.js calls otherwise; the rest go by their own names. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['sourceLanguage', 'src_lang'],
  ['targetLanguage', 'tgt_lang'],
  ['labels', 'candidate_labels'],
]);

/** Options of one task or a few, which another would not know. */
const ONLY_FOR: ReadonlyMap<string, readonly string[]> = new Map([
  ['topK', ['text-classification', 'sentiment-analysis', 'fill-mask', 'question-answering']],
  ['labels', ['zero-shot-classification']],
  ['question', ['question-answering']],
  ['pooling', ['feature-extraction']],
  ['normalize', ['feature-extraction']],
]);

const NOT_FOR_THE_MODEL: ReadonlySet<string> = new Set(['task', 'model', 'timeoutMs']);

/** A runner of TextClassifier, Translator or Transformer; `open` rejects with a ModelError where the model cannot be had. */
export function modelRunner(operator: BoundOperator, context: OperatorContext, memoise = true): ProcessorRunner {
  const options = new Map(operator.options);
  const task = TASKS.get(operator.signature.name) ?? textOption(options, 'task');
  const reading = textTasks.get(task);
  if (reading === undefined) throw new Error(`no text task ${task}`);
  const timeout = options.get('timeoutMs');
  const limits = { memoise, signal: context.signal, ...(typeof timeout === 'number' ? { timeoutMs: timeout } : {}) };
  let model: Model | null = null;
  return {
    open: async () => {
      model = await blaming(operator, context, () =>
        context.model(task, textOption(options, 'model'), modelOptions(task, options)),
      );
    },
    run: async ([texts], length) => {
      const open = model;
      if (open === null || texts === undefined) throw new Error(`${operator.signature.name} is not open`);
      const asked = textsOf(texts, length);
      const answers = await blaming(operator, context, () => open.infer(asked, limits));
      return collect(operator, reading, answers, length);
    },
    close: async () => {
      model = null;
    },
  };
}

/** A ModelError ends the job, at the operator's place in the script; a cancelled call rejects with the reason of the cancelling. */
async function blaming<T>(
  { signature, span }: BoundOperator,
  { signal }: OperatorContext,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof ModelError)) throw thrown;
    const { code, message, tried, help } = thrown.failure;
    const lines = [`${signature.name}: ${message}`, ...tried.map((one) => `  tried: ${one}`)];
    throw new RunError(code, lines.join('\n'), { help, span, cause: thrown });
  }
}

function textOption(options: ReadonlyMap<string, Value>, name: string): string {
  const value = options.get(name);
  return typeof value === 'string' ? value : '';
}

function textsOf(vector: Vector, length: number): readonly string[] {
  const texts = stringVector(vector);
  return Array.from({ length }, (_, row) => textAt(texts, row));
}

function modelOptions(task: string, options: ReadonlyMap<string, Value>): JsonObject {
  const used = [...options].filter(
    ([name, value]) => value !== null && !NOT_FOR_THE_MODEL.has(name) && (ONLY_FOR.get(name)?.includes(task) ?? true),
  );
  return Object.fromEntries(used.map(([name, value]) => [RENAMED.get(name) ?? name, jsonOf(value)]));
}

/** Options are constants of scripts: none is bytes. */
function jsonOf(value: Value): Json {
  return value instanceof Uint8Array ? null : (value as Json);
}

function collect(operator: BoundOperator, task: TextTask, answers: readonly Answer[], length: number): ProcessorAnswer {
  const { name } = operator.signature;
  const collector = answerCollector(operator.outputs, length);
  for (let row = 0; row < length; row++) {
    const answer = answers[row];
    const rows = answer?.kind === 'answer' ? task.read(answer.value) : null;
    if (rows !== null) for (const values of rows) collector.add(row, new OutputRow(values));
    else collector.fail(refusal(name, row, answer));
  }
  return collector.finish(length);
}

function refusal(operator: string, row: number, answer: Answer | undefined): RowFailure {
  return answer?.kind === 'refusal'
    ? { row, code: answer.code, message: `${operator}: ${answer.message}`, cause: null }
    : { row, code: 'PR4010', message: `${operator}: the model gave no usable answer`, cause: null };
}
