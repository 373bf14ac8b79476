/** TOP inside a region: the first live rows of its input, looked at again each time its level has its turn. All rows are sorted once; later ones are put among them. */
import type { TopNode } from '../../planner/graph.ts';
import type { RegionRun, Running } from './run.ts';
import { SortedRows } from './sorted-rows.ts';
import { Standing } from './versions.ts';

export class TopRows {
  private readonly count: number;
  private readonly sorted = new SortedRows();
  private readonly standing = new Standing();

  constructor({ count, by, label }: TopNode) {
    // A rule puts an ORDER BY into its TOP, and no rule fires inside a region.
    if (by.length > 0) throw new TypeError(`${label} sorts by itself inside a region`);
    this.count = count;
  }

  update(member: Running, run: RegionRun): void {
    const [input] = member.inputs;
    if (input === undefined) return;
    const first = this.sorted.update(input, run).slice(0, this.count);
    const wanted = new Set(first);
    for (const row of this.standing.rows()) if (!wanted.has(row)) this.standing.end(row, member);
    const fresh = first.filter((row) => !this.standing.has(row));
    if (fresh.length === 0) return;
    const start = member.table.append(input.table.batchOf(fresh));
    member.table.parents.pushAll(fresh);
    fresh.forEach((row, at) => this.standing.put(row, start + at));
  }
}
