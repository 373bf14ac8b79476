/** The repair log: one line of JSON for each row that a repair changed, in the order in which the repairs acted. docs/cli.md describes it. */
import { escapeJson } from '../../diagnostics/render/escape.ts';
import { placesIn } from '../../diagnostics/render/place.ts';
import { clauseText, handlersOf } from '../../planner/explain/clause-text.ts';
import type { Plan } from '../../planner/plan.ts';
import { formatIsoDate } from '../../typecheck/functions/iso-date.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import type { RunEvent } from '../events.ts';
import { base64 } from '../writers/json-text.ts';

type Repair = Extract<RunEvent, { readonly kind: 'repair' }>;

/** One line, with its line break, without a character that would act on a terminal. */
export function repairLines(plan: Plan): (event: Repair) => string {
  const places = placesIn(plan.sources);
  const nodes = new Map(plan.graph.nodes.map((node) => [node.id, node]));
  const handlers = new Map(
    handlersOf(plan).map((node) => {
      const { file, start } = places.placeOf(node.span);
      const clause = clauseText(node, plan.sources);
      return [node.id, { handler: node.label, clause, script: file, scriptLine: start.line }] as const;
    }),
  );
  return ({ node, repair, origin, changes, reason, attempt, firing, place }) => {
    const handler = handlers.get(node) ?? { handler: String(node), clause: '', script: null, scriptLine: null };
    const from = nodes.get(origin);
    const typeOf = (column: string): Type | null => from?.schema.find(({ name }) => name === column)?.type ?? null;
    const line = {
      ...handler,
      repair,
      origin: from?.label ?? String(origin),
      changes: changes.map(({ column, before, after }) => {
        const type = typeOf(column);
        return { column, before: jsonOf(before, type), after: jsonOf(after, type) };
      }),
      reason,
      attempt,
      firing: firing + 1,
      file: place?.file ?? null,
      line: place?.line ?? null,
    };
    return `${escapeJson(JSON.stringify(line))}\n`;
  };
}

/** As JsonLinesWriter has it, but never an error: a number that JSON lacks is text here. */
function jsonOf(value: Value, type: Type | null): Value {
  if (value instanceof Uint8Array) return base64(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return String(value);
    const isDate = type !== null && (type.kind === 'nullable' ? type.base.kind : type.kind) === 'datetime';
    return isDate ? formatIsoDate(value) : value;
  }
  if (!Array.isArray(value)) return value;
  const element =
    type?.kind === 'array'
      ? type.element
      : type?.kind === 'nullable' && type.base.kind === 'array'
        ? type.base.element
        : null;
  return value.map((item: Value) => jsonOf(item, element));
}
