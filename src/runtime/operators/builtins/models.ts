/** The signatures of the built-in processors that ask a model. */
import type { ColumnSignature, OperatorSignature, OptionSignature, Options } from '../../../typecheck/signature.ts';
import { STRING } from '../../../typecheck/types.ts';
import { option } from './options.ts';
import { textTasks } from './tasks.ts';

const model = option('model', 'string', 'a folder, relative to the script, or the name of a model on the hub', {
  required: true,
});

const loading: readonly OptionSignature[] = [
  option('dtype', 'string', 'the weights to load; what the model prefers where left out', {
    oneOf: ['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'],
  }),
  option('allowRemote', 'bool', 'fetch the model from the hub where it is not here', { fallback: false }),
  option('revision', 'string', 'the version of a model on the hub', { fallback: 'main' }),
  option(
    'batching',
    'string',
    'exact: an answer depends on its text alone; padded: quicker, may differ in the last digits',
    {
      fallback: 'exact',
      oneOf: ['exact', 'padded'],
    },
  ),
  option(
    'timeoutMs',
    'int',
    'the longest a worker may take over its share of a batch; a text that is too slow by itself fails its row',
  ),
];

const topK = option('topK', 'int', 'how many answers for each text, the likeliest first: a row for each', {
  fallback: 1,
});
const maxNewTokens = option('maxNewTokens', 'int', 'the longest text the model may make, in tokens');
const sourceLanguage = option('sourceLanguage', 'string', "the text's language, for models that know several");
const targetLanguage = option('targetLanguage', 'string', 'the language to translate to, for models that know several');

export const models: readonly OperatorSignature[] = [
  processor('TextClassifier', 'The class that a model finds for a text, and how sure it is (0 to 1).', {
    options: [model, topK, ...loading],
    outputs: outputsOf('text-classification'),
  }),
  processor('Translator', 'A text in another language.', {
    options: [model, sourceLanguage, targetLanguage, maxNewTokens, ...loading],
    outputs: outputsOf('translation'),
  }),
  processor('Transformer', 'Any task over text that a transformers.js model can do.', {
    options: [
      option('task', 'string', 'what the model is to do', { required: true, oneOf: [...textTasks.keys()] }),
      model,
      topK,
      option('labels', 'string[]', 'the classes to choose from (zero-shot-classification)'),
      option('question', 'string', 'what to ask of each text (question-answering)'),
      option('pooling', 'string', 'how tokens become one vector (feature-extraction)', {
        fallback: 'mean',
        oneOf: ['mean', 'cls'],
      }),
      option('normalize', 'bool', 'scale vectors to length 1 (feature-extraction)', { fallback: false }),
      maxNewTokens,
      sourceLanguage,
      targetLanguage,
      ...loading,
    ],
    outputs: transformerOutputs,
  }),
];

function processor(
  name: string,
  doc: string,
  { options, outputs }: Pick<OperatorSignature, 'options' | 'outputs'>,
): OperatorSignature {
  return {
    kind: 'operator',
    role: 'processor',
    name,
    module: null,
    inputs: [{ name: 'text', type: STRING }],
    options,
    outputs,
    edits: [],
    appends: [],
    deletes: [],
    fails: [],
    deterministic: true,
    costly: true,
    doc,
  };
}

function outputsOf(task: string): readonly ColumnSignature[] {
  return textTasks.get(task)?.outputs ?? [];
}

function transformerOutputs(options: Options): readonly ColumnSignature[] | string {
  const name = options.get('task');
  const task = typeof name === 'string' ? textTasks.get(name) : undefined;
  if (task === undefined) return `task is one of ${[...textTasks.keys()].join(', ')}`;
  if (name === 'zero-shot-classification' && !options.has('labels'))
    return 'it needs labels = ["…", "…"] for this task';
  if (name === 'question-answering' && !options.has('question')) return 'it needs question = "…" for this task';
  return task.outputs;
}
