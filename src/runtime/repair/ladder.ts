/** The ELSE ladder of a handler as the executor takes it: expressions compiled, origins as nodes. */
import type { NodeId } from '../../planner/graph.ts';
import type { Trail } from '../../planner/trails.ts';
import type { RepairTarget, RowsetId, TypedAction, TypedExpr } from '../../typecheck/typed.ts';
import type { Span } from '../../diagnostics/span.ts';

/** One column that an EDIT or APPEND changes: at which origin, under which name there. */
export interface ChangeAt {
  readonly node: NodeId;
  readonly column: string;
  readonly value: TypedExpr;
}

export type Rung =
  | {
      readonly kind: 'edit' | 'append';
      readonly key: string;
      readonly origins: readonly NodeId[];
      /** The way to the ancestors that it acts on. */
      readonly trail: Trail | null;
      readonly changes: readonly ChangeAt[];
      readonly column: string;
      readonly limit: number;
      readonly span: Span;
    }
  | {
      readonly kind: 'delete' | 'retry';
      readonly key: string;
      readonly origins: readonly NodeId[];
      /** The way to the ancestors that it acts on. */
      readonly trail: Trail | null;
      readonly column: string;
      readonly limit: number;
      readonly span: Span;
    }
  | { readonly kind: 'drop' | 'keep'; readonly span: Span }
  | { readonly kind: 'abort'; readonly message: TypedExpr | null; readonly span: Span }
  | { readonly kind: 'route'; readonly rowset: RowsetId; readonly name: string; readonly span: Span };

export type RepairRung = Extract<Rung, { readonly key: string }>;

/** Where what a repair names was computed. */
export interface Places {
  readonly nodeOf: (rowset: RowsetId) => NodeId;
  readonly trailOf: (target: RepairTarget) => Trail | null;
}

/** `owner` stands for the clause: each action of its ladder counts its own firings (S13). */
export function rungsOf(owner: string, action: TypedAction, places: Places): readonly Rung[] {
  const rungs: Rung[] = [];
  for (let step: TypedAction | null = action; step !== null; step = 'otherwise' in step ? step.otherwise : null) {
    const rung = rungOf(step, `${owner}.${rungs.length}`, places);
    if (rung !== null) rungs.push(rung);
  }
  return rungs;
}

/** null for RETRY n TIMES, which the step itself has done before anything comes here. */
function rungOf(action: TypedAction, key: string, { nodeOf, trailOf }: Places): Rung | null {
  switch (action.kind) {
    case 'edit':
    case 'append': {
      const changes = action.changes.flatMap(({ target, value }) =>
        target.origins.map(({ rowset, column }) => ({ node: nodeOf(rowset), column, value })),
      );
      const origins = [...new Set(changes.map(({ node }) => node))];
      const column = action.changes.map(({ target }) => target.name).join(', ');
      const [first] = action.changes;
      const trail = first === undefined ? null : trailOf(first.target);
      return { kind: action.kind, key, origins, trail, changes, column, limit: action.limit, span: action.span };
    }
    case 'delete':
    case 'retry': {
      const origins = [...new Set(action.target.origins.map(({ rowset }) => nodeOf(rowset)))];
      const trail = trailOf(action.target);
      const { limit, span } = action;
      return { kind: action.kind, key, origins, trail, column: action.target.name, limit, span };
    }
    case 'retry-times':
      return null;
    case 'drop':
    case 'keep':
      return { kind: action.kind, span: action.span };
    case 'abort':
      return { kind: 'abort', message: action.message, span: action.span };
    case 'route':
      return { kind: 'route', rowset: action.rowset, name: action.name, span: action.span };
  }
}
