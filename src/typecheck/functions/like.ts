/** SQL's LIKE over code points, case-sensitive: `%` any run of characters, `_` any one, `\` takes the next as it is. */
import { fail } from './failure.ts';

type Matcher = (text: string) => boolean;

let lastPattern: string | null = null;
let lastMatcher: Matcher = () => false;

/** Whether the whole text fits the pattern. A pattern is nearly always a constant: what was read of the last one is kept. */
export function like(text: string, pattern: string): boolean {
  if (pattern !== lastPattern) {
    lastMatcher = matcherOf(parse(pattern));
    lastPattern = pattern;
  }
  return lastMatcher(text);
}

/** One element of a pattern: a code point, or one of these. */
const RUN = -1;
const ONE = -2;

const PERCENT = 0x25;
const UNDERSCORE = 0x5f;
const BACKSLASH = 0x5c;

function parse(pattern: string): readonly number[] {
  const points = Array.from(pattern, (character) => character.codePointAt(0) ?? 0);
  const elements: number[] = [];
  for (let at = 0; at < points.length; at++) {
    const point = points[at] ?? 0;
    if (point === PERCENT) {
      if (elements.at(-1) !== RUN) elements.push(RUN);
    } else if (point === UNDERSCORE) elements.push(ONE);
    else if (point !== BACKSLASH) elements.push(point);
    else {
      const escaped = points[++at];
      if (escaped === undefined)
        fail('PR2005', { pattern, problem: 'a LIKE pattern cannot end in a single backslash' });
      elements.push(escaped);
    }
  }
  return elements;
}

/** Runs at the ends only, as nearly always, are a search for a text; else the elements are tried one by one. */
function matcherOf(elements: readonly number[]): Matcher {
  const open = elements[0] === RUN;
  const openEnd = elements.length > 1 && elements.at(-1) === RUN;
  const middle = elements.slice(open ? 1 : 0, openEnd ? -1 : undefined);
  const literal = String.fromCodePoint(...middle.filter((element) => element >= 0));
  if (middle.some((element) => element < 0) || !isWhole(literal)) {
    return (text) => fits(text, elements);
  }
  if (open && openEnd) return (text) => text.includes(literal);
  if (open) return (text) => text.endsWith(literal);
  return openEnd ? (text) => text.startsWith(literal) : (text) => text === literal;
}

/** Half a surrogate pair at an end could be found inside a character of the text. */
function isWhole(literal: string): boolean {
  const first = literal.charCodeAt(0);
  const last = literal.charCodeAt(literal.length - 1);
  return !(first >= 0xdc00 && first <= 0xdfff) && !(last >= 0xd800 && last <= 0xdbff);
}

/** Two pointers with one point of return, so at most pattern × text steps. */
function fits(text: string, elements: readonly number[]): boolean {
  let at = 0;
  let element = 0;
  let afterRun = -1;
  let runAt = 0;
  while (at < text.length) {
    const point = text.codePointAt(at) ?? 0;
    const wanted = elements[element];
    if (wanted === RUN) {
      afterRun = ++element;
      runAt = at;
    } else if (wanted === ONE || wanted === point) {
      element++;
      at += width(point);
    } else if (afterRun >= 0) {
      element = afterRun;
      runAt += width(text.codePointAt(runAt) ?? 0);
      at = runAt;
    } else return false;
  }
  while (elements[element] === RUN) element++;
  return element === elements.length;
}

/** The UTF-16 units of a code point. */
function width(point: number): number {
  return point > 0xffff ? 2 : 1;
}
