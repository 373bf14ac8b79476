/** Which known words a misspelt one was probably meant to be. */

/** How many proposals a message can bear. */
const MOST = 3;

/**
 * The candidates nearest to a word, nearest first, at most three; none where all are too far off to be meant.
 * Upper and lower case count as the same letter for the distance, but a candidate of the right case comes first.
 */
export function suggest(word: string, candidates: Iterable<string>): string[] {
  const bound = allowance(word);
  const near: { readonly candidate: string; readonly distance: number }[] = [];
  const lower = word.toLowerCase();
  for (const candidate of new Set(candidates)) {
    if (candidate === word) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bound);
    if (distance <= bound)
      near.push({ candidate, distance: candidate.startsWith(word.charAt(0)) ? distance : distance + 0.5 });
  }
  near.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return near.slice(0, MOST).map(({ candidate }) => candidate);
}

/** The candidate a mistyped name most likely meant, or null when none is near enough to be worth saying. */
export function didYouMean(typed: string, candidates: Iterable<string>): string | null {
  return suggest(typed, candidates)[0] ?? null;
}

/** `did you mean x?` or null, the help line that most name errors share. */
export function didYouMeanHelp(suggestion: string | null): string | null {
  return suggestion === null ? null : `did you mean ${suggestion}?`;
}

/** Short words are near to everything, so they may differ less. */
function allowance(word: string): number {
  if (word.length <= 2) return 0;
  return word.length <= 4 ? 1 : 2;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other (optimal string
 * alignment: Damerau 1964, Wagner and Fischer 1974); `bound + 1` where there are more than `bound`.
 */
export function editDistance(from: string, to: string, bound: number): number {
  if (Math.abs(from.length - to.length) > bound) return bound + 1;
  let twoBack: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) cost = Math.min(cost, (twoBack[column - 2] ?? 0) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches two rows back, so one row beyond the bound does not settle it yet.
    if (least > bound + 1) return bound + 1;
    [twoBack, previous] = [previous, current];
  }
  return Math.min(previous[to.length] ?? bound + 1, bound + 1);
}
