/** What the whole-script example of docs/language.md imports. */
import { Processor, type Row } from 'pyscope';

export class SpellChecker extends Processor.declare({
  inputs: { text: 'string' },
  outputs: { corrected: 'string' },
  edits: ['text'],
  doc: 'The text without its misspellings.',
}) {
  override call(row: Row<typeof SpellChecker>) {
    return row.with({ corrected: row.get('text').replaceAll('teh', 'the') });
  }
}
