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

  it('take the columns that an operator repairs from the call, as the lab does', async () => {
    class Undeclared extends Processor.declare({ inputs: { text: 'string' }, outputs: { translated: 'string' } }) {
      override *call(row: Row<typeof Undeclared>) {
        const text = row.get('text');
        if (text === 'weg!!') yield row.delete(['text']);
        else if (text === 'gut!') yield row.edit({ text: 'good' });
        else if (text.endsWith('!')) yield row.append({ text: text.slice(0, -1) });
        yield row.with({ translated: text });
      }
    }
    writeFileSync(join(folder, 's.txt'), 'hello\nhallo!\nweg!!\ngut!\n');
    const job = new JobBuilder({ folder });
    job
      .extract({ using: new LineReader({ from: 's.txt', outCol: 'line' }) })
      .assert({ predicate: "!line.endsWith('!') || attempts(line) == 0", otherwise: 'DROP' })
      .process({
        using: new Undeclared({ text: 'line' }),
        editCols: ['line'],
        appendCols: ['line'],
        deleteCols: ['line'],
      })
      .output({ using: new CsvWriter({ to: 'cols.csv', order: ['line', 'translated'] }) });
    await job.run();
    expect(readFileSync(join(folder, 'cols.csv'), 'utf8')).to.equal(
      'line,translated\nhello,hello\nhallo!,hallo!\nhallo,hallo\ngood,good\n',
    );
    const wrong = new JobBuilder({ folder }).extract({ using: new LineReader({ from: 's.txt', outCol: 'line' }) });
    expect(() => wrong.process({ using: new Undeclared({ text: 'line' }), editCols: ['lin'] })).to.throw(
      'process(): editCols names lin, which no input is bound to (bound are: line)',
    );
  });

  it('take ON ERROR and conjectures, and say what a script says', async () => {
    class Picky extends Processor.declare({ inputs: { text: 'string' }, outputs: { kind: 'string' } }) {
      override call(row: Row<typeof Picky>) {
        if (row.get('text').endsWith('!')) throw new Error('too loud');
        return row.with({ kind: 'calm' });
      }
    }
    class Patient extends Processor.declare({ inputs: { text: 'string' }, outputs: { kind: 'string' } }) {
      override call(row: Row<typeof Patient>) {
        if (row.get('text').endsWith('!!')) throw new Error('far too loud');
        return row.with({ kind: 'loud' });
      }
    }
    const job = new JobBuilder({ folder });
    job
      .extract({ using: new LineReader({ from: 'r.txt', outCol: 'line' }), onError: 'DROP' })
      .process({
        using: [new Picky({ text: 'line' }), new Patient({ text: 'line' })],
        onError: 'RETRY kind ELSE EDIT line = line.slice(0, -1) LIMIT 1 ELSE DROP',
      })
      .select({ items: ['line', 'kind', '4 % (line.length - 5) AS rest'], onError: 'ROUTE TO five' })
      .output({ using: new CsvWriter({ to: 'kinds.csv' }) });
    job.output({ inp: job.getNode('five'), using: new CsvWriter({ to: 'five.csv', order: ['line', 'kind'] }) });
    expect(job.toScript()).to.include('ON ERROR RETRY kind ELSE EDIT line = line.slice(0, -1) LIMIT 1 ELSE DROP;');
    await job.run();
    expect(readFileSync(join(folder, 'kinds.csv'), 'utf8')).to.equal(
      'line,kind,rest\nhallo!,loud,0\nweg!,loud,0\ngood,calm,0\n',
    );
    expect(readFileSync(join(folder, 'five.csv'), 'utf8')).to.equal('line,kind\nhello,calm\n');
  });
});
