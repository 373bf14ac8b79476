/** The lab's Exercise 3 as a program: operators declare what they repair, and the builder needs no clause for it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CsvWriter, JobBuilder, LineReader, Processor } from '../../src/api/index.ts';
import type { Row } from '../../src/api/index.ts';

class Language extends Processor.declare({ inputs: { text: 'string' }, outputs: { language: 'string' } }) {
  override call(row: Row<typeof Language>) {
    return row.with({ language: row.get('text').endsWith('!') ? 'de' : 'en' });
  }
}

class LineTranslator extends Processor.declare({
  inputs: { line: 'string' },
  outputs: { translated: 'string' },
  appends: ['line'],
}) {
  override *call(row: Row<typeof LineTranslator>) {
    const translated = row.get('line').slice(0, -1);
    yield row.append({ line: translated });
    yield row.with({ translated });
  }
}

describe('repairs in a program', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-builder-'));
    writeFileSync(join(folder, 'r.txt'), 'hello\nhallo!\nweg!!\ngood\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('send translations back to the classifier, and write what the script writes', async () => {
    const job = new JobBuilder({ folder });
    const classified = job
      .extract({ using: new LineReader({ from: 'r.txt', outCol: 'line' }) })
      .process({ using: new Language({ text: 'line' }) })
      .assert({ predicate: "language == 'en' || attempts(line) == 0", otherwise: 'DROP' })
      .getNode();
    job
      .where({ inp: classified, predicate: "language == 'en'" })
      .output({ using: new CsvWriter({ to: 'english.csv', order: ['line'] }) });
    job
      .where({ inp: classified, predicate: "language != 'en'" })
      .process({ using: new LineTranslator({ line: 'line' }) })
      .output({ using: new CsvWriter({ to: 'translations.csv', order: ['line', 'translated'] }) });
    await job.run();
    expect(readFileSync(join(folder, 'english.csv'), 'utf8')).to.equal('line\nhello\nhallo\ngood\n');
    expect(readFileSync(join(folder, 'translations.csv'), 'utf8')).to.equal(
      'line,translated\nhallo!,hallo\nweg!!,weg!\n',
    );
  });
});
