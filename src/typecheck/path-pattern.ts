/** Paths with columns in them: `logs/{region}/{date:yyyy}-*.csv` and `out/{region}.csv`. */

export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `*`, and one of several texts: `{a,b}`. */
  | { readonly kind: 'any' }
  /** `{name}` or `{name:format}`; `format` is a Unicode date pattern. */
  | { readonly kind: 'column'; readonly name: string; readonly format: string | null };

/** The parts of a path, in order; a brace that is not closed, or holds no name, is plain text. */
export function parsePathPattern(path: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  let end = 0;
  for (const match of path.matchAll(/\*|\{[^{}:]*,[^{}:]*\}|\{([^{}:]+)(?::([^{}]+))?\}/g)) {
    if (match.index > end) parts.push({ kind: 'text', text: path.slice(end, match.index) });
    const name = match[1];
    if (name === undefined || name === '*') parts.push({ kind: 'any' });
    else parts.push({ kind: 'column', name, format: match[2] ?? null });
    end = match.index + match[0].length;
  }
  if (end < path.length) parts.push({ kind: 'text', text: path.slice(end) });
  return parts;
}

/** Whether a file could match both patterns; columns and `*` stand for any text. */
export function patternsMeet(a: string, b: string): boolean {
  const left = wildcards(a);
  const right = wildcards(b);
  if (!left.includes(ANY)) return matches(right, left);
  if (!right.includes(ANY)) return matches(left, right);
  return left === right;
}

const ANY = '\u0000';

function wildcards(path: string): string {
  const parts = parsePathPattern(path).map((part) => (part.kind === 'text' ? part.text : ANY));
  return parts.join('');
}

/** Whether a text matches a pattern whose ANY stands for any run of characters; linear with one point to fall back to. */
function matches(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let mark = 0;
  for (let t = 0; t < text.length;) {
    if (pattern[p] === ANY) {
      star = p++;
      mark = t;
    } else if (pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === ANY) p++;
  return p === pattern.length;
}
