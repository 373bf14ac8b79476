/**
 * Merges and cross-row nodes that tell where their rows came from. Where rows only move, their numbers move with them as one more column; where rows become groups,
 * the keys are looked at a second time, since groups are numbered in order of first appearance.
 */
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Column } from '../../typecheck/typed.ts';
import { LONG } from '../../typecheck/types.ts';
import type { Batch, Vector } from '../batch.ts';
import { compileExpr } from '../expressions/compile.ts';
import type { Compiler } from '../engine/compile.ts';
import { gathering, inputSchema } from '../engine/compile.ts';
import { evaluating } from '../engine/faults.ts';
import type { Merge } from '../engine/merge.ts';
import { KeyIds } from '../relational/key-ids.ts';
import { isNullAt } from '../vectors.ts';
import { listed } from './ids.ts';
import type { Rows } from './ids.ts';
import type { LineageRecorder } from './recorder.ts';

export function recordedGathering(compiling: Compiler, node: GraphNode, recorder: LineageRecorder): Merge {
  switch (node.kind) {
    case 'aggregate':
    case 'distinct':
    case 'except':
    case 'intersect':
      return byKeys(compiling, node, recorder);
    default:
      return withNumbers(compiling, node, recorder);
  }
}

// ── Numbers as a column ─────────────────────────────────────────────────────────────────────────────────────────────

/** No script can write this name. */
const NUMBERS: Column = { qualifier: null, name: '#row', type: LONG, origins: [] };

function withNumbers(compiling: Compiler, node: GraphNode, recorder: LineageRecorder): Merge {
  const sides = inputsOf(node);
  const isEither = node.kind === 'union' || node.kind === 'routed';
  const nodes = new Map(compiling.nodes);
  for (const id of new Set(sides)) {
    const input = nodes.get(id);
    if (input !== undefined) nodes.set(id, { ...input, schema: [...input.schema, NUMBERS] });
  }
  const inner = gathering({ ...compiling, nodes }, { ...node, schema: [...node.schema, NUMBERS] });
  const columns = numberColumns(compiling, node);
  const given = (side: number, batch: Batch): Batch => {
    const rows = rowsBefore(recorder, node, sides[side] ?? -1, batch);
    const numbers = listed(rows, batch.length);
    const values = isEither ? numbers.map((row) => row * sides.length + side) : numbers;
    return { ...batch, vectors: [...batch.vectors, { kind: 'number', values, nulls: null }] };
  };
  const made = (batch: Batch): Batch => {
    const bare = { ...batch, vectors: batch.vectors.filter((_, at) => !columns.includes(at)) };
    const first = recorder.number(node.id, bare);
    columns.forEach((column, side) => {
      const numbers = batch.vectors[column];
      if (numbers !== undefined) recorder.parents(node.id, side, first, numbersOf(numbers, batch.length));
    });
    return bare;
  };
  return {
    take: (side, batch) => inner.take(side, given(side, batch)).map(made),
    end: (side) => inner.end(side).map(made),
  };
}

/** Where the numbers of each side stand in the node's answers. */
function numberColumns(compiling: Compiler, node: GraphNode): readonly number[] {
  const left = inputSchema(compiling, node, 0).length;
  switch (node.kind) {
    case 'join': {
      const leftOnly = node.type === 'semi' || node.type === 'anti';
      return leftOnly ? [left] : [left, left + 1 + inputSchema(compiling, node, 1).length];
    }
    case 'window':
      return [left];
    default:
      return [node.schema.length];
  }
}

function rowsBefore(recorder: LineageRecorder, node: GraphNode, input: NodeId, batch: Batch): Rows {
  return node.kind === 'routed' ? recorder.routedRowsOf(input, batch) : recorder.rowsOf(input, batch);
}

function numbersOf(vector: Vector, length: number): Float64Array {
  if (vector.kind !== 'number') throw new TypeError('the numbers of rows are no numbers');
  return Float64Array.from({ length }, (_, row) => (isNullAt(vector, row) ? -1 : (vector.values[row] ?? -1)));
}

// ── Groups by their keys ────────────────────────────────────────────────────────────────────────────────────────────

type KeyedNode = Extract<GraphNode, { readonly kind: 'aggregate' | 'distinct' | 'except' | 'intersect' }>;

function byKeys(compiling: Compiler, node: KeyedNode, recorder: LineageRecorder): Merge {
  const inner = gathering(compiling, node);
  const [input = -1] = inputsOf(node);
  const schema = inputSchema(compiling, node);
  const keys =
    node.kind === 'aggregate'
      ? node.keys.map(({ value }) => compileExpr(value, schema, compiling.expressions))
      : schema.map((_, at) => (batch: Batch) => columnAt(batch, at));
  const ids = new KeyIds(keys.length, 'equal');
  const made = (batch: Batch): Batch => {
    // Another object than what came in: a DISTINCT that keeps all rows gives the batch it took.
    const own = { ...batch };
    const first = recorder.number(node.id, own);
    const lists =
      node.kind === 'except' || node.kind === 'intersect'
        ? Float64Array.from(ids.find(batch.vectors, batch.length))
        : listed(first, batch.length);
    recorder.lists(node.id, first, lists);
    return own;
  };
  return {
    take: (side, batch) => {
      if (side === 0 && batch.length > 0) {
        const groups = ids.assign(
          keys.map((key) => evaluating(batch, key)),
          batch.length,
        );
        recorder.groups(node.id, 0, recorder.rowsOf(input, batch), groups);
      }
      return inner.take(side, batch).map(made);
    },
    end: (side) => inner.end(side).map(made),
  };
}

function columnAt({ vectors }: Batch, at: number): Vector {
  const vector = vectors[at];
  if (vector === undefined) throw new RangeError(`the batch has no column ${at}`);
  return vector;
}
