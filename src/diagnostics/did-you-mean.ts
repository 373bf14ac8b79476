/** The candidate a mistyped name most likely meant, or null when none is near enough to be worth saying. */
export function didYouMean(typed: string, candidates: Iterable<string>): string | null {
  const folded = typed.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.floor(typed.length * 0.4) + 1.5;
  for (const candidate of candidates) {
    if (candidate === typed) continue;
    const other = candidate.toLowerCase();
    if (Math.abs(other.length - folded.length) >= bestDistance) continue;
    const distance = other === folded ? 0.5 : editDistance(folded, other);
    if (distance < bestDistance && distance < Math.max(folded.length, other.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean "x"?` or null, the help line that most name errors share. */
export function didYouMeanHelp(suggestion: string | null): string | null {
  return suggestion === null ? null : `did you mean ${suggestion}?`;
}

/** Optimal string alignment distance (Levenshtein with swaps of neighbours), by three rolling rows. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (older[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    older = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
