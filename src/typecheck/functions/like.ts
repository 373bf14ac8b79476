import { fail } from './failure.ts';

/** One element of a LIKE pattern: any run of characters, any one character, or this character. */
type Element =
  { readonly kind: 'run' } | { readonly kind: 'one' } | { readonly kind: 'character'; readonly text: string };

const RUN: Element = { kind: 'run' };
const ONE: Element = { kind: 'one' };

/** SQL's LIKE over code points, case-sensitive. Two pointers with one point of return, so at most pattern × text steps. */
export function like(text: string, pattern: string): boolean {
  const elements = parsed(pattern);
  const characters = Array.from(text);
  let at = 0;
  let element = 0;
  let runElement = -1;
  let runAt = 0;
  while (at < characters.length) {
    const current = elements[element];
    if (current?.kind === 'run') {
      runElement = element++;
      runAt = at;
    } else if (current?.kind === 'one' || (current?.kind === 'character' && current.text === characters[at])) {
      element++;
      at++;
    } else if (runElement >= 0) {
      element = runElement + 1;
      at = ++runAt;
    } else return false;
  }
  while (elements[element]?.kind === 'run') element++;
  return element === elements.length;
}

let lastPattern = '';
let lastElements: readonly Element[] = [];

/** A pattern is nearly always a constant: the last one is kept. */
function parsed(pattern: string): readonly Element[] {
  if (pattern !== lastPattern) {
    lastElements = parse(pattern);
    lastPattern = pattern;
  }
  return lastElements;
}

function parse(pattern: string): readonly Element[] {
  const elements: Element[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '%') elements.push(RUN);
    else if (character === '_') elements.push(ONE);
    else if (character !== '\\') elements.push({ kind: 'character', text: character });
    else {
      const escaped = characters[++at];
      if (escaped === undefined)
        fail('PR2005', { pattern, problem: 'a LIKE pattern cannot end in a single backslash' });
      elements.push({ kind: 'character', text: escaped });
    }
  }
  return elements;
}
