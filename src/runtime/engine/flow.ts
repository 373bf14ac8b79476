/**
 * The stages of a job at work: each takes messages from its inbox and puts what it makes into those of the stages behind it. A stage waits only for the stages
 * behind it, and those that need all of an input keep what comes, so a job cannot wait for itself.
 */
import type { Graph, NodeId } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Plan, Region, Stage, StageId } from '../../planner/plan.ts';
import type { RowsetId } from '../../typecheck/typed.ts';
import type { Batch } from '../batch.ts';
import { nodeOf } from './compile.ts';
import type { Compiler } from './compile.ts';
import { Inbox } from './inbox.ts';
import { stopper } from './parts/stopper.ts';
import type { Stopped } from './parts/stopper.ts';
import type { PartGiven } from './parts/task.ts';

export type Message =
  | { readonly kind: 'batch'; readonly side: number; readonly batch: Batch }
  /** What a worker made of rows for the first node of the stage; `taken` says whether more of the kind may come. */
  | { readonly kind: 'part'; readonly side: 0; readonly given: PartGiven; readonly taken: (more: boolean) => void }
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
  private readonly regions: ReadonlyMap<number, Inbox<Message>>;
  /** Where a source inside a region sends what it reads: its settled rows go out later, as the region's. */
  private readonly feeds = new Map<NodeId, Consumer & { readonly region: Region }>();
  private readonly readers = new Map<NodeId, Readers>();
  private readonly beginning: ReadonlyMap<NodeId, Inbox<Message>>;
  /** Rejects when the job is to stop. */
  private readonly stopped: Stopped = stopper();

  constructor(plan: Plan, compiling: Compiler, capacity: number) {
    this.inboxes = new Map(plan.stages.map(({ id }) => [id, new Inbox<Message>(capacity)]));
    this.regions = new Map(plan.regions.map(({ id }) => [id, new Inbox<Message>(capacity)]));
    this.beginning = new Map(plan.stages.map((stage) => [stage.nodes[0] ?? -1, this.inboxOf(stage)]));
    for (const id of compiling.nodes.keys()) this.readers.set(id, { rows: [], routed: [] });
    const inRegion = new Set(plan.regions.flatMap(({ nodes }) => nodes));
    for (const stage of plan.stages) if (!inRegion.has(stage.nodes[0] ?? -1)) this.connect(stage, compiling);
    for (const region of plan.regions) this.connectRegion(region, compiling);
  }

  inboxOf(stage: Stage): Inbox<Message> {
    const inbox = this.inboxes.get(stage.id);
    if (inbox === undefined) throw new RangeError(`no stage ${stage.id}`);
    return inbox;
  }

  inboxOfRegion({ id }: Region): Inbox<Message> {
    const inbox = this.regions.get(id);
    if (inbox === undefined) throw new RangeError(`no region ${id}`);
    return inbox;
  }

  isFeed(source: NodeId): boolean {
    return this.feeds.has(source);
  }

  /** The region that a source is inside of; null where it is in none. */
  regionFedBy(source: NodeId): Region | null {
    return this.feeds.get(source)?.region ?? null;
  }

  /** Rows of a source inside a region, for the region; false for any other. */
  async feed(source: NodeId, batch: Batch): Promise<boolean> {
    const region = this.feeds.get(source);
    await region?.inbox.put({ kind: 'batch', side: region.side, batch });
    return region !== undefined;
  }

  /** The source was read to its end; false for one that is in no region. */
  async endFeed(source: NodeId): Promise<boolean> {
    const region = this.feeds.get(source);
    await region?.inbox.put({ kind: 'end', side: region.side });
    return region !== undefined;
  }

  /** Rows of a node for those who read it. */
  async emit(node: NodeId, batch: Batch): Promise<void> {
    for (const { inbox, side } of this.of(node).rows) await inbox.put({ kind: 'batch', side, batch });
  }

  /** What a worker made of the next rows, for the node it names; answers whether that may take more of the kind. */
  async givePart(given: PartGiven): Promise<boolean> {
    const inbox = this.beginning.get(given.node);
    if (inbox === undefined) throw new RangeError(`no stage begins with node ${given.node}`);
    const taken = new Promise<boolean>((resolve, reject) => {
      inbox.put({ kind: 'part', side: 0, given, taken: resolve }).catch(reject);
    });
    return Promise.race([taken, this.stopped.promise]);
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
    this.stopped.stop(reason);
    for (const inbox of [...this.inboxes.values(), ...this.regions.values()]) inbox.break(reason);
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

  private connectRegion(region: Region, compiling: Compiler): void {
    const inbox = this.inboxOfRegion(region);
    const inside = new Set(region.nodes);
    feedsOf(compiling.graph, region).forEach((feed, side) => {
      if (inside.has(feed)) this.feeds.set(feed, { inbox, side, region });
      else this.of(feed).rows.push({ inbox, side });
    });
  }

  private of(node: NodeId): Readers {
    const readers = this.readers.get(node);
    if (readers === undefined) throw new RangeError(`no node ${node}`);
    return readers;
  }
}

/** Whether each batch of a region can settle by itself: row-wise nodes only, one source, and no other side to wait for. */
export function runsByBatch({ graph, nodes }: Compiler, region: Region): boolean {
  if (!region.rowLocal || feedsOf(graph, region).length !== 1) return false;
  return !region.nodes.some((id) => nodes.get(id)?.kind === 'join');
}

/** What feeds a region: sources inside, and nodes outside whose rows enter it. Their order is that of the sides of its inbox. */
export function feedsOf(graph: Graph, region: Region): readonly NodeId[] {
  const inside = new Set(region.nodes);
  const members = graph.nodes.filter(({ id }) => inside.has(id));
  const sources = members.filter(({ kind }) => kind === 'extract' || kind === 'values').map(({ id }) => id);
  const entries = members.flatMap(inputsOf).filter((id) => !inside.has(id));
  return [...new Set([...sources, ...entries])];
}
