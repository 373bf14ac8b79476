/** The repaired rows of an origin: which stand where, whom they were copied from, and each chain (S6, S12–S14). Sparse: it costs what was repaired. */
import type { Table } from './table.ts';

/** The history of a row: the row it all began with, and how often which action fired on the way. */
export interface Chain {
  readonly first: number;
  readonly repairs: number;
  readonly firings: Firings;
}

/** How often which action fired: a short list that chains share the end of. */
type Firings = { readonly action: string; readonly times: number; readonly others: Firings } | null;

export function timesOf(firings: Firings, action: string): number {
  for (let one = firings; one !== null; one = one.others) if (one.action === action) return one.times;
  return 0;
}

function oneMore(firings: Firings, action: string): Firings {
  if (firings === null) return { action, times: 1, others: null };
  if (firings.action === action) return { ...firings, times: firings.times + 1 };
  return { ...firings, others: oneMore(firings.others, action) };
}

/** A place behind a computed row: its own, or that of an APPEND copy. */
interface Place {
  /** −1 where it is empty. */
  row: number;
  /** The row an APPEND copied; −1 for the computed row's own place. */
  readonly copiedFrom: number;
}

/** What is known of a row that was repaired, or is a copy. */
interface Known {
  /** The computed row that it goes back to, and the place it has there. */
  readonly base: number;
  readonly place: number;
  readonly chain: Chain;
}

export class Origin {
  readonly table: Table;
  /** Computed row → its places; only of rows that were repaired. */
  private readonly places = new Map<number, Place[]>();
  private readonly known = new Map<number, Known>();
  /** All rows before it are computed ones. */
  private firstCopy = Infinity;
  /** By computed row: how many copies of its copies APPEND has made. */
  private readonly deep = new Map<number, number>();

  constructor(table: Table) {
    this.table = table;
  }

  /** The computed row that a row goes back to: itself, if it is one. */
  baseOf(row: number): number {
    return row < this.firstCopy ? row : (this.known.get(row)?.base ?? row);
  }

  /** The row's place behind its computed row; 0 is the computed row's own. */
  placeOf(row: number): number {
    return row < this.firstCopy ? 0 : (this.known.get(row)?.place ?? 0);
  }

  /** Whether nothing stands any more where the row, which is one that was computed, stood. */
  isGone(row: number): boolean {
    if (this.baseOf(row) !== row || !this.table.ended.has(row)) return false;
    return this.places.get(row)?.every((place) => place.row < 0) ?? true;
  }

  chainOf(row: number): Chain {
    return this.known.get(row)?.chain ?? { ...NO_CHAIN, first: row };
  }

  /** How often an action fired on the row's chain. */
  timesOf(row: number, action: string): number {
    const known = this.known.get(row);
    return known === undefined ? 0 : timesOf(known.chain.firings, action);
  }

  /** How many repairs the row has behind it. */
  repairsOf(row: number): number {
    return this.known.get(row)?.chain.repairs ?? 0;
  }

  /** A row computed by a RETRY goes on with the chain of the one it replaces; it is the first where there was none. */
  continueChain(row: number, chain: Chain): void {
    this.setChain(row, chain.first < 0 ? { ...chain, first: row } : chain);
  }

  /** Whether any row here has a history. */
  get untouched(): boolean {
    return this.known.size === 0;
  }

  /** `copy` (already in the table) takes the place of `row`. */
  edit(row: number, copy: number, action: string): void {
    const places = this.placesOf(row);
    const place = places[this.placeOf(row)];
    if (place === undefined || place.row !== row) throw new RangeError('an edited row does not stand in its place');
    place.row = copy;
    this.record(row, copy, this.placeOf(row), action);
    this.end(row, places);
  }

  append(row: number, copy: number, action: string): void {
    const places = this.placesOf(row);
    places.push({ row: copy, copiedFrom: row });
    this.record(row, copy, places.length - 1, action);
    const base = this.baseOf(row);
    if (base !== row) this.deep.set(base, this.copiesOfCopies(row) + 1);
  }

  /** How many copies of copies there are, dead ones too, of the computed row that a row goes back to. */
  copiesOfCopies(row: number): number {
    return this.deep.get(this.baseOf(row)) ?? 0;
  }

  delete(row: number): void {
    const places = this.placesOf(row);
    const place = places[this.placeOf(row)];
    if (place !== undefined) place.row = -1;
    this.end(row, places);
  }

  /** Ends a computed row with all that stands behind it. */
  deleteAll(base: number): void {
    this.table.ended.set(base);
    for (const place of this.places.get(base) ?? []) {
      if (place.row >= 0) this.table.ended.set(place.row);
      place.row = -1;
    }
  }

  /** A copy through a cross-row node counts on the row too: it is looked at again with each new version of what it is part of (S13). */
  countCopy(row: number, action: string): void {
    const { firings, ...chain } = this.chainOf(row);
    this.setChain(row, { ...chain, firings: oneMore(firings, action) });
  }

  /** The chain after one more firing. */
  fired(row: number, action: string): Chain {
    return fired(this.chainOf(row), action);
  }

  private setChain(row: number, chain: Chain): void {
    this.known.set(row, { base: this.baseOf(row), place: this.placeOf(row), chain });
  }

  private record(row: number, copy: number, place: number, action: string): void {
    this.firstCopy = Math.min(this.firstCopy, copy);
    this.known.set(copy, { base: this.baseOf(row), place, chain: this.fired(row, action) });
  }

  private placesOf(row: number): Place[] {
    const base = this.baseOf(row);
    const known = this.places.get(base);
    if (known !== undefined) return known;
    const places: Place[] = [{ row: base, copiedFrom: -1 }];
    this.places.set(base, places);
    return places;
  }

  /** An APPEND copy dies with the row it was copied from, and so does what took its place. */
  private end(row: number, places: Place[]): void {
    this.table.ended.set(row);
    for (const place of places) {
      if (place.copiedFrom !== row || place.row < 0) continue;
      const dead = place.row;
      place.row = -1;
      this.end(dead, places);
    }
  }
}

export function fired({ first, repairs, firings }: Chain, action: string): Chain {
  return { first, repairs: repairs + 1, firings: oneMore(firings, action) };
}

/** The chain of a call that has given no row yet. */
export const NO_CHAIN: Chain = { first: -1, repairs: 0, firings: null };
