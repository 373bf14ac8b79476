/** A program that uses a model and then just ends; run by faults.test.ts. */
import { readLabel } from '../../../src/runtime/models/answers.ts';
import { createModelHost } from '../../../src/runtime/models/host.ts';
import { shipped } from './support.ts';

const model = await createModelHost().open(shipped('text-classification', 'sentiment-en-tiny'));
for (const answer of await model.infer(['I am very happy today'])) {
  console.log(answer.kind === 'answer' ? readLabel(answer.value)?.label : answer.message);
}
