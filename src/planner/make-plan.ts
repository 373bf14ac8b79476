/** The planner's one step: typed script → graph → rules → stages and regions. */
import { diagnostic } from '../diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { TypedScript } from '../typecheck/typed.ts';
import { buildGraph, CircularRoute } from './build.ts';
import { commitsOf } from './commits.ts';
import type { Graph } from './graph.ts';
import type { Firing, Plan } from './plan.ts';
import { regionsOf } from './regions.ts';
import { withRoutesApart } from './route-parts.ts';
import { rules as allRules } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';
import { mixedSides } from './sided-repairs.ts';
import { stagesOf } from './stages.ts';

export interface PlanOptions {
  /** Names of rules that are left out. */
  readonly disableOpts: ReadonlySet<string>;
  /** Leaves all rules out. */
  readonly noOpt: boolean;
  /** The lineage of the run is recorded, so that clauses must stay what the script calls them. `SET lineage = true` asks for it too. */
  readonly lineage?: boolean;
}

export const DEFAULT_PLAN_OPTIONS: PlanOptions = { disableOpts: new Set(), noOpt: false };

export interface Planned {
  /** null where a diagnostic is an error. */
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Plans a script without errors; never throws on one. */
export function plan(script: TypedScript, options: PlanOptions = DEFAULT_PLAN_OPTIONS): Planned {
  const unknown = unknownRules(options.disableOpts);
  if (unknown.length > 0) return { plan: null, diagnostics: unknown };
  const built = tryBuild(script);
  if (built.kind === 'diagnostic') return { plan: null, diagnostics: [built] };
  const mixed = mixedSides(built);
  if (mixed.length > 0) return { plan: null, diagnostics: mixed };
  const settings = new Map(script.settings);
  if (options.lineage === true) settings.set('lineage', true);
  const told = settings.get('lineage') === true;
  const allowed = allRules.filter(({ name, hides = false }) => !options.disableOpts.has(name) && !(told && hides));
  const rules = options.noOpt ? [] : allowed;
  const { graph: optimised, firings } = optimise(built, rules);
  const graph = withRoutesApart(optimised, regionsOf(optimised));
  const regions = regionsOf(graph);
  return {
    plan: {
      kind: 'plan',
      graph,
      stages: stagesOf(graph, regions),
      regions,
      commits: commitsOf(graph, told),
      firings,
      sources: script.sources,
      parameters: script.parameters,
      settings,
    },
    diagnostics: [],
  };
}

/**
 * Runs the rules in order, again and again, until none fires. Each rule makes the graph smaller or moves something towards the
 * sources, so this ends; the bound turns a rule that breaks that law into an error instead of a hang.
 */
export function optimise(
  graph: Graph,
  rules: readonly Rule[],
): { readonly graph: Graph; readonly firings: readonly Firing[] } {
  const firings: Firing[] = [];
  let current = graph;
  const rounds = 10 + 10 * graph.nodes.length;
  for (let round = 0; round < rounds; round += 1) {
    const before = firings.length;
    for (const rule of rules) {
      const applied = rule.apply(current);
      current = applied.graph;
      firings.push(...applied.firings);
    }
    if (firings.length === before) return { graph: current, firings };
  }
  throw new Error(
    `the optimiser's rules do not come to an end: ${firings
      .slice(-3)
      .map((firing) => firing.rule)
      .join(', ')}`,
  );
}

function unknownRules(names: ReadonlySet<string>): readonly Diagnostic[] {
  const known = allRules.map((rule) => rule.name);
  const place = { source: 0, start: 0, end: 0 };
  return [...names]
    .filter((name) => !known.includes(name))
    .map((name) => diagnostic('PS6001', place, { name, known, suggestion: didYouMean(name, known) }));
}

function tryBuild(script: TypedScript): Graph | Diagnostic {
  try {
    return buildGraph(script);
  } catch (error) {
    if (error instanceof CircularRoute) return diagnostic('PS6002', error.node.span, { name: error.node.name });
    throw error;
  }
}
