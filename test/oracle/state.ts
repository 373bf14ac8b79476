/** What the oracle keeps: every row with its parents, every origin's repaired rows, every chain. Nothing is incremental. */
import type { RowsetId } from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';

/** The history of a row at its origin (S12): what it was first, how many repairs made it, and how often each action fired on the way. */
export interface Chain {
  readonly first: ReadonlyMap<string, Value>;
  readonly repairs: number;
  readonly firings: ReadonlyMap<string, number>;
}

export interface Row {
  /** Equal for equal derivations, so that a recomputed row is known again. */
  readonly id: string;
  /** The rowset whose row it is; rows that only pass a node are the same row. */
  readonly node: RowsetId;
  readonly values: ReadonlyMap<string, Value>;
  readonly parents: readonly Row[];
  /** Of a row of a FROM or COMBINE: the name of the source that it is a row of. */
  readonly side?: string;
  /** Set on rows of an origin's output: the computed row they go back to, their call, and their history. */
  readonly origin: OriginFacts | null;
}

export interface OriginFacts {
  readonly base: string;
  readonly call: string;
  /** Which of the operator's alternatives answered; 0 is the first. */
  readonly conjecture: number;
  readonly chain: Chain;
}

type CallChain = Omit<Chain, 'first'> & { readonly first: Chain['first'] | null };

/** A place behind a computed row: first the row itself (or what an EDIT made of it), then APPEND copies in the order of their making. */
interface Place {
  row: Row | null;
  /** The row version an APPEND copied; null for the computed row's own place. */
  readonly copiedFrom: string | null;
}

/** All repairs so far. Keyed by computed row, so that those of a row that is no longer computed are never found again. */
export class Repairs {
  /** By row and action: in how many passes the action has copied the row through a cross-row step (S13). */
  private readonly copied = new Map<string, Map<string, number>>();
  private readonly places = new Map<string, Place[]>();
  /** `first` is null of a call that has given no row yet. */
  private readonly calls = new Map<string, { readonly conjecture: number; readonly chain: CallChain }>();

  /** The rows that stand where the computed row was. */
  liveRows(base: Row): readonly Row[] {
    const places = this.places.get(base.id);
    return places === undefined ? [base] : places.flatMap(({ row }) => (row === null ? [] : [row]));
  }

  isLive(row: Row): boolean {
    if (row.origin === null) throw new Error('only rows of an origin are repaired');
    if (row.origin.conjecture !== this.conjecture(row.origin.call)) return false;
    const places = this.places.get(row.origin.base);
    return places === undefined ? row.id === row.origin.base : places.some((place) => place.row?.id === row.id);
  }

  conjecture(call: string): number {
    return this.calls.get(call)?.conjecture ?? 0;
  }

  chainOf(call: string, values: ReadonlyMap<string, Value>): Chain {
    const chain = this.calls.get(call)?.chain;
    return { first: chain?.first ?? values, repairs: chain?.repairs ?? 0, firings: chain?.firings ?? new Map() };
  }

  /** The history of a row now: its chain, and the copies made of it through cross-row steps. */
  historyOf({ id, origin }: Row): Chain {
    if (origin === null) throw new Error('only rows of an origin have a history');
    const copies = this.copied.get(id) ?? new Map<string, number>();
    const firings = new Map(origin.chain.firings);
    for (const [action, count] of copies) firings.set(action, (firings.get(action) ?? 0) + count);
    return { ...origin.chain, firings };
  }

  countCopies({ id }: Row, action: string): void {
    const counts = this.copied.get(id) ?? new Map<string, number>();
    this.copied.set(id, counts.set(action, (counts.get(action) ?? 0) + 1));
  }

  edit(row: Row, values: ReadonlyMap<string, Value>, action: string): void {
    const places = this.placesOf(row);
    const place = places.find((candidate) => candidate.row?.id === row.id);
    if (place === undefined) throw new Error('an edited row is not live');
    place.row = this.copyOf(row, values, action, places.length);
    this.killCopies(places, row.id);
  }

  append(row: Row, values: ReadonlyMap<string, Value>, action: string): void {
    const places = this.placesOf(row);
    places.push({ row: this.copyOf(row, values, action, places.length), copiedFrom: row.id });
  }

  delete(row: Row): void {
    const places = this.placesOf(row);
    for (const place of places) if (place.row?.id === row.id) place.row = null;
    this.killCopies(places, row.id);
  }

  /** The rows of the call die because their conjecture is no longer the one that counts. */
  retry(row: Row, action: string): void {
    if (row.origin === null) throw new Error('only rows of an origin are repaired');
    const { call } = row.origin;
    this.calls.set(call, { conjecture: this.conjecture(call) + 1, chain: fired(this.historyOf(row), action) });
  }

  /** A call that gave no row is made again by the next alternative. */
  retryFailed(call: string, action: string): void {
    const chain = this.calls.get(call)?.chain ?? { first: null, repairs: 0, firings: new Map<string, number>() };
    this.calls.set(call, { conjecture: this.conjecture(call) + 1, chain: fired(chain, action) });
  }

  private placesOf(row: Row): Place[] {
    if (row.origin === null) throw new Error('only rows of an origin are repaired');
    const known = this.places.get(row.origin.base);
    if (known !== undefined) return known;
    const places: Place[] = [{ row, copiedFrom: null }];
    this.places.set(row.origin.base, places);
    return places;
  }

  private copyOf(row: Row, values: ReadonlyMap<string, Value>, action: string, place: number): Row {
    if (row.origin === null) throw new Error('only rows of an origin are repaired');
    return {
      ...row,
      id: `${row.id}/${action}@${place}`,
      values: new Map([...row.values, ...values]),
      origin: { ...row.origin, chain: fired(this.historyOf(row), action) },
    };
  }

  /** An APPEND copy dies with the row it was copied from, and so does what took its place. */
  private killCopies(places: Place[], id: string): void {
    for (const place of places) {
      if (place.copiedFrom !== id || place.row === null) continue;
      const dead = place.row.id;
      place.row = null;
      this.killCopies(places, dead);
    }
  }
}

function fired<C extends CallChain>(chain: C, action: string): C {
  const firings = new Map(chain.firings).set(action, (chain.firings.get(action) ?? 0) + 1);
  return { ...chain, repairs: chain.repairs + 1, firings };
}
