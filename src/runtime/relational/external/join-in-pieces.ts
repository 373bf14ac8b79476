/** A pair of parts of which the right one does not fit and cannot be cut by its keys: every piece of it that fits meets all left rows (block nested loops). */
import type { JoinNode } from '../../../planner/graph.ts';
import type { Vector } from '../../batch.ts';
import type { Columns } from '../../packed/columns.ts';
import { copyRows } from '../../spill/collect.ts';
import type { Run } from '../../spill/spool.ts';
import { gather, slice } from '../../vectors.ts';
import { Collected } from '../cross-row.ts';
import { join } from '../join.ts';
import { batchOf } from './operator.ts';
import { writeAll } from './part-plan.ts';
import type { PartPlan, Results } from './part-plan.ts';

/** Left rows that meet a piece at once: what they give together should fit too. */
const LEFT_ROWS = 256;

/** The runs it adds are one a piece, in the pieces' order: merged by the left's positions they give each left row its partners in the right's order. */
export async function joinInPieces(
  plan: PartPlan,
  left: Run,
  right: Run,
  most: number,
  results: Results,
): Promise<void> {
  const { node, room } = plan;
  const met = new Uint8Array(left.rows);
  const kernelNode: JoinNode = { ...node, type: pieceType(node.type) };
  for (const piece of pieces(right, most)) {
    const kernel = join(kernelNode, plan.left, plan.right, plan.compile);
    for (const columns of piece) kernel.take(1, batchOf(columns));
    kernel.end(1);
    const matched = room.writer(plan.outTypes, results.spool);
    let row = 0;
    for (const columns of smaller(left.read())) {
      const answer = kernel.take(0, batchOf(columns));
      mark(met, row, columns.vectors[plan.leftColumns], answer, plan.leftColumns);
      if (kernelNode.type !== 'semi') writeAll(answer, matched);
      row += columns.length;
      await room.breathe();
    }
    results.matched.push(matched.finish());
    const unmatched = room.writer(plan.outTypes, results.spool);
    writeAll(kernel.end(0), unmatched);
    results.unmatched.push(unmatched.finish());
  }
  writeByMeeting(plan, left, met, results);
}

/** What a piece by itself can tell: partners, and right rows without any. */
function pieceType(type: JoinNode['type']): JoinNode['type'] {
  switch (type) {
    case 'semi':
    case 'anti':
      return 'semi';
    case 'left':
      return 'inner';
    case 'full':
      return 'right';
    case 'inner':
    case 'right':
    case 'cross':
      return type;
  }
}

function* pieces(run: Run, most: number): Generator<readonly Columns[]> {
  let piece: Columns[] = [];
  let bytes = 0;
  for (const block of run.blocks) {
    piece.push(run.spool.read(block));
    bytes += block.bytes;
    if (bytes < most) continue;
    yield piece;
    piece = [];
    bytes = 0;
  }
  if (piece.length > 0) yield piece;
}

function* smaller(all: Iterable<Columns>): Generator<Columns> {
  for (const { vectors, length } of all) {
    for (let from = 0; from < length; from += LEFT_ROWS) {
      const to = Math.min(length, from + LEFT_ROWS);
      yield { vectors: vectors.map((vector) => slice(vector, from, to)), length: to - from };
    }
  }
}

/** Marks the left rows (of the part, from `start`) whose positions are in the answer. */
function mark(
  met: Uint8Array,
  start: number,
  given: Vector | undefined,
  answer: readonly Columns[],
  column: number,
): void {
  if (given?.kind !== 'number') return;
  let at = 0;
  for (const { vectors, length } of answer) {
    const positions = vectors[column];
    if (positions?.kind !== 'number') continue;
    for (let row = 0; row < length; row += 1) {
      while (at < given.values.length && given.values[at] !== positions.values[row]) at += 1;
      if (at < given.values.length) met[start + at] = 1;
    }
  }
}

/** What only all pieces together tell: left rows that met some, or none. */
function writeByMeeting(plan: PartPlan, left: Run, met: Uint8Array, results: Results): void {
  const { node, room } = plan;
  if (node.type !== 'semi' && node.type !== 'anti' && node.type !== 'left' && node.type !== 'full') return;
  const wanted = node.type === 'semi' ? 1 : 0;
  const missing = plan.hasRight ? new Collected(plan.right).vectors() : [];
  const writer = room.writer(plan.outTypes, results.spool);
  let start = 0;
  for (const { vectors, length } of left.read()) {
    const from = start;
    start += length;
    const rows = Int32Array.from({ length }, (_, row) => row).filter((row) => met[from + row] === wanted);
    const none = new Int32Array(rows.length).fill(-1);
    const kept = copyRows(vectors, rows);
    writer.add({ vectors: [...kept.vectors, ...missing.map((vector) => gather(vector, none))], length: rows.length });
  }
  results.matched.push(writer.finish());
}
