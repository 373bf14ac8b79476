/** Counts rows of every node while a job runs, tells the listener, and checks the balance: no row is lost in silence. */
import type { Graph, GraphNode, NodeId } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import { RunError } from '../errors.ts';
import type { Listener } from '../events.ts';
import type { NodeAnswer } from './executor.ts';
import type { Ended, NodeReport, OperatorReport } from './result.ts';
import type { OperatorCalls } from './step.ts';

interface Counts {
  readonly node: GraphNode;
  readonly in: number[];
  passed: number;
  out: number;
  /** Rows it has sent to a ROUTE's rowset. */
  routed: number;
  milliseconds: number;
  readonly ended: Map<string, { readonly how: Ended['how']; readonly clause: string; rows: number }>;
}

interface OperatorCounts {
  readonly node: NodeId;
  readonly operator: string;
  calls: number;
  rows: number;
  milliseconds: number;
}

/** What a step of any kind of node adds to its counts. */
export interface Delta {
  readonly side?: number;
  readonly in?: number;
  /** Input rows that are in the output; null where output rows are not made row by row. */
  readonly passed?: number;
  readonly out?: number;
  readonly ended?: readonly Ended[];
  readonly milliseconds?: number;
}

export class Ledger {
  private readonly counts: ReadonlyMap<NodeId, Counts>;
  private readonly operators = new Map<NodeId, OperatorCounts>();
  private readonly listener: Listener;

  constructor(graph: Graph, listener: Listener) {
    this.listener = listener;
    this.counts = new Map(graph.nodes.map((node) => [node.id, noCounts(node)]));
  }

  add(node: NodeId, delta: Delta): void {
    const counts = this.of(node);
    const side = delta.side ?? 0;
    counts.in[side] = (counts.in[side] ?? 0) + (delta.in ?? 0);
    counts.passed += delta.passed ?? 0;
    counts.out += delta.out ?? 0;
    counts.milliseconds += delta.milliseconds ?? 0;
    for (const { how, clause, rows } of delta.ended ?? []) {
      const key = `${how} ${clause}`;
      const total = counts.ended.get(key) ?? { how, clause, rows: 0 };
      total.rows += rows;
      if (how === 'routed') counts.routed += rows;
      counts.ended.set(key, total);
      this.listener({ kind: 'rows-ended', node, how, clause, rows: total.rows });
    }
    const into = counts.in.reduce((sum, rows) => sum + rows, 0);
    this.listener({ kind: 'node-rows', node, in: into, out: counts.out, milliseconds: rounded(counts.milliseconds) });
  }

  addAnswer({ node, in: given, passed, ended, batch, milliseconds, calls }: NodeAnswer): void {
    this.add(node, { in: given, passed, out: batch.length, ended, milliseconds });
    if (calls !== null) this.addCalls(node, calls);
  }

  addCalls(node: NodeId, { operator, calls, rows, milliseconds }: OperatorCalls): void {
    const total = this.operators.get(node) ?? { node, operator, calls: 0, rows: 0, milliseconds: 0 };
    total.calls += calls;
    total.rows += rows;
    total.milliseconds += milliseconds;
    this.operators.set(node, total);
    this.listener({ kind: 'operator-calls', ...total, milliseconds: rounded(total.milliseconds) });
  }

  nodes(): readonly NodeReport[] {
    return [...this.counts.values()].map(({ node, in: given, out, ended, milliseconds }) => ({
      node: node.id,
      label: node.label,
      in: given,
      out,
      ended: [...ended.values()],
      milliseconds: rounded(milliseconds),
    }));
  }

  operatorReports(): readonly OperatorReport[] {
    return [...this.operators.values()].map((total) => ({ ...total, milliseconds: rounded(total.milliseconds) }));
  }

  /** Throws PR9001 where rows went missing between two nodes, or inside one. */
  check(): void {
    for (const counts of this.counts.values()) {
      this.checkEdges(counts);
      checkNode(counts);
    }
  }

  private checkEdges({ node, in: given }: Counts): void {
    inputsOf(node).forEach((input, side) => {
      const from = this.of(input);
      const sent = node.kind === 'routed' ? from.routed : from.out;
      if (given[side] === sent) return;
      throw violated(node, `${from.node.label} sent ${sent} rows, and ${given[side] ?? 0} came`);
    });
  }

  private of(node: NodeId): Counts {
    const counts = this.counts.get(node);
    if (counts === undefined) throw new RangeError(`no node ${node}`);
    return counts;
  }
}

/** Microseconds are as fine as a clock tells. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function noCounts(node: GraphNode): Counts {
  const sides = Math.max(1, inputsOf(node).length);
  return {
    node,
    in: Array.from({ length: sides }, () => 0),
    passed: 0,
    out: 0,
    routed: 0,
    milliseconds: 0,
    ended: new Map(),
  };
}

/** Rows in = passed on + ended by a named clause, for every node that takes row by row. */
function checkNode(counts: Counts): void {
  const { node, out, passed } = counts;
  const given = counts.in.reduce((sum, rows) => sum + rows, 0);
  const gone = [...counts.ended.values()].reduce((sum, { rows }) => sum + rows, 0);
  switch (node.kind) {
    case 'join':
    case 'aggregate':
    case 'reduce':
    case 'combine':
      return;
    case 'distinct':
    case 'top':
    case 'except':
    case 'intersect':
      if (out > given) throw violated(node, `${given} rows came, and ${out} left`);
      return;
    case 'sort':
    case 'window':
    case 'union':
    case 'routed':
    case 'output':
      if (given !== out) throw violated(node, `${given} rows came, and ${out} left`);
      return;
    // A source of a region gives more or fewer rows than it read, where repairs added or took away some.
    case 'extract':
    case 'values':
    case 'filter':
    case 'project':
    case 'explode':
    case 'process':
    case 'handle':
      if (given !== passed + gone) throw violated(node, `${given} rows came, ${passed} passed, ${gone} ended`);
      return;
  }
}

function violated({ label, span }: GraphNode, what: string): RunError {
  return new RunError('PR9001', `${label}: the rows do not add up: ${what}`, {
    span,
    help: 'this is a defect of pyscope: please report it, with the script',
  });
}
