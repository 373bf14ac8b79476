/** Columns with random values, and expressions over them that are JavaScript too. */
import fc from 'fast-check';
import type { Type, Value } from '../../../src/typecheck/types.ts';
import { arrayOf, BOOL, DATETIME, FLOAT, INT, LONG, STRING } from '../../../src/typecheck/types.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', 'A', ' ', '\t', 'ß', 'İ', '😀', '\u{1F468}', '.', ',', '$', '&', '-', '1'),
    maxLength: 10,
  }),
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'a', 'b'), maxLength: 6 }),
  fc.constantFrom('', 'NFC', 'NFD', 'NFKC', '12.5', ' 7 ', '0x1f', '-0', '1e3', 'Infinity', 'abc', 'true'),
);
const float = fc.oneof(
  fc.double(),
  fc.integer({ min: -20, max: 40 }),
  fc.constantFrom(0, -0, 0.5, -0.5, 1.5, 2.5, NaN, Infinity, -Infinity, 1e21, 5e-324),
);
const int = fc.oneof(fc.integer(), fc.integer({ min: -5, max: 40 }), fc.constantFrom(2147483647, -2147483648));
const long = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -5, max: 40 }));
const date = fc.integer({ min: -8.64e15, max: 8.64e15 });
const texts = fc.array(text, { maxLength: 5 });
const floats = fc.array(float, { maxLength: 5 });

interface Kind {
  readonly type: Type;
  readonly values: fc.Arbitrary<Value>;
}

export const KINDS = {
  s: { type: STRING, values: text },
  t: { type: STRING, values: text },
  u: { type: STRING, values: text },
  n: { type: INT, values: int },
  m: { type: INT, values: int },
  l: { type: LONG, values: long },
  f: { type: FLOAT, values: float },
  g: { type: FLOAT, values: float },
  h: { type: FLOAT, values: float },
  b: { type: BOOL, values: fc.boolean() },
  d: { type: DATETIME, values: date },
  a: { type: arrayOf(STRING), values: texts },
  x: { type: arrayOf(FLOAT), values: floats },
} as const satisfies Readonly<Record<string, Kind>>;

export type Name = keyof typeof KINDS;

/** An expression that is also JavaScript; `js` where it is written otherwise there. */
export interface Case {
  readonly pyscope: string;
  readonly js: string;
}

function same(...texts: readonly string[]): readonly Case[] {
  return texts.map((text) => ({ pyscope: text, js: text }));
}

export const CASES: readonly Case[] = [
  ...same('s.length', 's[f]', 's.charAt(f)', 's.charCodeAt(f)', 's.codePointAt(f)', 's.at(f)'),
  ...same(
    's.includes(t)',
    's.includes(t, f)',
    's.startsWith(t)',
    's.startsWith(t, f)',
    's.endsWith(t)',
    's.endsWith(t, f)',
  ),
  ...same('s.indexOf(t)', 's.indexOf(t, f)', 's.lastIndexOf(t)', 's.lastIndexOf(t, f)'),
  ...same('s.slice(f, g)', 's.slice(f)', 's.slice()', 's.substring(f, g)', 's.substring(f)'),
  ...same('s.split(t)', 's.split(t, f)', 's.trim()', 's.trimStart()', 's.trimEnd()', 's.toString()'),
  ...same('s.toLowerCase()', 's.toUpperCase()', 's.normalize()', 's.normalize(t)', 's.concat()', 's.concat(t, u)'),
  ...same('s.padStart(n % 50)', 's.padStart(n % 50, t)', 's.padEnd(n % 50)', 's.padEnd(n % 50, t)', 's.repeat(n % 50)'),
  ...same(
    's.replace(t, u)',
    's.replaceAll(t, u)',
    's.includes("a")',
    's.startsWith("A")',
    's.endsWith("😀")',
    's == "NFC"',
    's != ""',
  ),
  ...same(
    'String.fromCharCode(f, g)',
    'String.fromCodePoint(n, m)',
    's < t',
    's <= t',
    's > t',
    's >= t',
    's == t',
    's != t',
    's + t',
  ),
  { pyscope: 's.search(regex("[ab]+"))', js: 's.search(/[ab]+/)' },
  { pyscope: 's.replace(regex("(a)(b)?", "g"), "[$1|$2|$&]")', js: 's.replace(/(a)(b)?/g, "[$1|$2|$&]")' },
  { pyscope: 's.replaceAll(regex("\\\\s", "gu"), t)', js: 's.replaceAll(/\\s/gu, t)' },
  { pyscope: 's.split(regex("[, ]"), f)', js: 's.split(/[, ]/, f)' },
  { pyscope: 's.split(regex("(a|b)"))', js: 's.split(/(a|b)/)' },
  { pyscope: 's.match(regex("(a)(b)?"))', js: 's.match(/(a)(b)?/)' },
  { pyscope: 's.match(regex("a|b", "gi"))', js: 's.match(/a|b/gi)' },
  { pyscope: 's.matchAll(regex("(a)|b", "g"))', js: '[...s.matchAll(/(a)|b/g)].map((m) => [...m])' },
  { pyscope: 'regex("^[a-z]+$", "i").test(s)', js: '/^[a-z]+$/i.test(s)' },
  { pyscope: 'regex("a", "gy").test(s)', js: '/a/gy.test(s)' },
  { pyscope: 'regex(t).test(s)', js: 'new RegExp(t).test(s)' },
  ...same(
    'f.toFixed(g)',
    'f.toFixed()',
    'f.toPrecision(g)',
    'f.toPrecision()',
    'f.toExponential(g)',
    'f.toExponential()',
    'f.toString()',
    'f.toString(g)',
    'n.toString()',
    'l.toString(16)',
    'b.toString()',
  ),
  ...same(
    'Number.isInteger(f)',
    'Number.isSafeInteger(f)',
    'Number.isFinite(f)',
    'Number.isNaN(f)',
    'isNaN(f)',
    'isFinite(f)',
  ),
  ...same(
    'Number.parseFloat(s)',
    'parseFloat(s)',
    'Number.parseInt(s)',
    'parseInt(s, f)',
    'parseInt(s)',
    'Number.parseInt(s, 16)',
  ),
  ...same(
    'Number.MAX_SAFE_INTEGER',
    'Number.MIN_SAFE_INTEGER',
    'Number.MAX_VALUE',
    'Number.MIN_VALUE',
    'Number.EPSILON',
    'Number.NaN',
    'Number.POSITIVE_INFINITY',
    'Number.NEGATIVE_INFINITY',
  ),
  ...same('Math.PI', 'Math.E', 'Math.LN2', 'Math.LN10', 'Math.LOG2E', 'Math.LOG10E', 'Math.SQRT2', 'Math.SQRT1_2'),
  ...[
    'abs',
    'sign',
    'floor',
    'ceil',
    'round',
    'trunc',
    'sqrt',
    'cbrt',
    'exp',
    'expm1',
    'log',
    'log1p',
    'log2',
    'log10',
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'sinh',
    'cosh',
    'tanh',
    'asinh',
    'acosh',
    'atanh',
    'fround',
  ].flatMap((name) => same(`Math.${name}(f)`)),
  ...['sign', 'floor', 'ceil', 'round', 'trunc'].flatMap((name) => same(`Math.${name}(n)`, `Math.${name}(l)`)),
  ...same(
    'Math.abs(l)',
    'Math.min(f, g, h)',
    'Math.max(f, g)',
    'Math.min(n, m)',
    'Math.max(n, l)',
    'Math.max(f)',
    'Math.hypot(f, g)',
    'Math.pow(f, g)',
    'Math.atan2(f, g)',
    'Math.imul(n, m)',
    'Math.clz32(n)',
  ),
  ...same(
    'f + g',
    'f - g',
    'f * g',
    '-f',
    '+f',
    'f < g',
    'f <= g',
    'f > g',
    'f >= g',
    'f == g',
    'f != g',
    'n < f',
    'n == l',
    'l != f',
  ),
  ...same(
    'Number(s)',
    'Number(f)',
    'Number(b)',
    'Number(n)',
    'Number(l)',
    'Number(d)',
    'String(f)',
    'String(n)',
    'String(b)',
    'String(l)',
    'String(s)',
    'Boolean(s)',
    'Boolean(f)',
    'Boolean(b)',
    'Boolean(n)',
    'Boolean(l)',
  ),
  ...same('s + f', 'b + s', 's + n + b'),
  ...[
    'getUTCFullYear',
    'getUTCMonth',
    'getUTCDate',
    'getUTCDay',
    'getUTCHours',
    'getUTCMinutes',
    'getUTCSeconds',
    'getUTCMilliseconds',
    'toISOString',
    'getTime',
  ].map((name) => ({ pyscope: `d.${name}()`, js: `new Date(d).${name}()` })),
  ...same('Date.UTC(n % 3000, f)', 'Date.UTC(n % 3000, m % 20, 3, 4, 5, 6, 7)', 'd < d', 'd == d'),
  ...same(
    'a.length',
    'a[f]',
    'a.at(f)',
    'a.includes(s)',
    'x.includes(f)',
    'x.includes(f, g)',
    'x.indexOf(f)',
    'x.indexOf(f, g)',
    'a.indexOf(s)',
    'a.lastIndexOf(s)',
    'x.lastIndexOf(f)',
  ),
  ...same(
    'a.slice(f, g)',
    'a.slice()',
    'a.concat(a)',
    'a.concat()',
    'a.toReversed()',
    'a.join()',
    'a.join(t)',
    'x.join("-")',
    'a.toSorted()',
    '[x, x].flat()',
    '[s, t]',
    '[n, f][1]',
    'Array.isArray(a)',
    'Array.isArray(s)',
  ),
  ...same('b && f > 1', 'b || s == t', '!b', 'b ? s : t', 'b ? f : n', 'f > g ? (b ? 1 : 2) : 3'),
  ...same('JSON.stringify(s)', 'JSON.stringify(a)', 'JSON.stringify(n)', 'JSON.stringify(b)'),
];

/** A row of the columns. */
export const cells = fc.record(
  Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, kind.values])),
) as fc.Arbitrary<Record<Name, Value>>;
