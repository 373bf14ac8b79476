/**
 * Which version of a row a cross-row step gives (S9): a new one each time that what it was made from is not what it was when its level last had its turn. What was
 * taken away does not come back: what the step gives again is a new version.
 */
export class Versions {
  private readonly known = new Map<string, { readonly text: string | null; readonly version: number }>();

  /** The version of what `key` names, when `text` tells what it is made from. */
  of(key: string, text: string): number {
    const last = this.known.get(key);
    return last === undefined ? 1 : last.version + Number(last.text !== text);
  }

  /** A level has its turn: this is what its steps give now. `steps` are the names of those that had theirs. */
  see(given: ReadonlyMap<string, string>, steps: ReadonlySet<string>): void {
    for (const [key, { version }] of this.known) {
      const [step = ''] = key.split(' ');
      if (steps.has(step) && !given.has(key)) this.known.set(key, { text: null, version });
    }
    for (const [key, text] of given) this.known.set(key, { text, version: this.of(key, text) });
  }
}
