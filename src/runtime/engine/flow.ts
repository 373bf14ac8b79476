/**
 * The stages of a job at work: each takes messages from its inbox and puts what it makes into those of the stages behind it. A stage waits only for the stages
 * behind it, and those that need all of an input keep what comes, so a job cannot wait for itself.
 */
import type { NodeId } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Plan, Stage, StageId } from '../../planner/plan.ts';
import type { RowsetId } from '../../typecheck/typed.ts';
import type { Batch } from '../batch.ts';
import { nodeOf } from './compile.ts';
import type { Compiler } from './compile.ts';
import { Inbox } from './inbox.ts';

export type Message =
  | { readonly kind: 'batch'; readonly side: number; readonly batch: Batch }
  | { readonly kind: 'end'; readonly side: number };

interface Consumer {
  readonly inbox: Inbox<Message>;
  readonly side: number;
}

/** A node that collects what a clause routes. */
export interface RoutedReader extends Consumer {
  readonly node: NodeId;
  readonly rowset: RowsetId;
}

/** Who reads a node's rows, and who reads those it routes. */
interface Readers {
  readonly rows: Consumer[];
  readonly routed: RoutedReader[];
}

export class Flow {
  private readonly inboxes: ReadonlyMap<StageId, Inbox<Message>>;
  private readonly readers = new Map<NodeId, Readers>();

  constructor(plan: Plan, compiling: Compiler, capacity: number) {
    this.inboxes = new Map(plan.stages.map(({ id }) => [id, new Inbox<Message>(capacity)]));
    for (const id of compiling.nodes.keys()) this.readers.set(id, { rows: [], routed: [] });
    for (const stage of plan.stages) this.connect(stage, compiling);
  }

  inboxOf(stage: Stage): Inbox<Message> {
    const inbox = this.inboxes.get(stage.id);
    if (inbox === undefined) throw new RangeError(`no stage ${stage.id}`);
    return inbox;
  }

  /** Rows of a node for those who read it. */
  async emit(node: NodeId, batch: Batch): Promise<void> {
    for (const { inbox, side } of this.of(node).rows) await inbox.put({ kind: 'batch', side, batch });
  }

  routesOf(node: NodeId): readonly RoutedReader[] {
    return this.of(node).routed;
  }

  async emitRouted({ inbox, side }: RoutedReader, batch: Batch): Promise<void> {
    await inbox.put({ kind: 'batch', side, batch });
  }

  /** A node gives no more rows. */
  async end(node: NodeId): Promise<void> {
    const { rows, routed } = this.of(node);
    for (const { inbox, side } of [...rows, ...routed]) await inbox.put({ kind: 'end', side });
  }

  /** Ends all waiting: the job has failed or was interrupted. */
  break(reason: unknown): void {
    for (const inbox of this.inboxes.values()) inbox.break(reason);
  }

  private connect(stage: Stage, compiling: Compiler): void {
    const [first] = stage.nodes;
    if (first === undefined) return;
    const node = nodeOf(compiling, first);
    const inbox = this.inboxOf(stage);
    inputsOf(node).forEach((input, side) => {
      const readers = this.of(input);
      if (node.kind === 'routed') readers.routed.push({ inbox, side, node: node.id, rowset: node.rowset });
      else readers.rows.push({ inbox, side });
    });
  }

  private of(node: NodeId): Readers {
    const readers = this.readers.get(node);
    if (readers === undefined) throw new RangeError(`no node ${node}`);
    return readers;
  }
}
