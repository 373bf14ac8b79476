/** The ELSE ladder of a handler as the executor takes it: expressions compiled, origins as nodes. */
import type { NodeId } from '../../planner/graph.ts';
import type { RowsetId, TypedAction, TypedExpr } from '../../typecheck/typed.ts';
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
      readonly changes: readonly ChangeAt[];
      readonly column: string;
      readonly limit: number;
      readonly span: Span;
    }
  | {
      readonly kind: 'delete' | 'retry';
      readonly key: string;
      readonly origins: readonly NodeId[];
      readonly column: string;
      readonly limit: number;
      readonly span: Span;
    }
  | { readonly kind: 'drop' | 'keep'; readonly span: Span }
  | { readonly kind: 'abort'; readonly message: TypedExpr | null; readonly span: Span }
  | { readonly kind: 'route'; readonly rowset: RowsetId; readonly name: string; readonly span: Span };

export type RepairRung = Extract<Rung, { readonly key: string }>;

/** `owner` stands for the clause: each action of its ladder counts its own firings (S13). */
export function rungsOf(owner: string, action: TypedAction, nodeOf: (rowset: RowsetId) => NodeId): readonly Rung[] {
  const rungs: Rung[] = [];
  for (let step: TypedAction | null = action; step !== null; step = 'otherwise' in step ? step.otherwise : null) {
    const rung = rungOf(step, `${owner}.${rungs.length}`, nodeOf);
    if (rung !== null) rungs.push(rung);
  }
  return rungs;
}

/** null for RETRY n TIMES, which the step itself has done before anything comes here. */
function rungOf(action: TypedAction, key: string, nodeOf: (rowset: RowsetId) => NodeId): Rung | null {
  switch (action.kind) {
    case 'edit':
    case 'append': {
      const changes = action.changes.flatMap(({ target, value }) =>
        target.origins.map(({ rowset, column }) => ({ node: nodeOf(rowset), column, value })),
      );
      const origins = [...new Set(changes.map(({ node }) => node))];
      const column = action.changes.map(({ target }) => target.name).join(', ');
      return { kind: action.kind, key, origins, changes, column, limit: action.limit, span: action.span };
    }
    case 'delete':
    case 'retry': {
      const origins = [...new Set(action.target.origins.map(({ rowset }) => nodeOf(rowset)))];
      return { kind: action.kind, key, origins, column: action.target.name, limit: action.limit, span: action.span };
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
