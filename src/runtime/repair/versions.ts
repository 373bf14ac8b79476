/**
 * Rows that a cross-row node gives or does not give by what stands beside them: one of a TOP, of a window, the row of an outer join that met no other. What the
 * node takes back is dead; when it gives the row again, that is a new version (S9).
 */
import type { Member } from './members.ts';

/** The live version of each row of an input, where there is one. */
export class Standing {
  private readonly versions = new Map<number, number>();

  /** The version's row in the node's table; −1 for none. */
  of(row: number): number {
    return this.versions.get(row) ?? -1;
  }

  has(row: number): boolean {
    return this.versions.has(row);
  }

  /** The rows with a live version, as they are now. */
  rows(): readonly number[] {
    return [...this.versions.keys()];
  }

  put(row: number, version: number): void {
    this.versions.set(row, version);
  }

  /** Ends the version of a row; its repairs are gone with it (S12). */
  end(row: number, member: Member): void {
    const version = this.versions.get(row);
    if (version === undefined) return;
    this.versions.delete(row);
    endVersion(member, version);
  }
}

export function endVersion({ origin, table }: Member, version: number): void {
  if (origin === null) table.ended.set(version);
  else origin.deleteAll(version);
}
