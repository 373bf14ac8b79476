/** The lineage of a job, asked row by row: upwards to the rows a row was made from, downwards to those made from it. */
import type { NodeId } from '../../planner/graph.ts';
import type { Value } from '../../typecheck/types.ts';
import type { BlockEntry } from './blocks.ts';
import type { ByteReader } from './bytes.ts';
import { LINEAGE_VERSION } from './manifest.ts';
import type { ColumnFacts, Manifest, NodeFacts } from './manifest.ts';
import { blockOf, damaged, PackedFile, within } from './packed.ts';
import type { LineageFiles } from './packed.ts';
import type { RecordedRepair } from './region.ts';
import { readColumn } from './values.ts';

/** A row of a node. */
export interface RowRef {
  readonly node: NodeId;
  readonly row: number;
}

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

export interface RejectedFacts extends SourcePlace {
  readonly text: string;
  readonly reason: string;
}

/** The rows that a row was made from, on each side: one at most, but of a group. */
export interface Made {
  readonly kind: 'rows' | 'group';
  readonly sides: readonly (readonly RowRef[])[];
}

export class Lineage {
  readonly manifest: Manifest;
  private readonly packed: PackedFile;
  private readonly nodes: ReadonlyMap<NodeId, NodeFacts>;
  private readonly ints: (entry: BlockEntry) => Float64Array;
  private readonly columns: (entry: BlockEntry) => readonly (readonly Value[])[];
  private readonly places: (entry: BlockEntry) => { readonly file: string; readonly lines: Float64Array };
  private readonly lists: (entry: BlockEntry) => readonly Float64Array[];
  private readonly groups: (entry: BlockEntry) => { readonly rows: Float64Array; readonly lists: Float64Array };
  private readonly endings: (entry: BlockEntry) => ReadonlyMap<number, string>;
  private readonly bound: (entry: BlockEntry) => ReadonlyMap<number, readonly Value[]>;
  private readonly rejections: (entry: BlockEntry) => readonly RejectedFacts[];
  private readonly repairs: (entry: BlockEntry) => readonly RecordedRepair[];

  constructor(files: LineageFiles) {
    this.manifest = manifestOf(files);
    this.nodes = new Map(this.manifest.nodes.map((node) => [node.id, node]));
    const packed = new PackedFile(files);
    this.packed = packed;
    this.ints = packed.decoder((from) => from.ints());
    this.columns = packed.decoder((from, { rows: [first, last] }) =>
      Array.from({ length: from.uint() }, () => readColumn(from, last - first + 1)),
    );
    this.places = packed.decoder((from) => ({ file: from.text(), lines: from.ints() }));
    this.lists = packed.decoder((from, { rows: [first, last] }) =>
      Array.from({ length: last - first + 1 }, () => from.ints()),
    );
    this.groups = packed.decoder((from) => ({ rows: from.ints(), lists: from.ints() }));
    this.endings = packed.decoder(readEndings);
    this.bound = packed.decoder(readBound);
    this.rejections = packed.decoder((from) => [...readRejections(from)]);
    this.repairs = packed.decoder((from) => JSON.parse(from.text()) as readonly RecordedRepair[]);
  }

  node(id: NodeId): NodeFacts {
    const node = this.nodes.get(id);
    if (node === undefined) throw new RangeError(`the lineage has no node ${id}`);
    return node;
  }

  /** The nodes that take a node's rows, and on which side. */
  takersOf(id: NodeId): readonly { readonly node: NodeFacts; readonly side: number }[] {
    return this.manifest.nodes.flatMap((node) =>
      node.inputs.flatMap((input, side) => (input === id ? [{ node, side }] : [])),
    );
  }

  // ── Values ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The value of a column of a row, which may stand with a row it was made from. */
  value(ref: RowRef, column: number): Value {
    let at: RowRef | null = ref;
    let index = column;
    while (at !== null) {
      const facts: ColumnFacts | undefined = this.node(at.node).columns[index];
      if (facts === undefined) return null;
      if (facts.place.kind === 'own') return this.ownValues(at)[facts.place.at] ?? null;
      const side: number = facts.place.kind === 'passed' ? facts.place.side : -1;
      const before: RowRef | null = side < 0 ? this.soleParent(at) : this.parentOn(at, side);
      if (before === null) return null;
      index = facts.place.kind === 'passed' ? facts.place.column : this.columnNamed(before.node, facts.name);
      at = before;
    }
    return null;
  }

  columnNamed(node: NodeId, name: string): number {
    return this.node(node).columns.findIndex((column) => column.name === name);
  }

  private ownValues({ node, row }: RowRef): readonly Value[] {
    const block = blockOf(this.packed.blocks('values', node), row);
    return block === null ? [] : this.columns(block).map((values) => values[row - block.rows[0]] ?? null);
  }

  /** What an alternative of an operator was given for an input row, where that is recorded. */
  boundValues(node: NodeId, alternative: number, row: number): readonly Value[] {
    for (const block of this.packed.blocks('inputs', node, alternative)) {
      if (!within(block.rows, row)) continue;
      const values = this.bound(block).get(row);
      if (values !== undefined) return values;
    }
    return [];
  }

  // ── Upwards ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** `members`: how many rows of a group at most. */
  made(ref: RowRef, members = Infinity): Made {
    const { inputs, kind } = this.node(ref.node);
    const list = this.listOf(ref);
    if (list !== null) {
      return { kind: 'group', sides: inputs.map((_, side) => this.membersOf(ref.node, list, side, members)) };
    }
    if (kind === 'union' || kind === 'routed') {
      const sole = this.soleParent(ref);
      return { kind: 'rows', sides: sole === null ? [] : [[sole]] };
    }
    const sides = inputs.map((_, side) => {
      const parent = this.parentOn(ref, side);
      return parent === null ? [] : [parent];
    });
    return { kind: 'rows', sides };
  }

  /** How many rows a group has, on all sides. */
  membersCount(ref: RowRef): number {
    const list = this.listOf(ref);
    if (list === null) return 0;
    return this.node(ref.node).inputs.reduce((sum, _, side) => sum + this.countMembers(ref.node, list, side), 0);
  }

  /** The parent of a row of a union, or of what was routed to one name. */
  private soleParent({ node, row }: RowRef): RowRef | null {
    const { inputs, kind } = this.node(node);
    if (kind !== 'union' && kind !== 'routed') return null;
    const number = this.parentNumber(node, 0, row);
    const side = number % inputs.length;
    if (number < 0) return null;
    const parent = Math.floor(number / inputs.length);
    const from = inputs[side] ?? -1;
    // What a clause routes are rows that stood before it; an EXTRACT's are lines that were never rows.
    return kind === 'union' ? { node: from, row: parent } : this.beforeClause(from, parent);
  }

  private beforeClause(clause: NodeId, row: number): RowRef | null {
    const [input] = this.node(clause).inputs;
    return input === undefined ? null : { node: input, row };
  }

  /** The line that a routed row stands for, where it is one that a reader did not take. */
  rejectedBehind({ node, row }: RowRef): RejectedFacts | null {
    const { inputs, kind } = this.node(node);
    const number = kind === 'routed' ? this.parentNumber(node, 0, row) : -1;
    if (number < 0) return null;
    const from = inputs[number % inputs.length] ?? -1;
    const line = Math.floor(number / inputs.length);
    const block = blockOf(this.packed.blocks('rejected', from), line);
    if (this.node(from).kind !== 'extract' || block === null) return null;
    return this.rejections(block)[line - block.rows[0]] ?? null;
  }

  /** The clause that routed a row. */
  clauseBehind({ node, row }: RowRef): NodeFacts | null {
    const { inputs, kind } = this.node(node);
    const number = kind === 'routed' ? this.parentNumber(node, 0, row) : -1;
    return number < 0 ? null : this.node(inputs[number % inputs.length] ?? -1);
  }

  private parentOn(ref: RowRef, side: number): RowRef | null {
    const input = this.node(ref.node).inputs[side];
    if (input === undefined) return null;
    const list = this.listOf(ref);
    if (list !== null) return this.membersOf(ref.node, list, side, 1)[0] ?? null;
    const row = this.parentNumber(ref.node, side, ref.row);
    return row < 0 ? null : { node: input, row };
  }

  private parentNumber(node: NodeId, side: number, row: number): number {
    const block = blockOf(this.packed.blocks('parents', node, side), row);
    return block === null ? -1 : (this.ints(block)[row - block.rows[0]] ?? -1);
  }

  private listOf({ node, row }: RowRef): number | null {
    const block = blockOf(this.packed.blocks('lists', node), row);
    return block === null ? null : (this.ints(block)[row - block.rows[0]] ?? null);
  }

  private membersOf(node: NodeId, list: number, side: number, most: number): readonly RowRef[] {
    const input = this.node(node).inputs[side] ?? -1;
    const rows: RowRef[] = [];
    for (const row of this.eachMember(node, list, side)) {
      if (rows.length >= most) break;
      rows.push({ node: input, row });
    }
    return rows;
  }

  private countMembers(node: NodeId, list: number, side: number): number {
    let count = 0;
    for (const _ of this.eachMember(node, list, side)) count += 1;
    return count;
  }

  private *eachMember(node: NodeId, list: number, side: number): Iterable<number> {
    const block = blockOf(this.packed.blocks('members', node, side), list);
    if (block !== null) yield* this.lists(block)[list - block.rows[0]] ?? [];
    for (const entry of this.packed.blocks('groups', node, side)) {
      if (!within(entry.others, list)) continue;
      const { rows, lists } = this.groups(entry);
      for (let at = 0; at < lists.length; at += 1) if (lists[at] === list) yield rows[at] ?? -1;
    }
  }

  // ── Downwards ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The rows of a node that were made from a row of its input on that side. */
  childrenOf(node: NodeId, side: number, row: number): readonly RowRef[] {
    const { inputs, kind } = this.node(node);
    const isEither = kind === 'union' || kind === 'routed';
    const wanted = isEither ? row * inputs.length + side : row;
    const found: RowRef[] = [];
    for (const entry of this.packed.blocks('parents', node, isEither ? 0 : side)) {
      if (!within(entry.others, wanted)) continue;
      const parents = this.ints(entry);
      for (let at = 0; at < parents.length; at += 1)
        if (parents[at] === wanted) found.push({ node, row: entry.rows[0] + at });
    }
    for (const list of this.listsWith(node, side, row)) found.push(...this.rowsOfList(node, list));
    return found;
  }

  /** The groups that a row is in. */
  listsWith(node: NodeId, side: number, row: number): readonly number[] {
    const found: number[] = [];
    for (const entry of this.packed.blocks('groups', node, side)) {
      if (!within(entry.rows, row)) continue;
      const { rows, lists } = this.groups(entry);
      const at = rows.indexOf(row);
      const list = lists[at] ?? -1;
      if (list >= 0) found.push(list);
    }
    for (const entry of this.packed.blocks('members', node, side)) {
      if (!within(entry.others, row)) continue;
      this.lists(entry).forEach((rows, at) => {
        if (rows.includes(row)) found.push(entry.rows[0] + at);
      });
    }
    return found;
  }

  private rowsOfList(node: NodeId, list: number): readonly RowRef[] {
    const found: RowRef[] = [];
    for (const entry of this.packed.blocks('lists', node)) {
      if (!within(entry.others, list)) continue;
      this.ints(entry).forEach((one, at) => {
        if (one === list) found.push({ node, row: entry.rows[0] + at });
      });
    }
    return found;
  }

  // ── What became of rows ───────────────────────────────────────────────────────────────────────────────────────────

  /** What is known of an input row that ended at a node, beside the node's clause. */
  endedText(node: NodeId, row: number): string | null {
    for (const entry of this.packed.blocks('ended', node)) {
      const text = within(entry.rows, row) ? this.endings(entry).get(row) : undefined;
      if (text !== undefined) return text;
    }
    return null;
  }

  isDead({ node, row }: RowRef): boolean {
    return this.packed.blocks('dead', node).some((entry) => within(entry.rows, row) && this.ints(entry).includes(row));
  }

  /** Which alternative of an operator gave the row; 0 is the first. */
  alternativeOf({ node, row }: RowRef): number {
    const found = this.packed
      .sidesOf('answered', node)
      .find((side) =>
        this.packed
          .blocks('answered', node, side)
          .some((entry) => within(entry.rows, row) && this.ints(entry).includes(row)),
      );
    return found ?? 0;
  }

  /** The repair that made a row; null for one that was computed. */
  repairMaking({ node, row }: RowRef): RecordedRepair | null {
    for (const entry of this.packed.blocks('repairs', node)) {
      const found = within(entry.others, row) ? this.repairs(entry).find(({ copy }) => copy === row) : undefined;
      if (found !== undefined) return found;
    }
    return null;
  }

  /** The repairs of a row of an origin, in the order in which they acted; of calls with `ofCall`, those of an input row. */
  repairsOf({ node, row }: RowRef, ofCall = false): readonly RecordedRepair[] {
    return this.packed
      .blocks('repairs', node)
      .flatMap((entry) =>
        within(entry.rows, row)
          ? this.repairs(entry).filter((repair) => repair.row === row && repair.ofCall === ofCall)
          : [],
      );
  }

  // ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  placeOf({ node, row }: RowRef): SourcePlace | null {
    for (const entry of this.packed.blocks('place', node)) {
      if (!within(entry.rows, row)) continue;
      const { file, lines } = this.places(entry);
      return { file, line: lines[row - entry.rows[0]] ?? 0 };
    }
    return null;
  }

  /** The row of a source that begins at a line of a file or, in a record of several lines, above it, with the line it begins at; null for none. */
  sourceRow(node: NodeId, file: string, line: number): { readonly ref: RowRef; readonly line: number } | null {
    let best: { readonly ref: RowRef; readonly line: number } | null = null;
    for (const entry of this.packed.blocks('place', node)) {
      if (entry.others[0] > line) continue;
      const { file: name, lines } = this.places(entry);
      if (name !== file) continue;
      lines.forEach((start, at) => {
        if (start <= line && start > (best?.line ?? 0)) best = { ref: { node, row: entry.rows[0] + at }, line: start };
      });
    }
    return best;
  }

  /** A line that the reader did not take, with its number. */
  rejectedAt(
    node: NodeId,
    file: string,
    line: number,
  ): { readonly facts: RejectedFacts; readonly number: number } | null {
    let best: { readonly facts: RejectedFacts; readonly number: number } | null = null;
    for (const entry of this.packed.blocks('rejected', node)) {
      if (entry.others[0] > line) continue;
      this.rejections(entry).forEach((facts, at) => {
        if (facts.file === file && facts.line <= line && facts.line > (best?.facts.line ?? 0))
          best = { facts, number: entry.rows[0] + at };
      });
    }
    return best;
  }

  /** The row of an output's input that a file of it has at a position, from 0. */
  writtenRow(output: NodeId, part: number, position: number): RowRef | null {
    const [input] = this.node(output).inputs;
    const entry = blockOf(this.packed.blocks('written', output, part), position);
    if (entry === null || input === undefined) return null;
    return { node: input, row: this.ints(entry)[position - entry.rows[0]] ?? -1 };
  }

  /** Where an output has written a row of its input. */
  writtenAt(output: NodeId, row: number): readonly { readonly part: number; readonly position: number }[] {
    return this.packed.sidesOf('written', output).flatMap((part) =>
      this.packed.blocks('written', output, part).flatMap((entry) => {
        if (!within(entry.others, row)) return [];
        const positions: { part: number; position: number }[] = [];
        this.ints(entry).forEach((one, at) => {
          if (one === row) positions.push({ part, position: entry.rows[0] + at });
        });
        return positions;
      }),
    );
  }
}

function manifestOf(files: LineageFiles): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(files.manifest) as Manifest;
  } catch {
    throw damaged(files, 'its manifest is no JSON');
  }
  if (manifest.version !== LINEAGE_VERSION) {
    throw damaged(files, `it has version ${String(manifest.version)}, this pyscope reads version ${LINEAGE_VERSION}`);
  }
  if (files.index.length !== manifest.bytes.index) throw damaged(files, 'its index is cut off');
  return manifest;
}

function readEndings(from: ByteReader): ReadonlyMap<number, string> {
  const texts = Array.from({ length: from.uint() }, () => from.text());
  const rows = from.ints();
  return new Map(Array.from(rows, (row) => [row, texts[from.uint()] ?? ''] as const));
}

function readBound(from: ByteReader): ReadonlyMap<number, readonly Value[]> {
  const rows = from.ints();
  const columns = Array.from({ length: from.uint() }, () => readColumn(from, rows.length));
  return new Map(Array.from(rows, (row, at) => [row, columns.map((values) => values[at] ?? null)] as const));
}

function* readRejections(from: ByteReader): Iterable<RejectedFacts> {
  while (!from.done) yield { file: from.text(), line: from.uint(), text: from.text(), reason: from.text() };
}
