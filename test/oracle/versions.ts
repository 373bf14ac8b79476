/** Versions of groups (S9): a group whose set of members has changed since its level last came is a new version, also where it goes back to a set that it had. */

/** A group as one computation finds it. */
export interface Found {
  /** The step that groups: of a rowset, or of a part of it. */
  readonly step: string;
  readonly key: string;
  /** In no particular order. */
  readonly members: readonly string[];
}

interface Seen {
  /** null once it had none. */
  readonly members: string | null;
  readonly version: number;
}

/** A group's id says which version it is, and which of the sets of members that it has had. */
export function withoutVersions(id: string): string {
  return id.replaceAll(/v\d+(?=s\d)/g, '');
}

export class Versions {
  /** By step, then by key. */
  private readonly seen = new Map<string, Map<string, Seen>>();
  private readonly sets = new Map<string, number>();

  idOf(found: Found): string {
    const members = textOf(found.members.map(withoutVersions));
    const set = this.sets.get(members) ?? this.sets.size;
    this.sets.set(members, set);
    return `${found.step}(${found.key})v${this.of(found)}s${set}`;
  }

  private of({ step, key, members }: Found): number {
    const last = this.seen.get(step)?.get(key);
    if (last === undefined) return 0;
    return last.members === textOf(members) ? last.version : last.version + 1;
  }

  /** The groups that steps have now; `steps` also names those that have none. */
  see(steps: readonly string[], found: readonly Found[]): void {
    for (const step of steps) {
      const before = this.seen.get(step) ?? new Map<string, Seen>();
      const gone = [...before].map(([key, { version }]): [string, Seen] => [key, { members: null, version }]);
      const now = found
        .filter((group) => group.step === step)
        .map((group): [string, Seen] => [group.key, { members: textOf(group.members), version: this.of(group) }]);
      this.seen.set(step, new Map([...gone, ...now]));
    }
  }
}

function textOf(members: readonly string[]): string {
  return members.toSorted().join(',');
}
