/** What became of a source line as plain data: what `why-not --json` prints and its text is drawn from. */
import type { EndedAt, Fates } from '../../runtime/lineage/fates.ts';
import type { Lineage } from '../../runtime/lineage/reader.ts';
import { storiesOf } from '../../runtime/lineage/story.ts';
import type { Step } from '../../runtime/lineage/story.ts';
import { valuesText } from './values.ts';

export interface ReachedFile {
  readonly output: string;
  /** Of the file, from 1; null where its lines cannot be told. */
  readonly line: number | null;
  /** From 1. */
  readonly row: number;
}

export interface Told {
  readonly reached: readonly ReachedFile[];
  /** What it went through on all its ways. */
  readonly repairs: readonly Step[];
  /** The stories of all rows that ended; those of one end go up to `until`, without those that were told before. */
  readonly steps: readonly Step[];
  readonly ended: readonly {
    readonly fate: EndedAt;
    readonly until: number;
    /** Rows that ended there in the same way. */
    readonly rows: number;
  }[];
  readonly cut: boolean;
}

/** Ends that are told of at most; a line of a join may have very many. */
const MOST = 20;

/** @param lineOf the line of a row in an output's file */
export function tellFates(
  lineage: Lineage,
  { fates, repairs, cut }: Fates,
  lineOf: (path: string, position: number) => number | null,
): Told {
  const reached = fates.flatMap((fate) => (fate.kind === 'reached' ? [fate] : []));
  // Where a row reached an output, rowsets that nothing reads are no news.
  const news = fates.filter((fate) => fate.kind === 'ended' && !(fate.unread && reached.length > 0));
  const ends = alike(news.flatMap((fate) => (fate.kind === 'ended' ? [fate] : [])));
  const shown = ends.slice(0, MOST);
  const { steps, until } = storiesOf(
    lineage,
    shown.map(([{ ref }]) => ref),
    MEMBERS,
  );
  return {
    reached: reached.map(({ output, position }) => ({
      output: output.shown,
      line: lineOf(output.path, position),
      row: position + 1,
    })),
    repairs,
    steps,
    ended: shown.map(([fate, rows], at) => ({ fate, until: until[at] ?? 0, rows })),
    cut: cut || ends.length > MOST,
  };
}

const MEMBERS = 3;

/** Ends of one clause for one reason, which read the same, are one. */
function alike(ends: readonly EndedAt[]): readonly (readonly [EndedAt, number])[] {
  const found = new Map<string, { readonly fate: EndedAt; rows: number }>();
  for (const fate of ends) {
    const key = [fate.label, fate.how, valuesText(fate.read, Infinity)].join('\n');
    const known = found.get(key) ?? { fate, rows: 0 };
    found.set(key, known);
    known.rows += 1;
  }
  return [...found.values()].map(({ fate, rows }) => [fate, rows] as const);
}
