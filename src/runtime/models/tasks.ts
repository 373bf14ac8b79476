/**
 * The transformers.js tasks whose input is one text. `form` says how texts can go through the model together:
 *
 * - `classify`: tokenise, run and read the scores here, past the pipeline wrapper;
 * - `generate`: an encoder-decoder, batched through the pipeline;
 * - `embed`: an encoder, batched through the pipeline;
 * - `each`: one text a call, because the pipeline works that way or because a batch would have to be padded.
 *
 * `needs` is an option that the task cannot do without; `head` is how the class name in config.json ends for a model made
 * for the task, where that is certain.
 */
export interface Task {
  readonly form: 'classify' | 'generate' | 'embed' | 'each';
  readonly needs?: string;
  readonly head?: string;
}

export const textTasks: ReadonlyMap<string, Task> = new Map<string, Task>([
  ['text-classification', { form: 'classify', head: 'ForSequenceClassification' }],
  ['sentiment-analysis', { form: 'classify', head: 'ForSequenceClassification' }],
  ['translation', { form: 'generate' }],
  ['summarization', { form: 'generate' }],
  ['text2text-generation', { form: 'generate' }],
  ['feature-extraction', { form: 'embed' }],
  ['token-classification', { form: 'each', head: 'ForTokenClassification' }],
  ['fill-mask', { form: 'each', head: 'ForMaskedLM' }],
  ['text-generation', { form: 'each' }],
  ['zero-shot-classification', { form: 'each', needs: 'candidate_labels', head: 'ForSequenceClassification' }],
  ['question-answering', { form: 'each', needs: 'question', head: 'ForQuestionAnswering' }],
]);
