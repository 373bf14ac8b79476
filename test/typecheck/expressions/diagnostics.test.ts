import { expect } from 'chai';
import { types } from '../../../src/diagnostics/catalogue/types.ts';
import { BOOL, INT, LONG, STRING } from '../../../src/typecheck/types.ts';
import { checkText, described } from '../../support/check.ts';
import { mistakeIn, typed, typeText } from './world.ts';

describe('the catalogue of expression types', () => {
  for (const [code, { title, why, example, cure }] of Object.entries(types)) {
    it(`says of ${code}, ${title}, what its example shows`, () => {
      expect(why).to.match(/\.$/);
      const wrong = checkText(example).diagnostics;
      expect(wrong.map(described).join('\n')).to.match(new RegExp(`^${code} [^\n]*$`));
      expect(checkText(cure).diagnostics.map(described)).to.deep.equal([]);
    });
  }
});

describe('a mistake in an expression', () => {
  it('names what was likely meant', () => {
    expect(mistakeIn('s.«toLowercase»()', 'PS3004')).to.contain('did you mean toLowerCase?');
    expect(mistakeIn('s.«Trim»()', 'PS3004')).to.contain('did you mean trim?');
    expect(mistakeIn('s.«lenght»', 'PS3004')).to.contain('did you mean length?');
    expect(mistakeIn('Math.«florr»(f)', 'PS3004')).to.contain('did you mean Math.floor?');
    expect(mistakeIn('«parsDate»(s)', 'PS3003')).to.contain('did you mean parseDate?');
    expect(mistakeIn('«shoot»(s)', 'PS3003')).to.contain('did you mean shout?');
    expect(mistakeIn('«@limt» + 1', 'PS3002')).to.contain('did you mean @limit?');
    expect(mistakeIn('«limit» + 1', 'PS2003')).to.contain('did you mean @limit?');
  });

  it('is answered with the spelling of this language', () => {
    const habits: Readonly<Record<string, string>> = {
      '«LEN»(s)': 'x.length',
      '«UPPER»(s)': 'x.toUpperCase()',
      '«SUBSTRING»(s, 1, 2)': 'x.slice(start, end)',
      '«ISNULL»(qs, "")': 'x ?? y',
      '«CONCAT»(s, s)': 'a + b',
      '«GETDATE»()': 'DECLARE @now',
      '«len»(s)': 'x.length',
      'string.«IsNullOrEmpty»(s)': '(x ?? "") == ""',
      'DateTime.«Parse»(s)': 'parseDate(text)',
      'Math.«random»()': 'the same answer every time',
      's.«ToUpper»()': 'x.toUpperCase()',
      's.«lower»()': 'x.toLowerCase()',
      's.«Contains»("a")': 'x.includes(y)',
      'a.«map»(s)': 'CROSS APPLY EXPLODE',
      'd.«getFullYear»()': 'd.getUTCFullYear()',
      '«None»': 'null',
      '«undefined»': 'null',
      '«True»': 'true',
      '«count»(n)': 'COUNT',
      'j.name.«trim»()': 'string(j.name).trim(…)',
      'n.«padStart»(3)': 'String(n).padStart(…)',
    };
    for (const [marked, help] of Object.entries(habits)) {
      const [code] = typeText(marked.replaceAll(/[«»]/gu, '')).diagnostics.map((found) => found.code);
      expect(mistakeIn(marked, code ?? 'none'), marked).to.contain(help);
    }
    expect(mistakeIn('s.«Length»', 'PS3004')).to.contain('did you mean length?');
  });

  it('of types says how to convert', () => {
    expect(mistakeIn('«s == 1»', 'PS3008')).to.contain('Number(s)');
    expect(mistakeIn('«n == "12"»', 'PS3008')).to.contain('leave the quotes out: 12');
    expect(mistakeIn('«d > "2024-01-01"»', 'PS3008')).to.contain('parseDate("2024-01-01")');
    expect(mistakeIn('«b == 1»', 'PS3008')).to.contain('never be the same');
    expect(mistakeIn('n IN (1, «"2"»)', 'PS3008')).to.contain('leave the quotes out: 2');
    expect(mistakeIn('«n BETWEEN "1" AND "2"»', 'PS3008')).to.contain('leave the quotes out: 1');
    expect(mistakeIn('«s * 2»', 'PS3007')).to.contain('Number(s)');
    expect(mistakeIn('«d + 1»', 'PS3007')).to.contain('datetime(d.getTime() + milliseconds)');
    expect(mistakeIn('«s + d»', 'PS3007')).to.contain('d.toISOString()');
    expect(mistakeIn('«j.a > 1»', 'PS3007')).to.contain('Number(j.a ?? 0)');
    expect(mistakeIn('«b < b»', 'PS3007')).to.contain('have an order');
    expect(mistakeIn('s.startsWith(«1»)', 'PS3006')).to.contain('String(1)');
    expect(mistakeIn('s.match(«"a"»)', 'PS3006')).to.contain('regex("a")');
    expect(mistakeIn('b ? n : «s»', 'PS3012')).to.contain('string here, int before');
    expect(mistakeIn('CASE WHEN b THEN 1 ELSE «"x"» END', 'PS3012')).to.contain('string here, int before');
    expect(mistakeIn('[1, «"x"»]', 'PS3012')).to.contain('string here, int before');
    expect(mistakeIn('«n» LIKE "a"', 'PS3007')).to.contain('String(n)');
  });

  it('of an expected type says what is wanted', () => {
    expect(mistakeIn('«"10"»', 'PS3011', {}, INT)).to.contain('must be int, but it is string | write int("10")');
    expect(mistakeIn('«Math.trunc(f)»', 'PS3011', {}, INT)).to.contain('int(Math.trunc(f))');
    expect(mistakeIn('«l»', 'PS3011', {}, INT)).to.contain('int(l)');
    expect(mistakeIn('«qn»', 'PS3009', {}, LONG)).to.contain('qn ?? …');
    expect(mistakeIn('«d»', 'PS3011', {}, STRING)).to.contain('d.toISOString()');
    expect(mistakeIn('«n»', 'PS3010', {}, BOOL)).to.contain('n != 0');
  });

  it('about null says how to narrow', () => {
    expect(mistakeIn('«qs».trim()', 'PS3009')).to.contain(
      'qs?.trim(…), or (qs ?? …).trim(…), or test qs != null before',
    );
    expect(mistakeIn('«qs».length', 'PS3009')).to.contain('qs?.length');
    expect(mistakeIn('Math.abs(«qn»)', 'PS3009')).to.contain('qn ?? …');
    expect(mistakeIn('«qa»[0]', 'PS3009')).to.contain('qa');
    expect(mistakeIn('s IN («qa»)', 'PS3009')).to.contain('qa ?? []');
    expect(mistakeIn('shout(«qs», 1)', 'PS3009')).to.contain('qs ?? …');
    expect(mistakeIn('qs != null || «qs».length > 1', 'PS3009')).to.contain('may be null here');
    expect(mistakeIn('«qb» && b', 'PS3010')).to.contain('qb == true');
    expect(mistakeIn('n + «null»', 'PS3013')).to.contain('always null');
    expect(mistakeIn('«n < null»', 'PS3007')).to.contain('== null');
    expect(mistakeIn('«s == null»', 'PS3025')).to.contain('always false');
    expect(mistakeIn('«s IS NOT NULL»', 'PS3025')).to.contain('always true');
    expect(mistakeIn('«s» ?? "x"', 'PS3026')).to.contain('never null');
  });

  it('in a condition says what to compare', () => {
    expect(mistakeIn('«s» && b', 'PS3010')).to.contain('s != ""');
    expect(mistakeIn('!«n»', 'PS3010')).to.contain('n != 0');
    expect(mistakeIn('«a» ? 1 : 2', 'PS3010')).to.contain('a.length > 0');
  });

  it('in a constant is found before the job runs', () => {
    expect(mistakeIn('n + «1 / 0»', 'PS3020')).to.contain('division by zero');
    expect(mistakeIn('«5 % 0»', 'PS3020')).to.contain('division by zero');
    expect(mistakeIn('«n / 0»', 'PS3020')).to.contain('n / 0: division by zero');
    expect(mistakeIn('«l % (@limit - 3)»', 'PS3020')).to.contain('division by zero');
    expect(mistakeIn('«2147483647 + 1»', 'PS3020')).to.contain('does not fit int');
    expect(mistakeIn('«9007199254740991 + 1»', 'PS3020')).to.contain('does not fit long');
    expect(mistakeIn('«int("x")»', 'PS3020')).to.contain('"x" is no int');
    expect(mistakeIn('«"a".repeat(-1)»', 'PS3020')).to.contain('-1');
    expect(mistakeIn('«"abc".repeat(10000000)»', 'PS3020')).to.contain('30000000 characters');
    expect(mistakeIn('«regex("(a")».test(s)', 'PS3024')).to.contain('"(a": Unterminated group');
    expect(mistakeIn('s.replaceAll(«regex("a")», "")', 'PS3024')).to.contain('flag g');
    expect(mistakeIn('parseDate(s, «"YYYY-MM-DD"»)', 'PS3024')).to.contain('the year is y');
    expect(mistakeIn('s LIKE «"a\\\\"»', 'PS3024')).to.contain('backslash');
  });

  it('of a parameter is none where a condition guards against it', () => {
    const zero = { parameters: new Map([['zero', { type: INT, value: 0 }]]) };
    expect(typed('@zero == 0 ? 0.5 : 10 / @zero', zero).type.kind).to.equal('float');
    expect(typed('@zero != 0 && 10 / @zero > 1', zero).type.kind).to.equal('bool');
    expect(mistakeIn('«n / @zero»', 'PS3020', zero)).to.contain('division by zero');
    expect(mistakeIn('b ? «10 / 0» : 1', 'PS3020')).to.contain('division by zero');
  });

  it('of aggregates and windows says where they can stand', () => {
    const where = {
      aggregates: { allowed: false, where: 'in WHERE' },
      windows: { allowed: false, where: 'in WHERE' },
    } as const;
    expect(mistakeIn('n > «AVG(n)»', 'PS3015', where)).to.contain('AVG cannot stand in WHERE');
    expect(mistakeIn('«RANK() OVER (ORDER BY n)» < 3', 'PS3016', where)).to.contain('cannot stand in WHERE');
    expect(mistakeIn('SUM(«SUM(n)»)', 'PS3015')).to.contain('inside an aggregate');
    expect(mistakeIn('SUM(«s»)', 'PS3018')).to.contain('works on numbers');
    expect(mistakeIn('MAX(«b»)', 'PS3018')).to.contain('numbers, strings and datetimes');
    expect(mistakeIn('«SUM(*)»', 'PS3017')).to.contain('SUM(x)');
    expect(mistakeIn('«ROW_NUMBER()»', 'PS3017')).to.contain('OVER');
    expect(mistakeIn('«RANK() OVER ()»', 'PS3017')).to.contain('ORDER BY');
    expect(mistakeIn('«NTILE(0) OVER (ORDER BY n)»', 'PS3017')).to.contain('whole numbers');
    expect(mistakeIn('SUM(n) OVER (ORDER BY n «ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING»)', 'PS3028')).to.contain(
      'ends before',
    );
    expect(mistakeIn('original(«s.trim()»)', 'PS3019')).to.contain('takes a column');
    expect(mistakeIn('«attempts()»', 'PS3005')).to.contain('attempts(column)');
  });

  it('hidden in an alias shows at the alias', () => {
    const aliases = new Map([['total', typed('SUM(n)')]]);
    const where = { aliases, aggregates: { allowed: false, where: 'in WHERE' } } as const;
    expect(mistakeIn('«total» > 1', 'PS3015', where)).to.contain('total cannot stand in WHERE');
  });

  it('of a call shows the signature', () => {
    expect(mistakeIn('«s.startsWith()»', 'PS3005')).to.contain('startsWith(search: string, from?: float)');
    expect(mistakeIn('«shout(s)»', 'PS3005')).to.contain('shout(text: string, times: float)');
    expect(mistakeIn('s.«length»()', 'PS3022')).to.contain('without parentheses');
    expect(mistakeIn('s.«trim»', 'PS3022')).to.contain('.trim(…)');
    expect(mistakeIn('«Math»', 'PS3014')).to.contain('namespace Math');
    expect(mistakeIn('«shout»', 'PS3014')).to.contain('shout(…)');
    expect(mistakeIn('«regex("a")»', 'PS3029')).to.contain('regex("…").test(x)');
    expect(mistakeIn('«n[0]»', 'PS3021')).to.contain('no elements');
    expect(mistakeIn('«[]»', 'PS3027')).to.contain('empty array');
  });

  it('gives one message, however much is built on it', () => {
    expect(mistakeIn('«x».trim().length + 1 > 2 && Math.abs(n) > 1 ? [n] : []', 'PS2003')).to.contain('no column x');
    expect(mistakeIn('Number(«x») IN (1, 2) || CASE WHEN b THEN b ELSE false END', 'PS2003')).to.contain('no column x');
  });

  it('reaches nothing of JavaScript', () => {
    for (const name of [
      'process',
      'window',
      'globalThis',
      'constructor',
      '__proto__',
      'require',
      'this',
      'Function',
      'self',
    ]) {
      expect(mistakeIn(`«${name}»`, 'PS2003'), name).to.contain(`no column ${name}`);
    }
    for (const name of ['eval', 'Function', 'require', 'constructor', 'toString', 'hasOwnProperty', 'fetch']) {
      expect(mistakeIn(`«${name}»("1")`, 'PS3003'), name).to.contain(`no function ${name}`);
    }
    for (const name of [
      'constructor',
      '__proto__',
      'prototype',
      'call',
      'bind',
      'hasOwnProperty',
      'valueOf',
      'anchor',
    ]) {
      expect(mistakeIn(`s.«${name}»`, 'PS3004'), name).to.contain(`no member ${name}`);
      expect(mistakeIn(`Math.«${name}»`, 'PS3004'), name).to.contain(`no member ${name}`);
      expect(mistakeIn(`s.trim().«${name}»("return 1")`, 'PS3004'), name).to.contain(`no member ${name}`);
    }
  });
});
