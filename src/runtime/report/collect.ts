/** Listens to a run and keeps its totals; a report can be had at any time. */
import { jsonPlace } from '../../diagnostics/render/json.ts';
import { placesIn } from '../../diagnostics/render/place.ts';
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import type { Plan } from '../../planner/plan.ts';
import type { Expectation, Listener, RunEvent } from '../events.ts';
import { balanceOf } from './balance.ts';
import { errorReport, failureOf } from './failure.ts';
import { handlerTally } from './handlers.ts';
import type { HandlerTally } from './handlers.ts';
import type {
  ModelReport,
  NodeReport,
  OperatorReport,
  Outcome,
  OutputReport,
  Report,
  SourceReport,
  WarningReport,
} from './report.ts';

type Of<K extends RunEvent['kind']> = Extract<RunEvent, { readonly kind: K }>;

export interface Collector {
  readonly listen: Listener;
  /** What ended the run. */
  fail(thrown: unknown): void;
  /** @param now milliseconds since 1970; the end of a run that has ended counts instead */
  report(now: number): Report;
}

interface Totals {
  started: Of<'run-started'> | null;
  ended: Of<'run-ended'> | null;
  failure: unknown;
  readonly rows: Map<NodeId, Of<'node-rows'>>;
  /** By node, then by how and clause. */
  readonly endings: Map<NodeId, Map<string, Of<'rows-ended'>>>;
  readonly spilled: Map<NodeId, Of<'spilled'>>;
  readonly sources: Map<NodeId, SourceReport>;
  readonly operators: Map<string, Of<'operator-calls'>>;
  readonly models: Map<string, number | null>;
  /** By digest: a model with other options counts apart. */
  readonly asked: Map<string, Of<'model-asked'>>;
  readonly outputs: OutputReport[];
  readonly expectations: (Expectation & { readonly node: NodeId })[];
  readonly warnings: Of<'warning'>[];
  readonly handlers: HandlerTally;
}

function emptyTotals(plan: Plan): Totals {
  return {
    started: null,
    ended: null,
    failure: undefined,
    rows: new Map(),
    endings: new Map(),
    spilled: new Map(),
    sources: new Map(),
    operators: new Map(),
    models: new Map(),
    asked: new Map(),
    outputs: [],
    expectations: [],
    warnings: [],
    handlers: handlerTally(plan),
  };
}

function unopened(node: NodeId): SourceReport {
  return { node, files: [], skipped: 0, bytes: null, bytesRead: 0, parts: null };
}

function take(totals: Totals, event: RunEvent): void {
  switch (event.kind) {
    case 'run-started':
      totals.started = event;
      return;
    case 'run-ended':
      totals.ended = event;
      return;
    case 'source-opened': {
      const { node, files, bytes, skipped = 0 } = event;
      totals.sources.set(node, { node, files, skipped, bytes, bytesRead: 0, parts: null });
      return;
    }
    case 'source-read': {
      const source = totals.sources.get(event.node) ?? unopened(event.node);
      totals.sources.set(event.node, { ...source, bytesRead: event.bytes });
      return;
    }
    case 'parts-read': {
      const { node, workers, parts, again } = event;
      const source = totals.sources.get(node) ?? unopened(node);
      totals.sources.set(node, { ...source, parts: { workers, parts, again } });
      return;
    }
    case 'node-rows':
      totals.rows.set(event.node, event);
      return;
    case 'rows-ended': {
      const endings = totals.endings.get(event.node) ?? new Map<string, Of<'rows-ended'>>();
      endings.set(`${event.how} ${event.clause}`, event);
      totals.endings.set(event.node, endings);
      return;
    }
    case 'operator-calls':
      totals.operators.set(`${event.node} ${event.operator}`, event);
      return;
    case 'spilled':
      totals.spilled.set(event.node, event);
      return;
    case 'model-loading':
      totals.models.set(event.model, null);
      return;
    case 'model-loaded':
      totals.models.set(event.model, event.milliseconds);
      return;
    case 'model-asked':
      totals.asked.set(event.digest, event);
      return;
    case 'repair':
      totals.handlers.repaired(event);
      return;
    case 'repairs-stale':
      totals.handlers.stale(event);
      return;
    case 'repairs-exhausted':
      totals.handlers.exhausted(event);
      return;
    case 'region-settled':
      totals.handlers.settled(event);
      return;
    case 'output-committed': {
      const { node, path, rows, bytes, sha256 } = event;
      totals.outputs.push({ node, path, rows, bytes, sha256 });
      return;
    }
    case 'expectation':
      totals.expectations.push({ ...event.expectation, node: event.node });
      return;
    case 'warning':
      totals.warnings.push(event);
      return;
  }
}

function operatorReport(
  { node, operator, calls, rows, milliseconds }: Of<'operator-calls'>,
  label: string,
): OperatorReport {
  const rowsPerSecond = milliseconds > 0 ? (rows * 1000) / milliseconds : null;
  return { node, label, operator, calls, rows, milliseconds, rowsPerSecond };
}

function modelReport(model: string, milliseconds: number | null, { asked }: Totals): ModelReport {
  const own = [...asked.values()].filter((event) => event.model === model);
  const sum = (of: (event: Of<'model-asked'>) => number): number => own.reduce((total, event) => total + of(event), 0);
  return {
    model,
    milliseconds,
    asked: sum((event) => event.asked),
    shared: sum((event) => event.shared),
    cached: sum((event) => event.cached),
    computed: sum((event) => event.computed),
  };
}

/** @param script the script's path as the user named it */
export function collect(plan: Plan, script: string, job: string, startedAt: number): Collector {
  const totals = emptyTotals(plan);
  const places = placesIn(plan.sources);
  const labels = new Map(plan.graph.nodes.map(({ id, label }) => [id, label]));
  // Where an APPEND goes back to, more rows may leave than came.
  const copied = new Set(plan.graph.backEdges.flatMap(({ repair, to }) => (repair === 'append' ? [to] : [])));
  const labelOf = (node: NodeId): string => labels.get(node) ?? `node ${node}`;

  const nodeReport = ({ id, label, kind, span }: GraphNode): NodeReport => {
    const rows = totals.rows.get(id);
    const ended = [...(totals.endings.get(id)?.values() ?? [])].map(({ how, clause, rows }) => ({ how, clause, rows }));
    const rowsIn = rows?.in ?? 0;
    const rowsOut = rows?.out ?? 0;
    const gone = ended.reduce((sum, one) => sum + one.rows, 0);
    const complete = totals.ended?.outcome === 'done' || totals.ended?.outcome === 'gate-failed';
    const balanced = complete && !copied.has(id) ? balanceOf(kind, rowsIn, rowsOut, gone) : null;
    const milliseconds = rows?.milliseconds ?? 0;
    const place = jsonPlace(span, places);
    const disk = totals.spilled.get(id);
    const spilled = disk === undefined ? null : { bytes: disk.bytes, parts: disk.parts };
    return { id, label, kind, place, rowsIn, rowsOut, ended, milliseconds, spilled, balanced };
  };
  const warningReport = ({ code, message, node }: Of<'warning'>): WarningReport => ({
    code,
    message,
    label: node === null ? null : labelOf(node),
  });
  const outcome = (): Outcome | 'running' =>
    totals.ended?.outcome ?? (totals.failure === undefined ? 'running' : 'failed');

  return {
    listen: (event) => take(totals, event),
    fail(thrown) {
      totals.failure = thrown;
    },
    report(now) {
      const start = totals.started?.at ?? startedAt;
      const nodes = plan.graph.nodes.map(nodeReport);
      return {
        version: 1,
        job,
        script,
        outcome: outcome(),
        startedAt: new Date(start).toISOString(),
        milliseconds: (totals.ended?.at ?? now) - start,
        peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
        nodes,
        handlers: totals.handlers.handlers(nodes, places),
        regions: totals.handlers.regions(),
        sources: [...totals.sources.values()],
        operators: [...totals.operators.values()].map((event) => operatorReport(event, labelOf(event.node))),
        models: [...totals.models].map(([model, milliseconds]) => modelReport(model, milliseconds, totals)),
        outputs: totals.outputs,
        expectations: totals.expectations,
        warnings: totals.warnings.map(warningReport),
        error: totals.failure === undefined ? null : errorReport(failureOf(totals.failure), places),
      };
    },
  };
}
