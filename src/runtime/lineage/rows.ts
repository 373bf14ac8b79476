/** Recording of sources and of row-wise nodes. */
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Batch } from '../batch.ts';
import type { StageAnswer } from '../engine/executor.ts';
import type { RejectedLine } from '../operators/runner.ts';
import { listed, rowsAt } from './ids.ts';
import type { LineageRecorder } from './recorder.ts';

/** Rows of a source outside any region. */
export function recordSource(recorder: LineageRecorder, node: NodeId, batch: Batch): void {
  const first = recorder.number(node, batch);
  recorder.place(node, first, batch);
}

/** Lines that a reader did not take; `routed` is what goes to the rowset of ON ERROR ROUTE TO, one row for each. */
export function recordRejected(
  recorder: LineageRecorder,
  node: NodeId,
  lines: readonly RejectedLine[],
  clause: string,
  routed: Batch | null,
): void {
  if (lines.length === 0) return;
  const first = recorder.rejected(
    node,
    lines.map((line) => ({ ...line, message: `${line.message} (${clause})` })),
  );
  if (routed !== null) recorder.registerRouted(node, routed, first);
}

/** What the nodes of a stage made of a batch. */
export function recordAnswers(
  recorder: LineageRecorder,
  nodes: ReadonlyMap<NodeId, GraphNode>,
  batch: Batch,
  answers: StageAnswer,
): void {
  let given = batch;
  for (const { node, batch: made, origins, routed, told, ended } of answers) {
    const graphNode = nodes.get(node);
    const [input] = graphNode === undefined ? [] : inputsOf(graphNode);
    if (input === undefined || origins === undefined) throw new RangeError(`node ${node} did not tell its origins`);
    const rows = recorder.rowsOf(input, given);
    const first = recorder.number(node, made);
    recorder.parents(node, 0, first, origins.rows === null ? listed(rows, made.length) : rowsAt(rows, origins.rows));
    if (routed !== null && origins.routed !== null) {
      recorder.registerRouted(node, routed.batch, rowsAt(rows, origins.routed));
    } else if (routed !== null) recorder.registerRouted(node, routed.batch, rows);
    const onError = ended.find(({ clause }) => clause.startsWith('ON ERROR'))?.clause ?? 'ON ERROR';
    recorder.failed(node, rows, told?.failures ?? [], onError);
    if (told !== undefined && told.inputs !== null) recorder.inputs(node, 0, rows, told.inputs, given.length);
    given = made;
  }
}
