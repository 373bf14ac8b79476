/** What the runtime cannot execute yet. `run` refuses it before the first row; `check` and `explain` know all of the language. */
import { diagnostic } from '../diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import type { TypedAction } from '../typecheck/typed.ts';
import { ladderOf } from './actions.ts';
import type { GraphNode } from './graph.ts';
import type { Plan } from './plan.ts';

/** null where the runtime executes the kind of node, else what to call it. Work on the runtime turns lines into null. */
const NODES: Readonly<Record<GraphNode['kind'], string | null>> = {
  extract: null,
  values: null,
  filter: null,
  project: null,
  explode: null,
  process: null,
  union: null,
  handle: null,
  routed: null,
  output: null,
  join: null,
  aggregate: null,
  window: null,
  distinct: null,
  except: null,
  intersect: null,
  sort: null,
  top: null,
  reduce: null,
  combine: null,
};

const ACTIONS: Readonly<Record<TypedAction['kind'], string | null>> = {
  drop: null,
  keep: null,
  abort: null,
  route: null,
  'retry-times': null,
  edit: null,
  append: null,
  delete: null,
  retry: null,
};

/** What runs inside a region; other kinds run only where nothing is ever repaired. */
const IN_REGIONS: ReadonlySet<GraphNode['kind']> = new Set<GraphNode['kind']>([
  'extract',
  'values',
  'filter',
  'project',
  'explode',
  'process',
  'union',
  'handle',
  'aggregate',
  'window',
  'distinct',
  'except',
  'intersect',
  'top',
  'join',
  'routed',
  'sort',
  'reduce',
  'combine',
]);

interface Refused {
  readonly what: string;
  readonly span: Span;
}

/** One diagnostic for each thing and place, in plan order; none where the plan can run. */
export function unsupported(plan: Plan): readonly Diagnostic[] {
  const inRegion = new Set(plan.regions.flatMap(({ nodes }) => nodes));
  const found = plan.graph.nodes.flatMap((node) => [
    ...refusedNode(node),
    ...(inRegion.has(node.id) ? refusedInRegion(node) : []),
    ...refusedActions(node),
  ]);
  const distinct = new Map(found.map((refused) => [JSON.stringify(refused), refused]));
  return [...distinct.values()].map(({ what, span }) => diagnostic('PS6101', span, { what }));
}

function refusedNode({ kind, span }: GraphNode): readonly Refused[] {
  const what = NODES[kind];
  return what === null ? [] : [{ what, span }];
}

function refusedInRegion(node: GraphNode): readonly Refused[] {
  const { kind, span } = node;
  if (kind === 'combine' && node.type !== 'inner')
    return [{ what: `${node.type.toUpperCase()} COMBINE between a repair and the rows it repairs`, span }];
  if (IN_REGIONS.has(kind)) return [];
  return [{ what: `${kind.toUpperCase()} between a repair and the rows it repairs`, span }];
}

function refusedActions(node: GraphNode): readonly Refused[] {
  return actionsOf(node).flatMap((action) =>
    ladderOf(action).flatMap((step) => {
      const what = ACTIONS[step.kind];
      return what === null ? [] : [{ what, span: step.span }];
    }),
  );
}

function actionsOf(node: GraphNode): readonly TypedAction[] {
  switch (node.kind) {
    case 'handle':
      return [node.action];
    case 'extract':
    case 'process':
    case 'reduce':
    case 'combine':
      return node.onError === null ? [] : [node.onError];
    default:
      return [];
  }
}
