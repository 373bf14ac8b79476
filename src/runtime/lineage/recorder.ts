/**
 * Records, while a job runs, which rows each row was made from. A node's rows are numbered as they come; what is written of them is the columns that the node
 * computes (the others are those of their parents), their parents, and what is known of rows that ended there. All goes to the disk at once: in memory stay
 * a counter a node and, of batches on their way, the numbers of their rows.
 */
import type { NodeId } from '../../planner/graph.ts';
import type { Plan } from '../../planner/plan.ts';
import type { Batch, Vector } from '../batch.ts';
import type { RejectedLine, RowFailure } from '../operators/runner.ts';
import type { OutputFiles } from '../outputs/files.ts';
import { BlockFile } from './blocks.ts';
import type { BlockKey } from './blocks.ts';
import { ByteWriter } from './bytes.ts';
import { describeNodes, ownColumns, ownInputs } from './describe.ts';
import { listed, rowAt, rowsAt, span } from './ids.ts';
import type { Rows } from './ids.ts';
import { LINEAGE_VERSION } from './manifest.ts';
import type { InputFacts, Manifest, NodeFacts, OutputFacts } from './manifest.ts';
import { packColumn } from './values.ts';

export interface RecorderOptions {
  readonly plan: Plan;
  readonly files: OutputFiles;
  /** Where the lineage of this job goes. */
  readonly folder: string;
  readonly job: string;
}

/** Rows that ended, with a text for each. */
export interface EndedRow {
  readonly row: number;
  readonly text: string;
}

const NONE: readonly [number, number] = [-1, -1];

/** Lists in one block at most. */
const LISTS = 4096;

export class LineageRecorder {
  readonly nodes: readonly NodeFacts[];
  private readonly options: RecorderOptions;
  private readonly file: BlockFile;
  private readonly own: ReadonlyMap<NodeId, readonly number[]>;
  private readonly counts = new Map<NodeId, number>();
  private readonly listCounts = new Map<NodeId, number>();
  private readonly rejections = new Map<NodeId, number>();
  /** Rows written so far, by node and part. */
  private readonly positions = new Map<string, number>();
  private readonly known = new Map<NodeId, WeakMap<Batch, Rows>>();
  private readonly routed = new Map<NodeId, WeakMap<Batch, Rows>>();

  constructor(options: RecorderOptions) {
    this.options = options;
    this.nodes = describeNodes(options.plan);
    this.own = ownColumns(this.nodes);
    this.file = new BlockFile(options.files, options.folder);
  }

  begin(): Promise<void> {
    return this.file.begin();
  }

  /** What kept it from being written; null while all is well. */
  get trouble(): unknown {
    return this.file.trouble;
  }

  /** Waits while the disk is behind. */
  room(): Promise<void> {
    return this.file.room();
  }

  // ── Numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The numbers of a batch that a node gave. */
  rowsOf(node: NodeId, batch: Batch): Rows {
    return found(this.known, node, batch);
  }

  /** The rows before a clause that a batch of what it routed was made from. */
  routedRowsOf(clause: NodeId, batch: Batch): Rows {
    return found(this.routed, clause, batch);
  }

  register(node: NodeId, batch: Batch, rows: Rows): void {
    known(this.known, node).set(batch, rows);
  }

  registerRouted(clause: NodeId, batch: Batch, rows: Rows): void {
    known(this.routed, clause).set(batch, rows);
  }

  /** Numbers for so many new rows: the first of them. */
  allocate(node: NodeId, count: number): number {
    return counted(this.counts, node, count);
  }

  allocateLists(node: NodeId, count: number): number {
    return counted(this.listCounts, node, count);
  }

  /** Numbers the rows of a batch and records what the node computed of them. */
  number(node: NodeId, batch: Batch): number {
    const first = this.allocate(node, batch.length);
    this.register(node, batch, first);
    this.values(node, first, batch.vectors, batch.length);
    return first;
  }

  // ── What is recorded of rows ──────────────────────────────────────────────────────────────────────────────────────

  values(node: NodeId, first: number, vectors: readonly Vector[], length: number): void {
    const columns = this.own.get(node) ?? [];
    if (length === 0 || columns.length === 0) return;
    const out = new ByteWriter();
    out.uint(columns.length);
    for (const column of columns) {
      const vector = vectors[column];
      if (vector === undefined) throw new RangeError(`node ${node} has no column ${column}`);
      packColumn(out, vector, length);
    }
    this.add('values', node, 0, [first, first + length - 1], NONE, out);
  }

  parents(node: NodeId, side: number, first: number, parents: Float64Array): void {
    if (parents.length === 0) return;
    const out = new ByteWriter();
    out.ints(parents);
    this.add('parents', node, side, [first, first + parents.length - 1], span(parents), out);
  }

  /** Where source rows stand. */
  place(node: NodeId, first: number, batch: Batch): void {
    const { source, ordinals, length } = batch;
    if (source === null || length === 0) return;
    const out = new ByteWriter();
    const lines = new Float64Array(length);
    for (let row = 0; row < length; row += 1) lines[row] = source.lineOf(ordinals?.[row] ?? row);
    out.text(source.name);
    out.ints(lines);
    this.add('place', node, 0, [first, first + length - 1], span(lines), out);
  }

  /** For each row the list it was made from. */
  lists(node: NodeId, first: number, lists: Float64Array): void {
    if (lists.length === 0) return;
    const out = new ByteWriter();
    out.ints(lists);
    this.add('lists', node, 0, [first, first + lists.length - 1], span(lists), out);
  }

  /** The rows of consecutive lists, on a side. */
  members(node: NodeId, side: number, first: number, members: readonly Float64Array[]): void {
    for (let start = 0; start < members.length; start += LISTS) {
      const some = members.slice(start, start + LISTS);
      const out = new ByteWriter();
      for (const rows of some) out.ints(rows);
      const spans = some.map(span).filter(([from]) => from >= 0);
      const others =
        spans.length === 0
          ? NONE
          : ([Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))] as const);
      this.add('members', node, side, [first + start, first + start + some.length - 1], others, out);
    }
  }

  /** For each of these input rows the list it is in; −1 for none. */
  groups(node: NodeId, side: number, rows: Rows, lists: Int32Array): void {
    if (lists.length === 0) return;
    const out = new ByteWriter();
    const given = listed(rows, lists.length);
    out.ints(given);
    out.ints(lists);
    this.add('groups', node, side, span(given), span(lists), out);
  }

  ended(node: NodeId, rows: readonly EndedRow[]): void {
    if (rows.length === 0) return;
    const texts = [...new Set(rows.map(({ text }) => text))];
    const places = new Map(texts.map((text, at) => [text, at]));
    const out = new ByteWriter();
    out.uint(texts.length);
    for (const text of texts) out.text(text);
    const numbers = rows.map(({ row }) => row);
    out.ints(numbers);
    for (const { text } of rows) out.uint(places.get(text) ?? 0);
    this.add('ended', node, 0, span(numbers), NONE, out);
  }

  /** Rows on which an operator or expression failed. `clause`: what the script does with them. */
  failed(node: NodeId, rows: Rows, failures: readonly RowFailure[], clause: string): void {
    this.ended(
      node,
      failures.map(({ row, code, message }) => ({ row: rowAt(rows, row), text: `${clause}: ${code}: ${message}` })),
    );
  }

  /** What an alternative of an operator was given for these input rows; `vectors` are all of its inputs. */
  inputs(node: NodeId, alternative: number, rows: Rows, vectors: readonly Vector[], length: number): void {
    const facts = this.nodes.find(({ id }) => id === node)?.operators[alternative];
    const own = facts === undefined ? [] : ownInputs(facts);
    if (own.length === 0 || length === 0) return;
    const out = new ByteWriter();
    const given = listed(rows, length);
    out.ints(given);
    out.uint(own.length);
    for (const at of own) {
      const vector = vectors[at];
      if (vector === undefined) throw new RangeError(`an operator has no input ${at}`);
      packColumn(out, vector, length);
    }
    this.add('inputs', node, alternative, span(given), NONE, out);
  }

  /** Rows that an alternative other than the first gave. */
  answered(node: NodeId, alternative: number, rows: Float64Array): void {
    this.rowList('answered', node, alternative, rows);
  }

  dead(node: NodeId, rows: Float64Array): void {
    this.rowList('dead', node, 0, rows);
  }

  /** Lines that a reader did not take; the numbers of the first of them. */
  rejected(node: NodeId, lines: readonly RejectedLine[]): number {
    const first = counted(this.rejections, node, lines.length);
    if (lines.length === 0) return first;
    const out = new ByteWriter();
    for (const { place, text, code, message } of lines) {
      out.text(place.file);
      out.uint(place.line ?? 0);
      out.text(text);
      out.text(`${code}: ${message}`);
    }
    const numbers = span(lines.map(({ place }) => place.line ?? -1));
    this.add('rejected', node, 0, [first, first + lines.length - 1], numbers, out);
    return first;
  }

  /** Repairs as JSON; `rows` and `copies` are those they are about. */
  repairs(origin: NodeId, json: string, rows: readonly number[], copies: readonly number[]): void {
    const out = new ByteWriter();
    out.text(json);
    this.add('repairs', origin, 0, span(rows), span(copies), out);
  }

  /** Rows of the input of an output, as one of its files has them. `places`: those of the batch; null for all. */
  written(node: NodeId, input: NodeId, batch: Batch, part: number, places: Int32Array | null): void {
    const rows = this.rowsOf(input, batch);
    const written = places === null ? listed(rows, batch.length) : rowsAt(rows, places);
    if (written.length === 0) return;
    const key = `${node} ${part}`;
    const first = this.positions.get(key) ?? 0;
    this.positions.set(key, first + written.length);
    const out = new ByteWriter();
    out.ints(written);
    this.add('written', node, part, [first, first + written.length - 1], span(written), out);
  }

  // ── The end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Completes the record; it can be read from then on. @throws what kept it from being written */
  async finish(endedAt: number, outputs: readonly OutputFacts[], inputs: readonly InputFacts[]): Promise<number> {
    const { files, folder, job, plan } = this.options;
    const script = plan.sources[0]?.name ?? '';
    const bytes = await this.file.finish();
    const manifest: Manifest = {
      version: LINEAGE_VERSION,
      job,
      script,
      endedAt,
      nodes: this.nodes,
      outputs,
      inputs,
      bytes,
    };
    const beside = `${folder}/manifest.json.tmp`;
    const text = Buffer.from(JSON.stringify(manifest));
    const handle = await files.open(beside, 'empty');
    try {
      await handle.write(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(`${folder}/rows`, `${folder}/rows.packed`);
    await files.rename(`${folder}/index`, `${folder}/index.packed`);
    await files.rename(beside, `${folder}/manifest.json`);
    return bytes.rows + bytes.index + text.length;
  }

  /** Takes away what was recorded. */
  async discard(): Promise<void> {
    await this.file.discard();
    await this.options.files.remove(`${this.options.folder}/manifest.json.tmp`);
  }

  private rowList(kind: 'answered' | 'dead', node: NodeId, side: number, rows: Float64Array): void {
    if (rows.length === 0) return;
    const out = new ByteWriter();
    out.ints(rows);
    this.add(kind, node, side, span(rows), NONE, out);
  }

  private add(
    kind: BlockKey['kind'],
    node: NodeId,
    side: number,
    rows: BlockKey['rows'],
    others: BlockKey['others'],
    out: ByteWriter,
  ): void {
    this.file.add({ kind, node, side, rows, others }, out.bytes());
  }
}

function counted(counts: Map<NodeId, number>, node: NodeId, count: number): number {
  const first = counts.get(node) ?? 0;
  counts.set(node, first + count);
  return first;
}

function known(map: Map<NodeId, WeakMap<Batch, Rows>>, node: NodeId): WeakMap<Batch, Rows> {
  const batches = map.get(node) ?? new WeakMap<Batch, Rows>();
  map.set(node, batches);
  return batches;
}

function found(map: ReadonlyMap<NodeId, WeakMap<Batch, Rows>>, node: NodeId, batch: Batch): Rows {
  const rows = map.get(node)?.get(batch);
  if (rows !== undefined) return rows;
  if (batch.length === 0) return 0;
  throw new RangeError(`the lineage of a batch of node ${node} is not known`);
}
