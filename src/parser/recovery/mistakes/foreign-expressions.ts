/** Expressions of SQL, C# and Python. */
import type { Form } from './foreign.ts';

const NULL_TEST = { problem: 'the value is null here', instead: 'write == null or != null, IS NULL or IS NOT NULL' };
const JOINED = { problem: 'a text has no places for values', instead: 'join the parts with +: "…" + name + "…"' };
const CASTS: ReadonlyMap<string, string> = new Map([
  ['string', 'String'],
  ['str', 'String'],
  ['double', 'float'],
]);

export const foreignExpressions: readonly Form[] = [
  { pattern: /(?:⟂ is (?:not )?|\bIS (?:NOT )?⟂ )(?:None|undefined|nil)\b/, say: () => NULL_TEST },
  {
    pattern: /⟂ is\b(?! (?:not )?null\b)/i,
    say: () => ({ problem: 'values are compared with ==', instead: 'write == or !=; IS stands before NULL only' }),
  },
  {
    pattern: /\bDISTINCT ⟂ \*/,
    say: () => ({
      problem: 'DISTINCT inside COUNT needs a value',
      instead: 'write COUNT(*) for all rows; for different ones SELECT DISTINCT first, and count those',
    }),
  },
  {
    pattern: /\bnew ⟂ (\w+)/,
    back: 1,
    say: ([, name]) => ({
      problem: 'nothing is made with new',
      instead:
        name === 'Date' || name === 'DateTime' ? 'write parseDate("2024-01-31"), or a parameter' : `write ${name}(…)`,
    }),
  },
  {
    pattern: /\[ (?:[^[\]]* )?⟂ :/,
    say: () => ({ problem: 'brackets take one index', instead: 'write x.slice(start, end)' }),
  },
  {
    pattern: /[(,] ([\w$]+) ⟂ : (\S+)/,
    say: ([, name, value]) => ({
      problem: 'the name of an argument is followed by =, not by :',
      instead: `write ${name} = ${value}`,
    }),
  },
  {
    pattern: /\( (int|long|float|double|string|str|bool|datetime) \) ⟂ (\S+)/,
    say: ([, type = '', value]) => ({
      problem: 'a type in parentheses converts nothing',
      instead: type === 'datetime' ? `write parseDate(${value})` : `write ${CASTS.get(type) ?? type}(${value})`,
    }),
  },
  {
    pattern: /\b(CAST|CONVERT|TRY_CAST) \( .*⟂ (?:AS|,)/i,
    say: ([, word]) => ({
      problem: `there is no ${word}`,
      instead: 'write int(x), long(x), float(x), String(x) or parseDate(x)',
    }),
  },
  {
    pattern: /⟂ if\b/,
    say: () => ({ problem: 'a choice is written with ? and :', instead: 'write condition ? value : other' }),
  },
  { pattern: /(?:\b[fF]|\$) ⟂ ["']/, back: 1, say: () => JOINED },
  {
    pattern: /\bBETWEEN (\S+) ⟂ ,/,
    say: ([, low]) => ({ problem: 'the bounds of BETWEEN are joined by AND', instead: `write BETWEEN ${low} AND …` }),
  },
  {
    pattern: /\b(?:EXISTS|IN) \( ⟂ SELECT\b/i,
    say: () => ({
      problem: 'a condition holds no SELECT',
      instead: 'write FROM a SEMI JOIN b ON a.key == b.key; ANTI JOIN for NOT IN and NOT EXISTS',
    }),
  },
  {
    pattern: /⟂ SELECT\b/,
    expected: 'an expression',
    say: () => ({
      problem: 'an expression holds no SELECT',
      instead: 'write it as a statement of its own, and JOIN its rowset (CROSS JOIN where it has one row)',
    }),
  },
  {
    pattern: /\? .*⟂/,
    expected: '":"',
    say: () => ({ problem: 'this choice has no second value', instead: 'write condition ? value : other' }),
  },
  {
    pattern: /⟂ ILIKE\b/i,
    say: () => ({ problem: 'there is no ILIKE', instead: 'write x.toLowerCase() LIKE "…"' }),
  },
  {
    pattern: /⟂ (RLIKE|REGEXP|MATCHES|SIMILAR)\b/i,
    say: ([, word]) => ({ problem: `there is no ${word}`, instead: 'write regex("…").test(x)' }),
  },
  {
    pattern: /⟂ ! \./,
    say: () => ({
      problem: '! does not take the null out of a value',
      instead: 'write (x ?? …), or test x != null before',
    }),
  },
  {
    pattern: /\btypeof ⟂/,
    back: 1,
    say: () => ({ problem: 'there is no typeof', instead: 'each column has one type, which check knows' }),
  },
  {
    pattern: /= \( ([\w$]+) ⟂ , (\S+)/,
    say: ([, first, second]) => ({ problem: 'a list stands in brackets', instead: `write [${first}, ${second}, …]` }),
  },
];
