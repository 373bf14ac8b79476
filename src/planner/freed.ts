/**
 * Which values of committed answers are not needed until the job ends: those that one later operator reads and nothing else does. Once that one's answers for the same
 * rows are committed, a resume takes those and asks for nothing that the values went into.
 */
import type { Column } from '../typecheck/typed.ts';
import { columnsIn } from '../typecheck/visit.ts';
import { columnKey } from './expressions/key.ts';
import { mapExpressions } from './expressions/of-node.ts';
import { inputsOf } from './graph.ts';
import type { Graph, GraphNode, NodeId, ProcessNode, ProjectNode } from './graph.ts';
import type { CommitPoint } from './plan.ts';
import { nodesInRegions } from './regions.ts';
import { keyOf } from './schemas.ts';

export type Freed = NonNullable<CommitPoint['freed']>;

interface Looking {
  readonly readers: ReadonlyMap<NodeId, readonly GraphNode[]>;
  /** Nodes whose operators' answers are committed by batch, so that what one batch was asked and answered is known. */
  readonly committing: ReadonlySet<NodeId>;
}

/** By the node whose values they are. */
export function freedValues(graph: Graph, commits: readonly CommitPoint[]): ReadonlyMap<NodeId, Freed> {
  const committed = new Set(commits.map(({ node }) => node));
  const fixed = nodesInRegions(graph);
  const eligible = graph.nodes.filter(
    (node): node is ProcessNode => committed.has(node.id) && !fixed.has(node.id) && isPlain(node),
  );
  const looking: Looking = { readers: readersOf(graph), committing: new Set(eligible.map(({ id }) => id)) };
  const freed = new Map<NodeId, Freed>();
  for (const node of eligible) {
    const [first, ...others] = node.produce.flatMap(({ from, name }) => {
      const after = onlyReader(node, columnKey(null, name), looking);
      return after === null ? [] : [{ from, after }];
    });
    if (first === undefined) continue;
    const { after } = first;
    const outputs = [first, ...others].filter((one) => one.after === after).map(({ from }) => from);
    // An output may be produced twice, and be needed under its other name.
    const needed = node.produce.filter(
      ({ from, name }) => onlyReader(node, columnKey(null, name), looking) !== after && outputs.includes(from),
    );
    const whole = outputs.filter((output) => !needed.some(({ from }) => from === output));
    if (whole.length > 0) freed.set(node.id, { outputs: whole, after });
  }
  return freed;
}

/** One operator, and rows that it fails on end there: no action looks at their values. */
function isPlain(node: GraphNode): boolean {
  return node.kind === 'process' && node.using.length === 1 && (node.onError === null || node.onError.kind === 'drop');
}

function readersOf(graph: Graph): ReadonlyMap<NodeId, readonly GraphNode[]> {
  const readers = new Map<NodeId, GraphNode[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const node of graph.nodes) for (const input of inputsOf(node)) readers.get(input)?.push(node);
  return readers;
}

/** The one operator that a column is given to and that alone reads it; null where there is none. */
function onlyReader(start: GraphNode, column: string, looking: Looking): NodeId | null {
  let key = column;
  for (let node = start; ;) {
    const [reader, ...others] = looking.readers.get(node.id) ?? [];
    if (reader === undefined || others.length > 0) return null;
    if (reader.kind === 'process' && reads(reader, key)) {
      return looking.committing.has(reader.id) && isGiven(reader, key) && isGoneBehind(reader, key, looking)
        ? reader.id
        : null;
    }
    const passed = passedBy(reader, key);
    if (passed === null) return null;
    key = passed;
    node = reader;
  }
}

/** The column behind a node that hands each row's value on without looking at it; null for any other. */
function passedBy(node: GraphNode, key: string): string | null {
  switch (node.kind) {
    case 'filter':
      return node.onError === undefined && !reads(node, key) ? key : null;
    case 'process':
      return isPlain(node) && !node.produce.some(({ name }) => columnKey(null, name) === key) ? key : null;
    case 'project':
      return renamed(node, key);
    default:
      return null;
  }
}

function renamed(node: ProjectNode, key: string): string | null {
  if (node.onError !== undefined || node.gathers === true) return null;
  const holding = node.items.flatMap(({ value }, at) =>
    columnsIn(value).some((one) => keyOf(one) === key) ? [at] : [],
  );
  const [at = -1] = holding;
  const column: Column | undefined = node.schema[at];
  const plain = holding.length === 1 && node.items[at]?.value.kind === 'column';
  return plain && column !== undefined ? keyOf(column) : null;
}

/** The operator gets the value itself: no expression is computed of it. */
function isGiven({ using, onError }: ProcessNode, key: string): boolean {
  const inputs = using.flatMap((operator) => operator.inputs.map(({ value }) => value));
  const holding = inputs.filter((value) => columnsIn(value).some((one) => keyOf(one) === key));
  return (onError === null || onError.kind === 'drop') && holding.every(({ kind }) => kind === 'column');
}

/** Whether nothing behind a node has the column: a project leaves it out before anything else could see it. */
function isGoneBehind(node: GraphNode, key: string, looking: Looking): boolean {
  const readers = looking.readers.get(node.id) ?? [];
  return readers.every((reader) => {
    if (reads(reader, key)) return false;
    if (reader.kind === 'project' || reader.kind === 'aggregate') return true;
    return passedBy(reader, key) === key && isGoneBehind(reader, key, looking);
  });
}

function reads(node: GraphNode, key: string): boolean {
  let found = false;
  mapExpressions(node, (expr) => {
    found ||= columnsIn(expr).some((column) => keyOf(column) === key);
    return expr;
  });
  return found;
}
