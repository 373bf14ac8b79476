import { expect } from 'chai';
import { parse } from '../../src/parser/parse.ts';

/** Places between `«` and `»` in a script, in order: each is where one diagnostic must be. */
function places(marked: string): { readonly text: string; readonly spans: readonly string[] } {
  const spans: string[] = [];
  let text = '';
  let start = 0;
  for (const part of marked.split(/([«»])/)) {
    if (part === '«') start = text.length;
    else if (part === '»') spans.push(`${start}-${text.length}`);
    else text += part;
  }
  return { text, spans };
}

interface Case {
  readonly codes: string;
  /** A part of the message or help of the first diagnostic. */
  readonly says?: string;
}

/** A wrong script with its wrong places marked, and the one message for each. */
const MISTAKES: Readonly<Record<string, Case>> = {
  'a = EXTRACT x FROM«»;': { codes: 'PS1101', says: 'expected an expression' },
  'a =«»;': { codes: 'PS1101', says: 'a rowset' },
  '«=» b;': { codes: 'PS1101', says: 'a statement' },
  'a = REDUCE b «USING» R();': { codes: 'PS1101', says: 'expected ON, found USING' },
  'a = SELECT CASE WHEN x THEN y «FROM» t;': { codes: 'PS1101', says: 'WHEN, ELSE or END' },
  'a = b ASSERT x > 1 ELSE«»;': { codes: 'PS1101', says: 'an action' },
  'a = b WHERE x ? «y»;': { codes: 'PS1127', says: 'value : other' },
  'lines «where» x > 1;': { codes: 'PS1102', says: 'WHERE' },
  '«select» a «from» t «group» «by» a;': { codes: 'PS1102 PS1102 PS1102 PS1102' },
  'a = b WHERE x «and» y «Or» «not» z;': { codes: 'PS1102 PS1102 PS1102' },
  'a = b WHERE x «is» «null»;': { codes: 'PS1102 PS1102' },
  'a = b WHERE x == «NULL»;': { codes: 'PS1102', says: 'null' },
  '«import» { A } «from» "x";': { codes: 'PS1102 PS1102' },
  '«declare» @x = 1;': { codes: 'PS1102' },
  'a = «EXTRCT» line FROM "x";': { codes: 'PS1103', says: 'EXTRACT' },
  'a = EXTRACT line «FORM» "x";': { codes: 'PS1103', says: 'FROM' },
  'a = b ASSERT x ELSE «DELET» x;': { codes: 'PS1103', says: 'DELETE' },
  'a = b«»': { codes: 'PS1104' },
  'a = b WHERE x«»\nOUTPUT a TO "x"«»': { codes: 'PS1104 PS1104' },
  'a = b WHERE f(x, g(y«»;': { codes: 'PS1105', says: '))' },
  'a = b WHERE (x«»] && y;': { codes: 'PS1105' },
  'a = PROCESS b USING C(d = 1«» PRODUCE e;': { codes: 'PS1105' },
  'IMPORT { A«» FROM "x";': { codes: 'PS1105', says: '}' },
  'a = b WHERE x > 1«)»;': { codes: 'PS1106' },
  'a = b WHERE x «=» 1 && y «=» 2;': { codes: 'PS1107 PS1107', says: '==' },
  'a = b EDIT x «==» 1;': { codes: 'PS1107', says: 'with =' },
  'a = EXTRACT «ORDER»: int FROM "x";': { codes: 'PS1108', says: '`ORDER`' },
  '«@a» = EXTRACT line FROM "x";': { codes: 'PS1109', says: 'without @: a' },
  '«@a» = 5;': { codes: 'PS1109', says: 'DECLARE @a' },
  'a = SELECT * FROM «@b» WHERE x;': { codes: 'PS1109' },
  'a = PROCESS «@b» USING C();': { codes: 'PS1109' },
  'SELECT x «INTO» a FROM t;': { codes: 'PS1110' },
  'a = SELECT * FROM t «ORDER» x;': { codes: 'PS1111' },
  'a = SELECT * FROM t «LIMIT» 10;': { codes: 'PS1112', says: 'TOP 10' },
  '«var» a = b;': { codes: 'PS1113', says: 'a = …' },
  '«const» a = 5;': { codes: 'PS1113', says: 'DECLARE @a' },
  'DECLARE @x «string» = "x";': { codes: 'PS1114', says: ': string' },
  'a = EXTRACT x «int», y «string» FROM "x";': { codes: 'PS1114 PS1114' },
  'a = SELECT x WHERE y «FROM» t;': { codes: 'PS1115', says: 'FROM must stand before WHERE' },
  'a = SELECT x FROM t ORDER BY x «GROUP» BY y;': { codes: 'PS1115', says: 'GROUP BY' },
  'a = EXTRACT x USING R() «FROM» "f";': { codes: 'PS1115' },
  'a = PROCESS x PRODUCE y «USING» Z();': { codes: 'PS1115' },
  'OUTPUT a USING W() «TO» "x";': { codes: 'PS1115' },
  'a = SELECT x, y«,» FROM t;': { codes: 'PS1116' },
  'a = b WHERE f(1«,»);': { codes: 'PS1116' },
  'a = SELECT x «y» FROM t;': { codes: 'PS1117', says: 'AS' },
  'a = b WHERE [1 «2»];': { codes: 'PS1117', says: 'comma' },
  'a = t «ORDER» BY x WHERE y;': { codes: 'PS1118', says: 'SELECT * FROM' },
  'a = SELECT x FROM t «JOIN» u WHERE x;': { codes: 'PS1119', says: 'CROSS JOIN' },
  'a = b WHERE x «??» y || z;': { codes: 'PS1120' },
  'a = b WHERE x && y «??» z;': { codes: 'PS1120' },
  'a = b WHERE x == «NOT» y;': { codes: 'PS1122' },
  'a = b WHERE x «!» LIKE "a";': { codes: 'PS1123', says: 'NOT LIKE' },
  'a = PROCESS b «FROM» C();': { codes: 'PS1124', says: 'USING' },
  'OUTPUT a«» "x.csv";': { codes: 'PS1126', says: 'TO' },
  'a = EXTRACT x FROM "f"«» R(skip = 1);': { codes: 'PS1126', says: 'USING' },
  'DECLARE «x» = 5;': { codes: 'PS1125', says: '@x' },
};

describe('parse', () => {
  for (const [marked, { codes, says }] of Object.entries(MISTAKES)) {
    it(`says ${codes} of ${JSON.stringify(marked)}`, () => {
      const { text, spans } = places(marked);
      const { diagnostics } = parse({ name: 'test.scope', text });
      expect(diagnostics.map(({ code }) => code).join(' ')).to.equal(codes);
      expect(diagnostics.map(({ span }) => `${span.start}-${span.end}`)).to.deep.equal(spans);
      if (says !== undefined) expect(`${diagnostics[0]?.message} ${diagnostics[0]?.help}`).to.contain(says);
    });
  }

  it('points from a missing bracket at the one it would close', () => {
    const text = 'a = b WHERE f(x;';
    const [found] = parse({ name: 'test.scope', text }).diagnostics;
    expect(found?.related.map(({ span }) => text.slice(span.start, span.end))).to.deep.equal(['(']);
  });
});
