/**
 * Regular expressions: `regex("…", "flags")` stands where ECMAScript takes a RegExp. Every evaluation behaves as with a new one (`lastIndex` is 0),
 * so that one compiled RegExp serves all rows. A pattern that backtracks without end cannot be told from a good one; that is the script's.
 */
import type { Value } from '../types.ts';
import { arrayOf, BOOL, INT, REGEX, STRING } from '../types.ts';
import type { Args, FunctionEntry, Param, Pattern, RuntimeValue } from './entry.ts';
import { define, float, maybe, optional, param, regex, text } from './entry.ts';
import { fail } from './failure.ts';

const FAMILY = 'Regular expressions';

/** Compiles a pattern; PR2005 names what is wrong with it. */
export function regexOf(pattern: string, flags: string | undefined): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    const problem =
      error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /su, '') : String(error);
    return fail('PR2005', { pattern, problem });
  }
}

function fresh(regex: RegExp): RegExp {
  regex.lastIndex = 0;
  return regex;
}

function method<const P extends readonly Param<unknown>[]>(
  id: string,
  parameters: P,
  result: Pattern,
  evaluate: (...args: Args<readonly [Param<string>, ...P]>) => RuntimeValue,
  doc: string,
): FunctionEntry {
  return define(FAMILY, {
    id: `string.${id}.regex`,
    spelling: { kind: 'method', name: id },
    parameters: [param('text', text), ...parameters],
    result,
    evaluate,
    doc,
  });
}

const pattern = param('pattern', regex);

/** Groups that took no part are undefined in ECMAScript and null here. */
function groups(match: readonly (string | undefined)[]): readonly Value[] {
  return match.map((group) => group ?? null);
}

function parts(text: string, regex: RegExp, limit: number | undefined): readonly string[] {
  const found: readonly (string | undefined)[] = text.split(fresh(regex), limit);
  return found.map(
    (part) =>
      part ??
      fail('PR2006', { fn: 'split', problem: 'a group (…) of the pattern took no part in a match; write it as (?:…)' }),
  );
}

export const regexFunctions: readonly FunctionEntry[] = [
  define(FAMILY, {
    id: 'regex',
    spelling: { kind: 'function', name: 'regex' },
    parameters: [param('pattern', text), optional('flags', text)],
    result: REGEX,
    evaluate: regexOf,
    doc: "A regular expression with ECMAScript's syntax and flags.",
  }),
  define(FAMILY, {
    id: 'regex.test',
    spelling: { kind: 'method', name: 'test' },
    parameters: [pattern, param('text', text)],
    result: BOOL,
    evaluate: (regex, text) => fresh(regex).test(text),
    doc: 'Whether the text holds a match.',
  }),
  method(
    'match',
    [pattern],
    maybe(arrayOf({ kind: 'nullable', base: STRING })),
    (text, regex) => {
      const match = text.match(fresh(regex));
      return match === null ? null : groups(match);
    },
    'The first match and its groups, with flag `g` all matches; null where there is none.',
  ),
  method(
    'matchAll',
    [pattern],
    arrayOf(arrayOf({ kind: 'nullable', base: STRING })),
    (text, regex) => Array.from(text.matchAll(fresh(regex)), groups),
    'Every match with its groups; needs flag `g`.',
  ),
  method(
    'search',
    [pattern],
    INT,
    (text, regex) => text.search(fresh(regex)),
    'Index of the first match, -1 where there is none.',
  ),
  method(
    'replace',
    [pattern, param('replacement', text)],
    STRING,
    (text, regex, replacement) => text.replace(fresh(regex), replacement),
    'The first match replaced, with flag `g` all; `$1`, `$&`, `$<name>` in the replacement are the groups.',
  ),
  method(
    'replaceAll',
    [pattern, param('replacement', text)],
    STRING,
    (text, regex, replacement) => text.replaceAll(fresh(regex), replacement),
    'Every match replaced; needs flag `g`.',
  ),
  method('split', [pattern, optional('limit', float)], arrayOf(STRING), parts, 'The parts between matches.'),
];
