import { expect } from 'chai';
import type { TypedAction, TypedHandler } from '../../src/typecheck/typed.ts';
import { checkText, expectAt, expectClean, originText, rowset, schemaText, typed } from '../support/check.ts';

const LINES = 'lines = EXTRACT line: string, size: int?, note: string? FROM "a.csv";\n';
const SCORED = `${LINES}scored = PROCESS lines USING TextClassifier(text = line, model = "m") ELSE TextClassifier(text = line, model = "n");\n`;

/** A job with one clause behind a rowset, which it writes. */
const on = (source: string, clause: string) =>
  `${source === 'scored' ? SCORED : LINES}h = ${source} ${clause};\nOUTPUT h TO "h.tsv";\n`;
const routed = (text: string, ...names: readonly string[]) =>
  text + names.map((name) => `OUTPUT ${name} TO "${name}.tsv";\n`).join('');

function handler(text: string, label = 'h'): TypedHandler {
  const found = rowset(typed(text), label);
  if (found.kind !== 'handler') throw new Error(found.kind);
  return found;
}

/** `edit(8) → route → …`: the kinds of a ladder with the limits of its repairs. */
function ladderText(action: TypedAction): string {
  const own = 'limit' in action ? `${action.kind}(${action.limit})` : action.kind;
  return 'otherwise' in action ? `${own} → ${ladderText(action.otherwise)}` : own;
}

/** Where the repair of a handler goes back to: `lines.line`. */
function targetText(text: string): string {
  const script = typed(text);
  const found = rowset(script, 'h');
  if (found.kind !== 'handler' || !('target' in found.action)) throw new Error('no target');
  return found.action.target.origins
    .map(({ rowset, column }) => `${script.rowsets[rowset]?.label}.${column}`)
    .join(' ');
}

describe('an action', () => {
  it('is done 8 times where no LIMIT says how often, and then aborts', () => {
    expect(ladderText(handler(on('lines', 'WHEN line == "" EDIT line = "x"')).action)).to.equal('edit(8) → abort');
    expect(ladderText(handler(on('lines', 'WHEN line == "" EDIT line = "x" LIMIT 2 ELSE DROP')).action)).to.equal(
      'edit(2) → drop',
    );
    expect(
      ladderText(
        handler(on('scored', 'ASSERT score > 0.5 ELSE RETRY label ELSE EDIT line = line.trim() LIMIT 1 ELSE KEEP'))
          .action,
      ),
    ).to.equal('retry(8) → edit(1) → keep');
  });

  it('counts with constants', () => {
    expectClean(`DECLARE @n: int = 0;\n${on('lines', 'WHEN line == "" EDIT line = "x" LIMIT @n')}`);
    expectAt(`DECLARE @n: int = -1;\n${on('lines', 'WHEN line == "" EDIT line = "x" LIMIT «@n»')}`, 'PS2043');
  });

  it('standing alone fires on every row', () => {
    const found = handler(on('lines', 'APPEND line = line + "!" LIMIT 1'));
    expect([found.condition, found.fires, found.conditionText]).to.deep.equal([null, 'true', '']);
  });

  it('keeps the condition as fmt prints it, and the MESSAGE', () => {
    expect(handler(on('lines', 'ASSERT  line!="" ELSE DROP')).conditionText).to.equal('line != ""');
    expect(handler(on('lines', 'ASSERT line != "" MESSAGE "empty: " + line ELSE DROP')).message?.kind).to.equal('call');
    expectAt(on('lines', 'ASSERT line != "" MESSAGE «size» ELSE DROP'), 'PS3011');
    expectAt(on('lines', 'WHEN line == "" ABORT «size»'), 'PS3011');
  });
});

describe('behind a handler', () => {
  it('a column is not null that the rows which pass have shown', () => {
    expect(schemaText(typed(on('lines', 'ASSERT size != null ELSE DROP')), 'h')).to.equal(
      'line: string, size: int, note: string?',
    );
    expect(schemaText(typed(on('lines', 'WHEN note == null DELETE line')), 'h')).to.equal(
      'line: string, size: int?, note: string',
    );
    expect(schemaText(typed(on('lines', 'WHEN note == null KEEP')), 'h')).to.equal(
      'line: string, size: int?, note: string?',
    );
    expect(schemaText(typed(on('lines', 'ASSERT size != null ELSE EDIT size = 0 LIMIT 1 ELSE KEEP')), 'h')).to.equal(
      'line: string, size: int?, note: string?',
    );
  });

  it('the action sees what its condition has shown', () => {
    expectClean(on('lines', 'WHEN note != null EDIT line = note LIMIT 1'));
    expectAt(on('lines', 'WHEN size != null EDIT line = «note» LIMIT 1'), 'PS4004');
  });
});

describe('a repair goes back to the step that computed its column', () => {
  it('through steps that pass it on or rename it', () => {
    expect(
      targetText(on('(SELECT line AS text FROM lines) WHERE text != "x"', 'WHEN text == "" DELETE text')),
    ).to.equal('lines.line');
    expect(targetText(on('scored', 'WHEN score < 0.1 DELETE line'))).to.equal('lines.line');
    expect(targetText(on('scored', 'WHEN score < 0.1 DELETE label'))).to.equal('scored.label');
    expect(targetText(on('(SELECT line.trim() AS text FROM lines)', 'WHEN text == "" DELETE text'))).to.equal(
      'h/select.text',
    );
  });

  it('though it is not visible any more', () => {
    expect(targetText(on('(SELECT line, COUNT(*) AS n FROM lines GROUP BY line)', 'WHEN n > 9 DELETE size'))).to.equal(
      'lines.size',
    );
    expect(
      targetText(
        on('(SELECT word FROM lines CROSS APPLY EXPLODE(line.split(" ")) AS word)', 'WHEN word == "x" DELETE line'),
      ),
    ).to.equal('lines.line');
    expect(
      targetText(
        on(
          '(SELECT word.trim() AS w FROM lines CROSS APPLY EXPLODE(line.split(" ")) AS word)',
          'WHEN w == "x" DELETE word',
        ),
      ),
    ).to.equal('h/select.word');
    const exploding = 'SELECT word.trim() AS w FROM lines CROSS APPLY EXPLODE(line.split(" ")) AS word';
    expectAt(on(`(${exploding})`, 'WHEN w == "x" EDIT «word» = "y" LIMIT 1'), 'PS4018');
    expect(
      targetText(
        on('(SELECT word AS w FROM lines CROSS APPLY EXPLODE(line.split(" ")) AS word)', 'WHEN w == "x" DELETE w'),
      ),
    ).to.equal('h/select.w');
  });

  it('on both sides of a union', () => {
    const union = '((SELECT line FROM lines) UNION (SELECT note ?? "" AS line FROM lines))';
    expect(targetText(on(union, 'WHEN line == "" DELETE line'))).to.equal('lines.line h/select#2.line');
  });

  it('on the side that a qualifier names', () => {
    const joined = '(SELECT a.size AS x FROM lines AS a JOIN lines AS b ON a.line == b.line)';
    expect(targetText(on(joined, 'WHEN x == 0 DELETE b.note'))).to.equal('lines.note');
    expect(expectAt(on(joined, 'WHEN x == 0 DELETE «note»'), 'PS4002').help).to.equal(
      'say which: DELETE a.note or DELETE b.note',
    );
    expect(targetText(on('scored', 'WHEN score < 0.1 DELETE lines.line'))).to.equal('lines.line');
    expectAt(on('lines', 'WHEN line == "" DELETE «other.line»'), 'PS4001');
  });

  it('and nowhere else', () => {
    expect(expectAt(on('lines', 'WHEN line == "" DELETE «lien»'), 'PS4001').help).to.equal('did you mean line?');
  });
});

describe('EDIT and APPEND', () => {
  it('give values of the type the column has where it is computed', () => {
    expectClean(on('lines WHERE size != null', 'WHEN size < 0 EDIT size = null LIMIT 1'));
    expectAt(on('lines', 'WHEN line == "" EDIT line = «null» LIMIT 1'), 'PS4004');
    expectAt(on('lines', 'WHEN line == "" EDIT size = «0.5» LIMIT 1'), 'PS4004');
    expectAt(on('scored', 'WHEN score < 0 EDIT score = «"low"» LIMIT 1'), 'PS4004');
    const edit = handler(on('scored', 'WHEN score < 0 EDIT score = 1 LIMIT 1')).action;
    expect(edit.kind === 'edit' && edit.changes[0]?.value.type.kind).to.equal('float');
  });

  it('change columns of one step, each once', () => {
    expectClean(on('lines', 'WHEN line == "" EDIT line = "x", size = 0 LIMIT 1'));
    expectAt(on('scored', 'WHEN score < 0 EDIT line = "x", «label» = "y" LIMIT 1'), 'PS4003');
    expectAt(on('lines', 'WHEN line == "" EDIT line = "x", «line» = "y" LIMIT 1'), 'PS4016');
  });

  it('are noted without LIMIT, and warned of where they multiply', () => {
    expectAt(on('lines', 'WHEN line == "" «EDIT line = "x"»'), 'PS4009');
    const grouped = '(SELECT line, COUNT(*) AS n FROM lines GROUP BY line)';
    expectAt(on(grouped, 'WHEN n > 9 «APPEND size = 0»'), 'PS4010');
    expectAt(on(grouped, 'WHEN n > 9 «EDIT size = 0»'), 'PS4009');
    expectAt(
      on(
        '(SELECT a.line AS x, b.note FROM lines AS a JOIN lines AS b ON a.line == b.line)',
        'WHEN x == "" «APPEND x = "y"»',
      ),
      'PS4010',
    );
    expectClean(on(grouped, 'WHEN n > 9 APPEND size = 0 LIMIT 1'));
  });
});

describe('RETRY', () => {
  it('needs a conjecture to try next', () => {
    expectClean(on('scored', 'ASSERT score > 0.5 ELSE RETRY label'));
    expectAt(on('scored', 'ASSERT score > 0.5 ELSE RETRY «line»'), 'PS4005');
    expectAt(on('lines', 'ASSERT line != "" ELSE RETRY «line»'), 'PS4005');
  });

  it('… TIMES stands behind ON ERROR only', () => {
    expectAt(on('scored', 'WHEN score < 0 «RETRY 3 TIMES»'), 'PS4011');
    const process = 'PROCESS lines USING Translator(text = line, model = "m") ON ERROR';
    const retry = handler(on(process, 'RETRY 3 TIMES BACKOFF 250 ELSE DROP')).action;
    expect(retry.kind === 'retry-times' && [retry.times, retry.backoff, retry.otherwise.kind]).to.deep.equal([
      3,
      250,
      'drop',
    ]);
    expectAt(`DECLARE @n: int = 0;\n${on(process, 'RETRY «@n» TIMES')}`, 'PS2043');
  });
});

describe('a clause that can do nothing, or too much', () => {
  it('never fires', () => {
    expectAt(on('lines', 'WHEN «1 > 2» DROP'), 'PS4006');
    expectAt(on('lines', 'ASSERT «true» ELSE DROP'), 'PS4006');
    expectAt(`DECLARE @strict: bool = false;\n${on('lines', 'WHEN «@strict && line == ""» DROP')}`, 'PS4006');
  });

  it('always fires', () => {
    expectAt(on('lines', 'WHEN «true» ROUTE TO all').concat('OUTPUT all TO "all.csv";\n'), 'PS4007');
    expectAt(on('lines', 'ASSERT «1 > 2» ELSE DROP'), 'PS4007');
  });

  it('undoes another', () => {
    const fro = 'WHEN line == "b" EDIT line = "a" LIMIT 2';
    expectAt(on('lines', `WHEN line == "a" EDIT line = "b" LIMIT 2 «${fro}»`), 'PS4008');
    expectClean(on('lines', `WHEN line == "a" EDIT line = "c" LIMIT 2 ${fro}`));
    expectAt(on('lines', '«WHEN line.length < 3 EDIT line = "ab" LIMIT 2»'), 'PS4008');
    expectAt(on('lines', 'WHEN size == 0 APPEND line = "x" LIMIT 1 «WHEN line == "x" DELETE line»'), 'PS4008');
    const renamed = `${LINES}a = lines WHEN line == "a" EDIT line = "b" LIMIT 2;\nt = SELECT line AS text FROM a;\nu = t «WHEN text == "b" EDIT text = "a" LIMIT 2»;\nOUTPUT u TO "b.csv";\n`;
    expectAt(renamed, 'PS4008');
  });
});

describe('ON ERROR', () => {
  const process = 'PROCESS lines USING Translator(text = line, model = "m")';

  it('stands behind a step that can fail', () => {
    expectAt(on('lines', '«ON ERROR DROP»'), 'PS4012');
    expectAt(on('lines WHERE line != ""', '«ON ERROR DROP»'), 'PS4012');
    expectAt(on('(lines UNION lines)', '«ON ERROR DROP»'), 'PS4012');
    expectClean(on('SELECT 10 % (size ?? 1) AS n FROM lines', 'ON ERROR DROP'));
    expectAt(on(process, 'ON ERROR DROP «ON ERROR ABORT»'), 'PS4013');
  });

  it('guards the operator, wherever it stands among the clauses', () => {
    const script = typed(on(process, 'ASSERT translation != "" ELSE DROP ON ERROR DROP'));
    expect(script.rowsets.map((r) => (r.kind === 'handler' ? r.fires : r.kind))).to.deep.equal([
      'extract',
      'process',
      'error',
      'false',
    ]);
  });

  it('has no row to keep or to change', () => {
    expectAt(on(process, 'ON ERROR «KEEP»'), 'PS4014');
    expectAt('r = EXTRACT a FROM "a.csv" ON ERROR DELETE «a»;\nOUTPUT r TO "b.tsv";\n', 'PS4014');
    expectAt(on(process, 'ON ERROR DELETE «translation»'), 'PS4014');
    expectAt(on('SELECT 10 % (size ?? 1) AS n FROM lines', 'ON ERROR «KEEP»'), 'PS4014');
    expectAt(on('SELECT 10 % (size ?? 1) AS n FROM lines', 'ON ERROR EDIT «n» = 1 LIMIT 1'), 'PS4014');
    expectClean(on(process, 'ON ERROR EDIT line = line.slice(0, 100) LIMIT 1 ELSE DROP'));
  });

  it('keeps a row where all that it would have been given may be null', () => {
    expectClean(
      on('PROCESS lines USING Translator(text = line, model = "m") PRODUCE translation: string?', 'ON ERROR KEEP'),
    );
  });

  it('tells the sides of a join apart', () => {
    const join = 'SELECT 10 % (a.size ?? 1) AS n FROM lines AS a JOIN lines AS b ON a.line == b.line';
    expectAt(on(join, 'ON ERROR EDIT «size» = 1 LIMIT 1 ELSE DROP'), 'PS4002');
    expectClean(on(join, 'ON ERROR EDIT a.size = a.line.length + (b.size ?? 0) LIMIT 1 ELSE DROP'));
    expectAt(on(join, 'ON ERROR EDIT a.size = «line».length LIMIT 1 ELSE DROP'), 'PS3001');
  });

  it('does not repeat what cannot change', () => {
    expectAt('r = EXTRACT a FROM "a.csv" ON ERROR «RETRY 2 TIMES ELSE DROP»;\nOUTPUT r TO "b.tsv";\n', 'PS4017');
    expectAt(on('SELECT 10 % (size ?? 1) AS n FROM lines', 'ON ERROR «RETRY 2 TIMES ELSE DROP»'), 'PS4017');
  });

  it('may try the next conjecture of the step that failed', () => {
    const twice = `${process} ELSE Translator(text = line, model = "n")`;
    expect(targetText(on(twice, 'ON ERROR RETRY translation ELSE DROP'))).to.equal('h/process.translation');
    expectAt(on(process, 'ON ERROR RETRY «translation»'), 'PS4005');
  });
});

describe('ROUTE TO', () => {
  it('defines a rowset of the rows’ columns and the reason', () => {
    const script = typed(routed(on('lines', 'ASSERT line != "" ELSE ROUTE TO bad'), 'bad'));
    expect(schemaText(script, 'bad')).to.equal('line: string, size: int?, note: string?, reason: string');
    expect([originText(script, 'bad', 'line'), originText(script, 'bad', 'reason')]).to.deep.equal([
      'lines.line',
      'bad.reason',
    ]);
    const found = rowset(script, 'bad');
    expect(found.kind === 'routed' && found.from.map((id) => script.rowsets[id]?.label)).to.deep.equal(['h']);
  });

  it('after an EXTRACT’s error has file, line and text; after a PROCESS’s its input', () => {
    const extract = typed(
      'r = EXTRACT a: int FROM "a.csv" ON ERROR ROUTE TO bad;\nOUTPUT r TO "b.tsv";\nOUTPUT bad TO "c.tsv";\n',
    );
    expect(schemaText(extract, 'bad')).to.equal('file: string, line: int, text: string, reason: string');
    const process = typed(
      routed(on('PROCESS lines USING Translator(text = line, model = "m")', 'ON ERROR ROUTE TO bad'), 'bad'),
    );
    expect(schemaText(process, 'bad')).to.equal('line: string, size: int?, note: string?, reason: string');
  });

  it('may be written several times if the columns agree', () => {
    const script = typed(
      routed(on('lines', 'ASSERT line != "" ELSE ROUTE TO bad ASSERT line != "x" ELSE ROUTE TO bad'), 'bad'),
    );
    const found = rowset(script, 'bad');
    expect(found.kind === 'routed' && found.from.length).to.equal(2);
    const differing = `${LINES}a = lines ASSERT line != "" ELSE ROUTE TO bad;\nb = SELECT line FROM lines;\nc = b ASSERT line != "" ELSE ROUTE TO «bad»;\nOUTPUT a TO "x.tsv";\nOUTPUT c TO "y.tsv";\nOUTPUT bad TO "z.tsv";\n`;
    expect(expectAt(differing, 'PS2045').message).to.match(/there is no size; there is no note$/);
  });

  it('is known below it, and not above', () => {
    expectAt(`OUTPUT «bad» TO "z.tsv";\n${on('lines', 'ASSERT line != "" ELSE ROUTE TO bad')}`, 'PS2002');
  });

  it('takes a name of its own, and rows without a reason', () => {
    expectAt(on('lines', 'ASSERT line != "" ELSE ROUTE TO «lines»'), 'PS2046');
    expectAt(
      'r = EXTRACT reason FROM "a.csv";\nh = r ASSERT reason != "" ELSE ROUTE TO «bad»;\nOUTPUT h TO "h.tsv";\nOUTPUT bad TO "z.tsv";\n',
      'PS2047',
    );
  });
});

describe('repairs that operators declare', () => {
  const use = (call: string, from = 'lines') =>
    `IMPORT { SpellChecker, Judge } FROM "./operators.ts";\n${SCORED}p = PROCESS ${from} USING ${call};\nj = PROCESS scored USING Judge(label = label);\nq = PROCESS lines USING SpellChecker(text = line);\nOUTPUT p TO "p.tsv";\nOUTPUT q TO "q.tsv";\nOUTPUT j TO "j.tsv";\n`;

  it('need plain columns', () => {
    expectClean(use('SpellChecker(text = line)'));
    expectAt(use('SpellChecker(text = «line + "!"»)'), 'PS4015');
  });

  it('need conjectures where they fail a column', () => {
    expectClean(use('Judge(label = label)', 'scored'));
    expectAt(use('Judge(label = «line»)', 'scored'), 'PS4005');
  });

  it('are effects, so that their rowset may stay unread', () => {
    expectClean(use('SpellChecker(text = line)').replace('OUTPUT p TO "p.tsv";\n', ''));
  });
});

describe('HINT', () => {
  it('is kept with the step it stands behind', () => {
    const script = typed(
      `${LINES}h = PROCESS lines USING Translator(text = line, model = "m") HINT(workers = 2, batch = 16) WHERE translation != "";\nOUTPUT h TO "h.tsv";\n`,
    );
    expect(rowset(script, 'h/process').hints).to.deep.equal([
      ['workers', 2],
      ['batch', 16],
    ]);
  });

  it('is one of the hints there are', () => {
    expectAt(on('lines WHERE line != ""', 'HINT(«worker» = 2)'), 'PS2038');
    expectAt(on('lines WHERE line != ""', 'HINT(workers = «0»)'), 'PS2043');
    expectAt(on('lines WHERE line != ""', 'HINT(workers = 1, «workers» = 2)'), 'PS2058');
    expectAt(on('lines', '«HINT(workers = 2)»'), 'PS2059');
  });
});

it('the first script of language.md has one note: its back edge has no LIMIT', () => {
  const { diagnostics } = checkText(`${SCORED}p = scored WHERE label != "en" && attempts(line) == 0;
t = PROCESS p USING Translator(text = line, model = "m") PRODUCE translation APPEND line = translation;
OUTPUT t TO "t.csv" USING CsvWriter(order = [line, translation]);
`);
  expect(diagnostics.map(({ code }) => code)).to.deep.equal(['PS4009']);
});
