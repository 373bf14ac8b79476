/** What a node does, in a line, as close to the script's own words as the plan allows. */
import { columnText, expressionText } from '../../typecheck/expressions/text.ts';
import type {
  BoundOperator,
  NamedExpr,
  Produce,
  Schema,
  TypedAction,
  TypedExpr,
  TypedSort,
} from '../../typecheck/typed.ts';
import { typeText, type Value } from '../../typecheck/types.ts';
import { valueKey } from '../expressions/key.ts';
import type { CombineNode, ExtractNode, GraphNode, HandleNode, JoinNode, ProcessNode } from '../graph.ts';

export function nodeText(node: GraphNode): string {
  switch (node.kind) {
    case 'extract':
      return extractText(node);
    case 'values':
      return `VALUES, ${counted(node.rows.length, 'row')}`;
    case 'filter':
      return `${node.clause} ${expressionText(node.predicate)}${onErrorText(node.onError ?? null)}`;
    case 'project':
      return `SELECT ${node.items.length === 0 ? 'no columns' : node.items.map(itemText).join(', ')}${onErrorText(node.onError ?? null)}`;
    case 'explode':
      return `EXPLODE ${expressionText(node.value)} AS ${node.name}`;
    case 'process':
      return processText(node);
    case 'union':
      return node.interleave ? 'UNION ALL in source order' : 'UNION ALL, left then right';
    case 'join':
      return joinText(node);
    case 'aggregate':
      return `${aggregateText(node.keys, node.aggregates)}${node.inParts === true ? ', in parts' : ''}`;
    case 'window':
      return `WINDOW ${node.windows.map(itemText).join(', ')}`;
    case 'distinct':
      return 'DISTINCT';
    case 'except':
      return 'EXCEPT';
    case 'intersect':
      return 'INTERSECT';
    case 'sort':
      return `ORDER BY ${sortsText(node.by)}`;
    case 'top':
      return `TOP ${node.count}${node.by.length === 0 ? '' : ` ORDER BY ${sortsText(node.by)}`}`;
    case 'reduce':
      return `REDUCE ON ${node.on.join(', ')} ${presortText(node.presort)}USING ${operatorText(node.using)} ${produceText(node.produce)}${onErrorText(node.onError)}`;
    case 'combine':
      return combineText(node);
    case 'handle':
      return handleText(node);
    case 'routed':
      return `ROUTED TO ${node.name}`;
    case 'output':
      return `OUTPUT TO ${JSON.stringify(node.pathText)} USING ${operatorText(node.writer)}${expectText(node.expect)}`;
  }
}

/** `line: string, language: string?` */
export function schemaText(schema: Schema): string {
  return schema.map(({ qualifier, name, type }) => `${columnText(qualifier, name)}: ${typeText(type)}`).join(', ');
}

/** Declared columns that the plan does not read. */
export function unreadColumns(node: ExtractNode): readonly string[] {
  const read = new Set(node.schema.map(({ name }) => name));
  return node.declared.filter(({ name }) => !read.has(name)).map(({ name }) => name);
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function extractText(node: ExtractNode): string {
  const files = node.files.map(({ text }) => JSON.stringify(text)).join(', ');
  const columns = node.schema.length === 0 ? 'no columns' : schemaText(node.schema);
  const kept = node.keepsFile === undefined ? '' : `, only files with ${expressionText(node.keepsFile)}`;
  return `EXTRACT ${columns} FROM ${files}${kept} USING ${operatorText(node.reader)}${onErrorText(node.onError)}`;
}

function processText({ using, produce, onError, memoise }: ProcessNode): string {
  const once = memoise === true ? ', equal inputs once' : '';
  return `PROCESS USING ${using.map(operatorText).join(' ELSE ')} ${produceText(produce)}${onErrorText(onError)}${once}`;
}

function joinText(node: JoinNode): string {
  if (node.type === 'cross') return 'CROSS JOIN';
  const first = node.build === 'left' ? ', left side first' : '';
  return `${node.type.toUpperCase()} JOIN ON ${conditionText(node)}${first}`;
}

function combineText(node: CombineNode): string {
  const type = node.type === 'inner' ? '' : `${node.type.toUpperCase()} `;
  return `${type}COMBINE ON ${conditionText(node)} USING ${operatorText(node.using)} ${produceText(node.produce)}${onErrorText(node.onError)}`;
}

function conditionText({ keys, on }: Pick<JoinNode, 'keys' | 'on'>): string {
  const equalities = keys.map(({ left, right }) => `${expressionText(left)} == ${expressionText(right)}`);
  return [...equalities, ...(on === null ? [] : [expressionText(on)])].join(' && ');
}

function aggregateText(keys: readonly NamedExpr[], aggregates: readonly NamedExpr[]): string {
  const computed = aggregates.length === 0 ? '' : `: ${aggregates.map(itemText).join(', ')}`;
  return keys.length === 0 ? `AGGREGATE${computed}` : `GROUP BY ${keys.map(itemText).join(', ')}${computed}`;
}

function handleText({ fires, condition, message, action }: HandleNode): string {
  if (condition === null) return actionText(action);
  if (fires === 'true') return `WHEN ${expressionText(condition)} ${actionText(action)}`;
  const because = message === null ? '' : ` MESSAGE ${expressionText(message)}`;
  return `ASSERT ${expressionText(condition)}${because} ELSE ${actionText(action)}`;
}

export function actionText(action: TypedAction): string {
  switch (action.kind) {
    case 'edit':
    case 'append': {
      const changes = action.changes.map(
        ({ target, value }) => `${columnText(target.qualifier, target.name)} = ${expressionText(value)}`,
      );
      return `${action.kind.toUpperCase()} ${changes.join(', ')}${limitText(action)}`;
    }
    case 'delete':
    case 'retry':
      return `${action.kind.toUpperCase()} ${columnText(action.target.qualifier, action.target.name)}${limitText(action)}`;
    case 'retry-times': {
      const backoff = action.backoff === 0 ? '' : ` BACKOFF ${action.backoff}`;
      return `RETRY ${action.times} TIMES${backoff} ELSE ${actionText(action.otherwise)}`;
    }
    case 'drop':
    case 'keep':
      return action.kind.toUpperCase();
    case 'abort':
      return action.message === null ? 'ABORT' : `ABORT ${expressionText(action.message)}`;
    case 'route':
      return `ROUTE TO ${action.name}`;
  }
}

function limitText({ limit, otherwise }: { readonly limit: number; readonly otherwise: TypedAction }): string {
  return ` LIMIT ${limit} ELSE ${actionText(otherwise)}`;
}

function onErrorText(action: TypedAction | null): string {
  return action === null ? '' : ` ON ERROR ${actionText(action)}`;
}

function expectText(expect: Extract<GraphNode, { kind: 'output' }>['expect']): string {
  if (expect === null) return '';
  const gate = expect.having === null ? '' : ` HAVING ${expressionText(expect.having)}`;
  return ` EXPECT ${JSON.stringify(expect.truthText)}${gate}`;
}

/** `TextClassifier(text = line, model = "./models/tiny")`; options that have their default value are left out. */
export function operatorText({ signature, inputs, options }: BoundOperator): string {
  const bound = inputs.map(({ name, value }) => `${name} = ${expressionText(value)}`);
  const given = options.filter(([name, value]) => {
    const fallback = signature.options.find((option) => option.name === name)?.fallback;
    return fallback === undefined || valueKey(fallback) !== valueKey(value);
  });
  const chosen = given.map(([name, value]) => `${name} = ${valueText(value, isColumnList(signature, name))}`);
  const args = [...bound, ...chosen];
  return args.length === 0 ? signature.name : `${signature.name}(${args.join(', ')})`;
}

function isColumnList(signature: BoundOperator['signature'], option: string): boolean {
  return signature.options.find(({ name }) => name === option)?.type.kind === 'columns';
}

function valueText(value: Value, columns: boolean): string {
  if (columns && isArray(value))
    return `[${value.map((name) => (typeof name === 'string' ? columnText(null, name) : JSON.stringify(name))).join(', ')}]`;
  return value instanceof Uint8Array ? `bytes(${value.length})` : JSON.stringify(value);
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function produceText(produce: readonly Produce[]): string {
  if (produce.length === 0) return 'PRODUCE nothing that is read';
  return `PRODUCE ${produce.map(({ from, name }) => (from === name ? name : `${from} AS ${name}`)).join(', ')}`;
}

function itemText({ name, value }: { readonly name: string; readonly value: TypedExpr }): string {
  const text = expressionText(value);
  return value.kind === 'column' && value.name === name ? text : `${text} AS ${columnText(null, name)}`;
}

function presortText(presort: readonly TypedSort[]): string {
  return presort.length === 0 ? '' : `PRESORT ${sortsText(presort)} `;
}

function sortsText(sorts: readonly TypedSort[]): string {
  return sorts
    .map(({ value, direction }) => (direction === 'asc' ? expressionText(value) : `${expressionText(value)} DESC`))
    .join(', ');
}
