/** What the handlers of a job did, from its events: a row of the report for each clause or operator that can repair. */
import { jsonPlace } from '../../diagnostics/render/json.ts';
import type { Places } from '../../diagnostics/render/place.ts';
import { clauseText, handlersOf } from '../../planner/explain/clause-text.ts';
import type { NodeId } from '../../planner/graph.ts';
import type { Plan } from '../../planner/plan.ts';
import type { RunEvent } from '../events.ts';
import type { HandlerReport, NodeReport, RegionReport } from './report.ts';

type Of<K extends RunEvent['kind']> = Extract<RunEvent, { readonly kind: K }>;

interface Counts {
  fired: number;
  edited: number;
  appended: number;
  deleted: number;
  retried: number;
  stale: number;
  exhausted: number;
  lastFiring: number;
}

export interface HandlerTally {
  repaired(event: Of<'repair'>): void;
  stale(event: Of<'repairs-stale'>): void;
  exhausted(event: Of<'repairs-exhausted'>): void;
  settled(event: Of<'region-settled'>): void;
  /** In script order. */
  handlers(nodes: readonly NodeReport[], places: Places): readonly HandlerReport[];
  regions(): readonly RegionReport[];
}

export function handlerTally(plan: Plan): HandlerTally {
  const known = handlersOf(plan).map((node) => ({ node, clause: clauseText(node, plan.sources) }));
  const counts = new Map<NodeId, Counts>();
  const regions = new Map<number, { runs: number; passes: number }>();
  const of = (node: NodeId): Counts => {
    const count = counts.get(node) ?? noCounts();
    counts.set(node, count);
    return count;
  };
  return {
    repaired({ node, repair, firing }) {
      const count = of(node);
      // The repairs of one firing come one after the other.
      if (firing !== count.lastFiring) count.fired += 1;
      count.lastFiring = firing;
      count[DONE[repair]] += 1;
    },
    stale({ node, rows }) {
      of(node).stale += rows;
    },
    exhausted({ node }) {
      of(node).exhausted += 1;
    },
    settled({ region, passes }) {
      const { runs, passes: most } = regions.get(region) ?? { runs: 0, passes: 0 };
      regions.set(region, { runs: runs + 1, passes: Math.max(most, passes) });
    },
    handlers(nodes, places) {
      const lost = new Map(nodes.map(({ id, ended }) => [id, lostIn(ended)]));
      return known.map(({ node, clause }) => {
        const { lastFiring: _, ...counted } = counts.get(node.id) ?? noCounts();
        const { id, label, span } = node;
        return { node: id, label, clause, place: jsonPlace(span, places), ...counted, lost: lost.get(id) ?? 0 };
      });
    },
    regions: () =>
      plan.regions.map(({ id, nodes }) => ({ region: id, nodes, ...(regions.get(id) ?? { runs: 0, passes: 0 }) })),
  };
}

const DONE = {
  edit: 'edited',
  append: 'appended',
  delete: 'deleted',
  retry: 'retried',
} as const satisfies Record<Of<'repair'>['repair'], keyof Counts>;

function noCounts(): Counts {
  return { fired: 0, edited: 0, appended: 0, deleted: 0, retried: 0, stale: 0, exhausted: 0, lastFiring: -1 };
}

/** Rows that a handler let go no further, beside those its repairs replaced. */
function lostIn(ended: NodeReport['ended']): number {
  return ended.reduce((sum, { how, rows }) => (how === 'dropped' || how === 'routed' ? sum + rows : sum), 0);
}
