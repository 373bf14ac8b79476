/** The lab's own operator: it loads its model once, before the first row, and answers row by row. */
import { Processor, labelOf } from 'pyscope';
import type { Model, Row } from 'pyscope';

export class SentimentProcessor extends Processor.declare({
  inputs: { text: 'string' },
  outputs: { model: 'string', sentiment: 'string', confidence: 'float' },
  options: { model: { type: 'string', doc: 'the folder or hub name of a model that tells positive from negative' } },
  costly: true,
  doc: 'What a model thinks of a text: POSITIVE or NEGATIVE, and how sure it is, 0 to 1.',
}) {
  #pipeline: Model | null = null;

  override async preCall(): Promise<void> {
    this.#pipeline = await this.context.model('sentiment-analysis', this.options.model);
  }

  override postCall(): void {
    this.#pipeline = null;
  }

  override async *call(row: Row<typeof SentimentProcessor>) {
    const [answer] = (await this.#pipeline?.infer([row.get('text')])) ?? [];
    const { label, score } = labelOf(answer);
    yield row.with({ model: this.options.model, sentiment: label, confidence: score });
  }
}
