/** Repairs that operators yield, and what ON ERROR repairs. */
import { expect } from 'chai';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row, RowBatch } from '../../../src/runtime/operators/row.ts';
import { failureOf, filesOf, runScript } from './support.ts';

class Language extends Processor.declare({ inputs: { text: 'string' }, outputs: { language: 'string' } }) {
  override call(row: Row<typeof Language>) {
    return row.with({ language: row.get('text').endsWith('!') ? 'de' : 'en' });
  }
}

/** The lab's translator: its answer goes back to where the line came from, and out as a row. */
class Translator extends Processor.declare({
  inputs: { line: 'string' },
  outputs: { translated: 'string' },
  appends: ['line'],
}) {
  override *call(row: Row<typeof Translator>) {
    const translated = row.get('line').slice(0, -1);
    yield row.append({ line: translated });
    yield row.with({ translated });
  }
}

class Speller extends Processor.declare({
  inputs: { word: 'string', count: 'int' },
  outputs: { length: 'int' },
  edits: ['word', 'count'],
  deletes: ['word'],
}) {
  override call(row: Row<typeof Speller>) {
    const word = row.get('word');
    if (word === 'film?') return row.edit({ word: 'film', count: row.get('count') + 10 });
    if (word === '') return row.delete(['word']);
    if (word === 'none') return row.edit({});
    return row.with({ length: word.length });
  }
}

class Longer extends Processor.declare({ inputs: { word: 'string' }, outputs: { length: 'int' }, edits: ['word'] }) {
  override call(row: Row<typeof Longer>) {
    return row.edit({ word: `${row.get('word')}o` });
  }
}

class Sly extends Processor.declare({ inputs: { word: 'string' }, outputs: { length: 'int' }, edits: ['word'] }) {
  override call(row: Row<typeof Sly>) {
    return row.delete(['word']);
  }
}

class Fussy extends Processor.declare({ inputs: { word: 'string' }, outputs: { ok: 'string' } }) {
  override call(row: Row<typeof Fussy>) {
    if (row.get('word').endsWith('!')) throw new Error('too loud');
    return row.with({ ok: row.get('word') });
  }
}

class Patient extends Processor.declare({ inputs: { word: 'string' }, outputs: { ok: 'string' } }) {
  override call(row: Row<typeof Patient>) {
    return row.with({ ok: `${row.get('word')} (patient)` });
  }
}

/** Rows of each call. */
const asked: { readonly guess: string[][]; readonly sure: string[][] } = { guess: [], sure: [] };

class Guess extends Processor.declare({ inputs: { word: 'string' }, outputs: { ok: 'bool' } }) {
  override callBatch(batch: RowBatch<typeof Guess>) {
    asked.guess.push([...batch.get('word')]);
    return batch.with({ ok: batch.get('word').map((word) => word.length % 3 === 0) });
  }
}

class Sure extends Processor.declare({ inputs: { word: 'string' }, outputs: { ok: 'bool' } }) {
  override callBatch(batch: RowBatch<typeof Sure>) {
    asked.sure.push([...batch.get('word')]);
    return batch.with({ ok: batch.get('word').map((word) => word.length % 2 === 0) });
  }
}

/** Speller's repairs, from batches; and all four forms in one. */
class BatchSpeller extends Processor.declare({
  inputs: { word: 'string', count: 'int', ok: 'bool' },
  outputs: { length: 'int' },
  edits: ['word', 'count'],
  appends: ['word'],
  deletes: ['word'],
  fails: ['ok'],
}) {
  override callBatch(batch: RowBatch<typeof BatchSpeller>) {
    const counts = batch.get('count');
    const ok = batch.get('ok');
    const repairs = batch.get('word').flatMap((word, row) => {
      if (word === 'film?') return [batch.edit(row, { word: 'film', count: (counts[row] ?? 0) + 10 })];
      if (word === 'twin') return [batch.append(row, { word: 'othersx' })];
      if (word === '') return [batch.delete(row, ['word'])];
      return ok[row] === true || word.endsWith('x') ? [] : [batch.fail(row, 'ok')];
    });
    return batch.with({ length: batch.get('word').map((word) => word.length) }, { repairs });
  }
}

class RowSpeller extends Processor.declare({
  inputs: { word: 'string', count: 'int', ok: 'bool' },
  outputs: { length: 'int' },
  edits: ['word', 'count'],
  appends: ['word'],
  deletes: ['word'],
  fails: ['ok'],
}) {
  override *call(row: Row<typeof RowSpeller>) {
    const word = row.get('word');
    if (word === 'film?') yield row.edit({ word: 'film', count: row.get('count') + 10 });
    else if (word === '') yield row.delete(['word']);
    else if (word === 'twin') yield row.append({ word: 'othersx' });
    else if (!row.get('ok') && !word.endsWith('x')) yield row.fail('ok');
    yield row.with({ length: word.length });
  }
}

const operators = { BatchSpeller, RowSpeller, Language, Translator, Speller, Longer, Sly, Fussy, Patient, Guess, Sure };
const IMPORTS = `IMPORT { ${Object.keys(operators).join(', ')} } FROM "./operators.ts";`;
const WORDS = `${IMPORTS} words = EXTRACT word: string, count: int FROM "words.csv" USING CsvReader();`;

describe('repairs of operators', () => {
  it('send translations back to the classifier, as the lab does in Exercise 3', async () => {
    const text = `${IMPORTS}
      lines = EXTRACT line: string FROM "r.txt" USING LineReader();
      classified = PROCESS lines USING Language(text = line);
      english = classified WHERE language == "en";
      foreign = classified WHERE language != "en" && attempts(line) == 0;
      translated = PROCESS foreign USING Translator(line = line);
      OUTPUT english TO "english.csv" USING CsvWriter(order = [line]);
      OUTPUT translated TO "translations.csv" USING CsvWriter(order = [line, translated]);`;
    for (const batchRows of [1, 2, 100]) {
      const files = await filesOf(text, { inputs: { 'r.txt': 'hello\nhallo!\nweg!!\ngood\n' }, operators, batchRows });
      expect(files['english.csv']).to.equal('line\nhello\nhallo\ngood\n');
      expect(files['translations.csv']).to.equal('line,translated\nhallo!,hallo\nweg!!,weg!\n');
    }
  });

  it('edit several columns of a row at once, and delete it', async () => {
    const text = `${WORDS} out = PROCESS words USING Speller(word = word, count = count);
      OUTPUT out TO "out.csv" USING CsvWriter(); OUTPUT words TO "words2.csv" USING CsvWriter();`;
    const { files, events } = await runScript(text, {
      inputs: { 'words.csv': 'word,count\nrice,1\nfilm?,2\n"",3\n' },
      operators,
    });
    expect(files['out.csv']).to.equal('word,count,length\nrice,1,4\nfilm,12,4\n');
    expect(files['words2.csv']).to.equal('word,count\nrice,1\nfilm,12\n');
    const repairs = events.flatMap((event) => (event.kind === 'repair' ? [`${event.repair}: ${event.reason}`] : []));
    expect(repairs).to.deep.equal(['edit: row.edit of Speller', 'delete: row.delete of Speller']);
  });

  it('are the same from rows and from batches: edit, append, delete and fail', async () => {
    const inputs = { 'words.csv': 'word,count\nsix,1\nfilm?,2\n"",3\ntwin,4\nab,5\nabx,6\nax,7\n' };
    for (const speller of ['BatchSpeller', 'RowSpeller']) {
      for (const batchRows of [1, 100]) {
        const text = `${WORDS} checked = PROCESS words USING Guess(word = word) ELSE Sure(word = word);
          out = PROCESS checked USING ${speller}(word = word, count = count, ok = ok); OUTPUT out TO "out.csv" USING CsvWriter();`;
        const { files, events } = await runScript(text, { inputs, operators, batchRows });
        // Guess holds for lengths of 3, 6 …, Sure for even ones.
        expect(files['out.csv']).to.equal(
          'word,count,ok,length\nsix,1,true,3\nfilm,12,true,4\ntwin,4,false,4\nothersx,4,false,7\nab,5,true,2\nabx,6,true,3\nax,7,false,2\n',
        );
        const repairs = events.flatMap((event) => (event.kind === 'repair' ? [event.repair] : []));
        expect(repairs.toSorted()).to.deep.equal(['append', 'delete', 'edit', 'retry', 'retry']);
      }
    }
  });

  it('end the job after eight on one chain, and show it', async () => {
    const text = `${WORDS} out = PROCESS words USING Longer(word = word); OUTPUT out TO "out.csv" USING CsvWriter();`;
    const error = await failureOf(text, { inputs: { 'words.csv': 'word,count\nn,1\n' }, operators });
    expect(error).to.include('words.csv:2: PR7001 out: row.edit of Longer');
    expect(error).to.include('"noooooo" → "nooooooo" → "noooooooo"');
  });

  it('are errors of their row where they are not declared or name nothing', async () => {
    const inputs = { 'words.csv': 'word,count\nnone,1\n' };
    const sly = `${WORDS} out = PROCESS words USING Sly(word = word); OUTPUT out TO "out.csv" USING CsvWriter();`;
    expect(await failureOf(sly, { inputs, operators })).to.include("PR3008 Sly repairs 'word' but does not declare it");
    const empty = `${WORDS} out = PROCESS words USING Speller(word = word, count = count) ON ERROR ROUTE TO bad;
      OUTPUT bad TO "bad.csv" USING CsvWriter();`;
    const files = await filesOf(empty, { inputs, operators });
    expect(files['bad.csv']).to.equal(
      'word,count,reason\nnone,1,PR3009: Speller calls row.edit with no input; name at least one\n',
    );
  });

  it('are refused where one of them would change columns that were computed at different places', async () => {
    const text = `${WORDS} more = SELECT word, count + 1 AS count FROM words;
      out = PROCESS more USING Speller(word = word, count = count); OUTPUT out TO "out.csv" USING CsvWriter();`;
    const error = await failureOf(text, { inputs: { 'words.csv': 'word,count\nfilm?,1\n' }, operators });
    expect(error).to.include('PR3009 Speller calls row.edit with columns that were computed at different places');
  });
});

describe('RETRY', () => {
  it('asks the next alternative for all rows of a pass at once, each row once, and for none that is dead', async () => {
    const text = `${WORDS} scored = PROCESS words USING Guess(word = word) ELSE Sure(word = word);
      out = scored ASSERT ok ELSE RETRY ok ELSE DROP;
      checked = out WHEN word == "none" EDIT word = "x" LIMIT 1;
      words WHEN word == "gone" DELETE word;
      OUTPUT out TO "out.csv" USING CsvWriter(order = [word]);`;
    const inputs = {
      'words.csv': 'word,count\none,1\nfour,2\nseven,3\ngone,4\neleven,5\nseventeen,6\ntwenty,7\nn,8\n',
    };
    for (const batchRows of [3, 100]) {
      asked.guess.length = 0;
      asked.sure.length = 0;
      const files = await filesOf(text, { inputs, operators, batchRows });
      expect(files['out.csv']).to.equal('word\none\nfour\neleven\nseventeen\ntwenty\n');
      expect(asked.guess.flat()).to.have.length(8);
      expect(asked.sure).to.deep.equal(batchRows === 3 ? [['four', 'seven'], ['n']] : [['four', 'seven', 'n']]);
    }
  });
});

describe('ON ERROR with repairs', () => {
  const inputs = { 'words.csv': 'word,count\nquiet,1\nloud!,2\nshout!!!,3\n' };
  const OUT = 'OUTPUT out TO "out.csv" USING CsvWriter(order = [word, ok]);';

  it('edits what the operator failed on, up to its LIMIT, and routes the rest with the balance kept', async () => {
    const text = `${WORDS} out = PROCESS words USING Fussy(word = word) ON ERROR EDIT word = word.slice(0, -1) LIMIT 2 ELSE ROUTE TO bad;
      ${OUT} OUTPUT bad TO "bad.csv" USING CsvWriter();`;
    for (const batchRows of [1, 100]) {
      const files = await filesOf(text, { inputs, operators, batchRows });
      expect(files['out.csv']).to.equal('word,ok\nquiet,quiet\nloud,loud\n');
      expect(files['bad.csv']).to.equal('word,count,reason\nshout!,3,PR3001: Fussy threw: too loud\n');
    }
  });

  it('deletes', async () => {
    const text = `${WORDS} out = PROCESS words USING Fussy(word = word) ON ERROR DELETE word; ${OUT}
      OUTPUT words TO "left.csv" USING CsvWriter(order = [word]);`;
    expect((await filesOf(text, { inputs, operators }))['left.csv']).to.equal('word\nquiet\n');
  });

  it('asks the next alternative by RETRY of what the operator yields', async () => {
    const text = `${WORDS} out = PROCESS words USING Fussy(word = word) ELSE Patient(word = word) ON ERROR RETRY ok ELSE DROP; ${OUT}`;
    const { files, events } = await runScript(text, { inputs, operators });
    expect(files['out.csv']).to.equal('word,ok\nquiet,quiet\nloud!,loud! (patient)\nshout!!!,shout!!! (patient)\n');
    expect(events.filter(({ kind }) => kind === 'repair')).to.have.length(2);
  });

  it('lets a failure count only for a row that settles', async () => {
    const text = `${WORDS} out = PROCESS words USING Fussy(word = word) WHEN ok == "" DELETE word; calm = words WHEN word.endsWith("!") EDIT word = "calm";
      ${OUT} OUTPUT calm TO "calm.csv" USING CsvWriter();`;
    expect((await filesOf(text, { inputs, operators }))['out.csv']).to.equal(
      'word,ok\nquiet,quiet\ncalm,calm\ncalm,calm\n',
    );
    const other = text.replace('word.endsWith("!")', 'word == "loud!"');
    expect(await failureOf(other, { inputs, operators })).to.include('words.csv:4: PR3001 Fussy threw: too loud');
  });

  it('keeps the row with nulls for what is produced, where that may be null', async () => {
    const kept = `${WORDS} out = PROCESS words USING Fussy(word = word) PRODUCE ok: string? ON ERROR KEEP;`;
    const rows = 'word,ok\nquiet,quiet\nloud!,\nshout!!!,\n';
    for (const batchRows of [1, 100]) {
      expect((await filesOf(`${kept} ${OUT}`, { inputs, operators, batchRows }))['out.csv']).to.equal(rows);
      const inside = `${kept} more = out WHEN ok == null && word == "loud!" EDIT word = "loud"; ${OUT} OUTPUT more TO "more.csv" USING CsvWriter();`;
      const files = await filesOf(inside, { inputs, operators, batchRows });
      expect(files['out.csv']).to.equal('word,ok\nquiet,quiet\nloud,loud\nshout!!!,\n');
    }
  });

  it('keeps the row where it stood, also where others of its batch are repaired', async () => {
    const text = `${WORDS} out = PROCESS words USING Fussy(word = word) PRODUCE ok: string? ON ERROR KEEP;
      more = out WHEN word == "d" EDIT word = "dd" LIMIT 1 ELSE KEEP; ${OUT} OUTPUT more TO "more.csv" USING CsvWriter();`;
    for (const batchRows of [1, 100]) {
      const files = await filesOf(text, {
        inputs: { 'words.csv': 'word,count\na,1\nb!,2\nc,3\nd,4\n' },
        operators,
        batchRows,
      });
      expect(files['out.csv']).to.equal('word,ok\na,a\nb!,\nc,c\ndd,dd\n');
    }
  });

  it('asks the next alternative of a row that was kept', async () => {
    const text = `${WORDS} out = PROCESS words USING Fussy(word = word) ELSE Fussy(word = word) ELSE Patient(word = word) PRODUCE ok: string?
        ON ERROR KEEP WHEN ok == null RETRY ok ELSE DROP;
      checked = out WHERE attempts(ok) < 9; ${OUT} OUTPUT checked TO "c.csv" USING CsvWriter();`;
    const files = await filesOf(text, { inputs, operators });
    expect(files['out.csv']).to.equal('word,ok\nquiet,quiet\nloud!,loud! (patient)\nshout!!!,shout!!! (patient)\n');
  });
});
