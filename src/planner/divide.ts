/** Which sources may be read in parts by several threads: those whose rows pass only steps that look at one row, and end in groups or in a file. */
import type { TypedAction, TypedExpr } from '../typecheck/typed.ts';
import { mapExpressions } from './expressions/of-node.ts';
import { mapParts } from './expressions/walk.ts';
import { inputsOf } from './graph.ts';
import type { AggregateNode, ExtractNode, GraphNode, NodeId, OutputNode } from './graph.ts';
import type { Plan, StageId } from './plan.ts';

/**
 * A source stage that threads may run over parts of its files. What comes back of a part is
 * - `groups` for an aggregate: the groups of its rows, to be merged with those of the parts before;
 * - `bytes` for an output: its rows as they stand in the file.
 */
export interface Division {
  readonly stage: StageId;
  readonly source: NodeId;
  readonly ends: readonly DividedEnd[];
  /** HINT(workers = n) of one of its steps. */
  readonly workers: number | null;
  /** HINT(partitions = n): so many parts. */
  readonly partitions: number | null;
}

export type DividedEnd =
  { readonly gives: 'groups'; readonly node: AggregateNode } | { readonly gives: 'bytes'; readonly node: OutputNode };

export function divisionsOf({
  graph,
  stages,
  regions,
}: Pick<Plan, 'graph' | 'stages' | 'regions'>): readonly Division[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const fixed = new Set(regions.flatMap((region) => region.nodes));
  return stages.flatMap((stage) => {
    const own = stage.nodes.flatMap((id) => nodes.get(id) ?? []);
    const [source, ...steps] = own;
    if (source?.kind !== 'extract' || !isDivisible(source) || !steps.every(isRowByRow)) return [];
    const inside = new Set(stage.nodes);
    const readers = graph.nodes.filter((node) => !inside.has(node.id) && inputsOf(node).some((id) => inside.has(id)));
    if ([...own, ...readers].some(({ id }) => fixed.has(id))) return [];
    const ends = readers.flatMap((node) => endOf(node) ?? []);
    if (ends.length < readers.length || ends.length === 0) return [];
    const told = [...own, ...readers];
    const hints = { workers: hinted(told, 'workers'), partitions: hinted(told, 'partitions') };
    return [{ stage: stage.id, source: source.id, ends, ...hints }];
  });
}

/** The first of the nodes that has the hint decides. */
function hinted(nodes: readonly GraphNode[], name: string): number | null {
  const values = nodes.map(({ hints }) => hints.get(name)).filter((value) => typeof value === 'number');
  return values[0] ?? null;
}

const DIVISIBLE: ReadonlySet<string> = new Set(['CsvReader', 'TsvReader', 'LineReader']);

export function isDivisible({ reader, onError }: ExtractNode): boolean {
  const { signature } = reader;
  return signature.module === null && DIVISIBLE.has(signature.name) && isContained(onError ?? undefined);
}

/** A step that gives for a row what it gives for it alone, and does nothing else. */
export function isRowByRow(node: GraphNode): boolean {
  switch (node.kind) {
    case 'filter':
    case 'project':
      return isContained(node.onError) && isOurs(node);
    case 'explode':
      return isOurs(node);
    default:
      return false;
  }
}

/** An ON ERROR that sends no rows elsewhere. */
function isContained(action: TypedAction | undefined): boolean {
  return action === undefined || action.kind === 'drop' || action.kind === 'abort';
}

function endOf(node: GraphNode): DividedEnd | null {
  if (node.kind === 'aggregate') return node.inParts === true && isOurs(node) ? { gives: 'groups', node } : null;
  if (node.kind !== 'output' || node.expect !== null || node.partitionBy.length > 0) return null;
  return node.writer.signature.module === null ? { gives: 'bytes', node } : null;
}

/** Whether its expressions call nothing of the user's modules: those are loaded in one thread, where they may keep what they like. */
export function isOurs(node: GraphNode): boolean {
  let ours = true;
  const look = (expr: TypedExpr): TypedExpr => {
    if (expr.kind === 'module-call' || expr.kind === 'lineage') ours = false;
    return mapParts(expr, look);
  };
  mapExpressions(node, look);
  return ours;
}
