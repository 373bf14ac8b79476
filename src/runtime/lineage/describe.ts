/** The nodes of a plan as the manifest tells them, and which columns the recorder keeps of each. */
import { placesIn } from '../../diagnostics/render/place.ts';
import type { Places } from '../../diagnostics/render/place.ts';
import { clauseText } from '../../planner/explain/clause-text.ts';
import { actionText, nodeText, operatorText } from '../../planner/explain/node-text.ts';
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Plan } from '../../planner/plan.ts';
import { sideSchema } from '../../planner/sides.ts';
import { expressionText } from '../../typecheck/expressions/text.ts';
import type { BoundOperator, Schema, TypedExpr } from '../../typecheck/typed.ts';
import { typeText } from '../../typecheck/types.ts';
import { columnsIn } from '../../typecheck/visit.ts';
import type {
  BoundFacts,
  ColumnAt,
  ColumnFacts,
  ColumnPlace,
  FormatFacts,
  NodeFacts,
  OperatorFacts,
} from './manifest.ts';

export function describeNodes({ graph, sources, regions }: Plan): readonly NodeFacts[] {
  const places = placesIn(sources);
  const schemas = new Map(graph.nodes.map((node) => [node.id, node.schema]));
  const origins = new Set(regions.flatMap((region) => region.origins));
  return graph.nodes.map((node) => {
    const inputs = inputsOf(node).map((id) => schemas.get(id) ?? []);
    const { file, start } = placeOf(node, places);
    return {
      id: node.id,
      kind: node.kind,
      label: node.label,
      text: node.kind === 'handle' ? clauseText(node, sources) : nodeText(node),
      place: { file, line: start.line },
      inputs: inputsOf(node),
      columns: columnsOf(node, inputs, origins.has(node.id)),
      reads: readsOf(node, inputs),
      operators: operatorsOf(node, inputs),
      quiet: isQuiet(node),
      rightDecides:
        node.kind === 'except' ||
        node.kind === 'intersect' ||
        (node.kind === 'join' && (node.type === 'semi' || node.type === 'anti')),
      loses: losesOf(node),
      format: formatOf(node),
    };
  });
}

/** A project of columns by their own names narrows a rowset, or names its columns for a join. */
function isQuiet(node: GraphNode): boolean {
  if (node.kind === 'project') {
    return node.items.every(({ name, value }) => value.kind === 'column' && value.name === name);
  }
  return node.kind === 'union' || node.kind === 'sort' || node.kind === 'output';
}

/** Of a filter the predicate: the statement may begin lines above. */
function placeOf(node: GraphNode, places: Places): ReturnType<Places['placeOf']> {
  return places.placeOf(node.kind === 'filter' ? node.predicate.span : node.span);
}

// ── Columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** An origin keeps all of its columns with its rows: those of a copy are no longer all its input's. */
function columnsOf(node: GraphNode, inputs: readonly Schema[], isOrigin: boolean): readonly ColumnFacts[] {
  let own = 0;
  const sides = sidesOf(node, inputs);
  return node.schema.map(({ name, qualifier, type }, at) => {
    const passed = passedFrom(node, inputs, at);
    const place: ColumnPlace = isOrigin || passed === null ? { kind: 'own', at: own } : passed;
    const computed = passed === null && (node.kind !== 'routed' || name === 'reason');
    if (place.kind === 'own') own += 1;
    return { name, qualifier, type: typeText(type), place, computed, reads: dependencies(node, sides, inputs, at) };
  });
}

/** null where the node computes the column. */
function passedFrom(node: GraphNode, inputs: readonly Schema[], at: number): ColumnPlace | null {
  const column = node.schema[at];
  const [input = []] = inputs;
  if (column === undefined) return null;
  const passed = (index: number, side = 0): ColumnPlace | null =>
    index < 0 ? null : { kind: 'passed', side, column: index };
  switch (node.kind) {
    case 'extract':
    case 'values':
    case 'aggregate':
    case 'reduce':
    case 'combine':
    case 'routed':
      return null;
    case 'filter':
    case 'handle':
    case 'sort':
    case 'top':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'output':
      return passed(at);
    case 'union':
      return { kind: 'either' };
    case 'window':
      return at < input.length ? passed(at) : null;
    case 'join':
      return at < input.length ? passed(at) : passed(at - input.length, 1);
    case 'project': {
      const value = node.items[at]?.value;
      return value?.kind === 'column' ? passed(indexIn(input, value)) : null;
    }
    case 'explode':
      return column.name === node.name ? null : passed(indexIn(input, column));
    case 'process':
      return node.produce.some(({ name }) => name === column.name) ? null : passed(indexIn(input, column));
  }
}

function indexIn(
  schema: Schema,
  { qualifier, name }: { readonly qualifier: string | null; readonly name: string },
): number {
  const exact = schema.findIndex((column) => column.name === name && column.qualifier === qualifier);
  return exact >= 0 ? exact : schema.findIndex((column) => column.name === name);
}

/** The inputs as the node's expressions name them. */
function sidesOf(node: GraphNode, inputs: readonly Schema[]): readonly Schema[] {
  if (node.kind !== 'join' && node.kind !== 'combine') return inputs;
  const [left = [], right = []] = inputs;
  return [sideSchema(left, node.leftAlias), sideSchema(right, node.rightAlias)];
}

function placesOf(exprs: readonly TypedExpr[], sides: readonly Schema[]): readonly ColumnAt[] {
  const found = new Map<string, ColumnAt>();
  for (const { qualifier, name } of exprs.flatMap(columnsIn)) {
    const at = sides.flatMap((schema, side): readonly ColumnAt[] => {
      const column = schema.findIndex((one) => one.name === name && one.qualifier === qualifier);
      return column < 0 ? [] : [{ side, column }];
    })[0];
    if (at !== undefined) found.set(`${at.side} ${at.column}`, at);
  }
  return [...found.values()];
}

function dependencies(
  node: GraphNode,
  sides: readonly Schema[],
  inputs: readonly Schema[],
  at: number,
): readonly ColumnAt[] {
  const place = passedFrom(node, inputs, at);
  if (place?.kind === 'passed') return [{ side: place.side, column: place.column }];
  const name = node.schema[at]?.name;
  const named = (list: readonly { readonly name: string; readonly value: TypedExpr }[]): readonly TypedExpr[] =>
    list.filter((one) => one.name === name).map(({ value }) => value);
  switch (node.kind) {
    case 'project':
      return placesOf(named(node.items), sides);
    case 'aggregate':
      return placesOf([...named(node.keys), ...named(node.aggregates)], sides);
    case 'window':
      return placesOf(named(node.windows), sides);
    case 'explode':
      return placesOf([node.value], sides);
    case 'process':
      return placesOf(node.using.flatMap(valuesOf), sides);
    case 'reduce':
    case 'combine':
      return placesOf(valuesOf(node.using), sides);
    default:
      return [];
  }
}

function valuesOf({ inputs }: BoundOperator): readonly TypedExpr[] {
  return inputs.map(({ value }) => value);
}

/** What decides over the row: it is shown with the clause. */
function readsOf(node: GraphNode, inputs: readonly Schema[]): readonly ColumnAt[] {
  const sides = sidesOf(node, inputs);
  switch (node.kind) {
    case 'filter':
      return placesOf([node.predicate], sides);
    case 'handle':
      return placesOf(node.condition === null ? [] : [node.condition], sides);
    case 'join':
    case 'combine':
      return placesOf(
        [...node.keys.flatMap(({ left, right }) => [left, right]), ...(node.on === null ? [] : [node.on])],
        sides,
      );
    case 'sort':
    case 'top':
      return placesOf(
        node.by.map(({ value }) => value),
        sides,
      );
    case 'explode':
      return placesOf([node.value], sides);
    case 'reduce':
      return node.on.flatMap((name) => {
        const column = inputs[0]?.findIndex((one) => one.name === name) ?? -1;
        return column < 0 ? [] : [{ side: 0, column }];
      });
    case 'aggregate':
      return placesOf(
        node.keys.map(({ value }) => value),
        sides,
      );
    default:
      return [];
  }
}

// ── Operators ───────────────────────────────────────────────────────────────────────────────────────────────────────

function operatorsOf(node: GraphNode, inputs: readonly Schema[]): readonly OperatorFacts[] {
  if (node.kind === 'process') return node.using.map((using) => operatorFacts(using, inputs[0] ?? []));
  if (node.kind === 'reduce' || node.kind === 'combine') return [operatorFacts(node.using, [])];
  return [];
}

function operatorFacts(using: BoundOperator, input: Schema): OperatorFacts {
  let own = 0;
  const inputs = using.inputs.map(({ name, value }): BoundFacts => {
    const column = value.kind === 'column' ? indexIn(input, value) : -1;
    const facts = { name, text: expressionText(value), type: typeText(value.type) };
    if (column >= 0) return { ...facts, column, own: null };
    own += 1;
    return { ...facts, column: null, own: own - 1 };
  });
  return { name: using.signature.name, text: operatorText(using), inputs };
}

/** Which of an operator's inputs are recorded with the call: those that are no column of the row. */
export function ownInputs({ inputs }: OperatorFacts): readonly number[] {
  return inputs.flatMap(({ own }, at) => (own === null ? [] : [at]));
}

// ── Clauses and files ───────────────────────────────────────────────────────────────────────────────────────────────

function losesOf(node: GraphNode): string {
  switch (node.kind) {
    case 'filter':
      return 'it does not hold';
    case 'handle':
      return node.fires === 'false' ? `it does not hold: ${actionText(node.action)}` : actionText(node.action);
    case 'process':
      return `${node.using.map(({ signature }) => signature.name).join(' ELSE ')} yielded no row for it`;
    case 'reduce':
    case 'combine':
      return `${node.using.signature.name} yielded no row for its group`;
    case 'explode':
      return `EXPLODE ${expressionText(node.value)} found nothing in it`;
    case 'join':
      return node.type === 'anti'
        ? 'ANTI JOIN: it has a partner'
        : `${node.type.toUpperCase()} JOIN: it has no partner`;
    case 'top':
      return `TOP ${node.count} cut it off`;
    case 'except':
      return 'EXCEPT: the right side has it too';
    case 'intersect':
      return 'INTERSECT: the right side lacks it';
    default:
      return 'it is not passed on';
  }
}

function formatOf(node: GraphNode): FormatFacts | null {
  if (node.kind !== 'extract' && node.kind !== 'output') return null;
  const { signature, options } = node.kind === 'extract' ? node.reader : node.writer;
  return { name: signature.name, builtIn: signature.module === null, options };
}

/** For each node the columns that are recorded with its rows, by place in its schema. */
export function ownColumns(nodes: readonly NodeFacts[]): ReadonlyMap<NodeId, readonly number[]> {
  return new Map(
    nodes.map(({ id, columns }) => [id, columns.flatMap(({ place }, at) => (place.kind === 'own' ? [at] : []))]),
  );
}
