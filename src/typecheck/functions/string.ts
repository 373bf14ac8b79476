/**
 * Members of strings, as ECMAScript has them. Positions are numbers (float), which ECMAScript cuts to whole ones.
 * Left out: what depends on the locale of the machine (localeCompare, toLocaleUpperCase), so that a script gives the same answer everywhere,
 * and the HTML methods.
 */
import { arrayOf, BOOL, FLOAT, INT, STRING } from '../types.ts';
import type { Args, FunctionEntry, Param, Pattern, RuntimeValue } from './entry.ts';
import { define, float, maybe, optional, param, rest, text } from './entry.ts';
import { fail, MAX_TEXT } from './failure.ts';

const FAMILY = 'Strings';
const self = param('text', text);

function method<const P extends readonly Param<unknown>[]>(
  name: string,
  parameters: P,
  result: Pattern,
  evaluate: (...args: Args<readonly [Param<string>, ...P]>) => RuntimeValue,
  doc: string,
): FunctionEntry {
  return define(FAMILY, {
    id: `string.${name}`,
    spelling: { kind: 'method', name },
    parameters: [self, ...parameters],
    result,
    evaluate,
    doc,
  });
}

/** A count that would make a text beyond the limit is refused before the memory is asked for. */
export function limited(fn: string, length: number): void {
  if (length > MAX_TEXT) fail('PR2009', { fn, length });
}

function repeated(text: string, count: number): string {
  limited('repeat', text.length * count);
  return text.repeat(count);
}

function padded(side: 'padStart' | 'padEnd', text: string, length: number, fill: string | undefined): string {
  limited(side, length);
  return text[side](length, fill);
}

const reading: readonly FunctionEntry[] = [
  define(FAMILY, {
    id: 'string.length',
    spelling: { kind: 'property', name: 'length' },
    parameters: [self],
    result: INT,
    evaluate: (text) => text.length,
    doc: 'Number of UTF-16 code units.',
  }),
  define(FAMILY, {
    id: 'string.index',
    spelling: { kind: 'operator', operator: '[]' },
    parameters: [self, param('index', float)],
    result: maybe(STRING),
    evaluate: (text, index) => text[index] ?? null,
    doc: 'The code unit at an index from 0; null outside.',
  }),
  method(
    'charAt',
    [param('index', float)],
    STRING,
    (text, index) => text.charAt(index),
    'The code unit at an index from 0; empty outside.',
  ),
  method(
    'charCodeAt',
    [param('index', float)],
    FLOAT,
    (text, index) => text.charCodeAt(index),
    'The number of the code unit; NaN outside.',
  ),
  method(
    'codePointAt',
    [param('index', float)],
    maybe(INT),
    (text, index) => text.codePointAt(index) ?? null,
    'The number of the code point that starts there; null outside.',
  ),
  method(
    'at',
    [param('index', float)],
    maybe(STRING),
    (text, index) => text.at(index) ?? null,
    'The code unit at an index; a negative one counts from the end; null outside.',
  ),
  method(
    'includes',
    [param('search', text), optional('from', float)],
    BOOL,
    (text, search, from) => text.includes(search, from),
    'Whether the text holds the other.',
  ),
  method(
    'startsWith',
    [param('search', text), optional('from', float)],
    BOOL,
    (text, search, from) => text.startsWith(search, from),
    'Whether the text begins with the other.',
  ),
  method(
    'endsWith',
    [param('search', text), optional('end', float)],
    BOOL,
    (text, search, end) => text.endsWith(search, end),
    'Whether the text ends with the other.',
  ),
  method(
    'indexOf',
    [param('search', text), optional('from', float)],
    INT,
    (text, search, from) => text.indexOf(search, from),
    'Index of the first occurrence, -1 where there is none.',
  ),
  method(
    'lastIndexOf',
    [param('search', text), optional('from', float)],
    INT,
    (text, search, from) => text.lastIndexOf(search, from),
    'Index of the last occurrence, -1 where there is none.',
  ),
];

const cutting: readonly FunctionEntry[] = [
  method(
    'slice',
    [optional('start', float), optional('end', float)],
    STRING,
    (text, start, end) => text.slice(start, end),
    'The part from `start` to before `end`; negative counts from the end.',
  ),
  method(
    'substring',
    [param('start', float), optional('end', float)],
    STRING,
    (text, start, end) => text.substring(start, end),
    'The part from `start` to before `end`; negative counts as 0, a start behind the end is exchanged with it.',
  ),
  method(
    'split',
    [param('separator', text), optional('limit', float)],
    arrayOf(STRING),
    (text, separator, limit) => text.split(separator, limit),
    'The parts between separators.',
  ),
  method('trim', [], STRING, (text) => text.trim(), 'Without white space at both ends.'),
  method('trimStart', [], STRING, (text) => text.trimStart(), 'Without white space at the start.'),
  method('trimEnd', [], STRING, (text) => text.trimEnd(), 'Without white space at the end.'),
];

const making: readonly FunctionEntry[] = [
  method('toLowerCase', [], STRING, (text) => text.toLowerCase(), 'In lower case, by Unicode, of no locale.'),
  method('toUpperCase', [], STRING, (text) => text.toUpperCase(), 'In upper case, by Unicode, of no locale.'),
  method(
    'padStart',
    [param('length', float), optional('fill', text)],
    STRING,
    (text, length, fill) => padded('padStart', text, length, fill),
    'Filled up at the start to a length, with spaces or `fill`.',
  ),
  method(
    'padEnd',
    [param('length', float), optional('fill', text)],
    STRING,
    (text, length, fill) => padded('padEnd', text, length, fill),
    'Filled up at the end to a length, with spaces or `fill`.',
  ),
  method('repeat', [param('count', float)], STRING, repeated, 'The text `count` times; a negative count is an error.'),
  method(
    'replace',
    [param('search', text), param('replacement', text)],
    STRING,
    (text, search, replacement) => text.replace(search, replacement),
    'The first occurrence replaced; `$&` and `$$` in the replacement mean what they do in ECMAScript.',
  ),
  method(
    'replaceAll',
    [param('search', text), param('replacement', text)],
    STRING,
    (text, search, replacement) => text.replaceAll(search, replacement),
    'Every occurrence replaced.',
  ),
  method(
    'concat',
    [rest('texts', text)],
    STRING,
    (text, ...texts) => text.concat(...texts),
    'The texts one after the other.',
  ),
  method(
    'normalize',
    [optional('form', text)],
    STRING,
    (text, form) => text.normalize(form),
    'In a Unicode normal form: NFC (default), NFD, NFKC or NFKD.',
  ),
  method('toString', [], STRING, (text) => text, 'The text itself.'),
];

function fromNumbers(name: 'fromCharCode' | 'fromCodePoint', doc: string): FunctionEntry {
  return define(FAMILY, {
    id: `String.${name}`,
    spelling: { kind: 'static', namespace: 'String', name },
    parameters: [rest('codes', float)],
    result: STRING,
    evaluate: (...codes) => String[name](...codes),
    doc,
  });
}

export const stringFunctions: readonly FunctionEntry[] = [
  ...reading,
  ...cutting,
  ...making,
  fromNumbers('fromCharCode', 'The text of these UTF-16 code units.'),
  fromNumbers('fromCodePoint', 'The text of these code points.'),
];
