import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Expect, OutputStatement } from '../../parser/ast.ts';
import { printExpr } from '../../parser/printer.ts';
import { report, schemaOf, type Checked, type Environment } from '../environment.ts';
import { bindOperator, bindTo, implicitCall } from '../operators/bind.ts';
import { operatorOfEnding } from '../operators/formats.ts';
import { parsePathPattern } from '../path-pattern.ts';
import { lastRowset } from '../rowsets/references.ts';
import { checkRowset } from '../rowsets/rowset.ts';
import { checkOrderBy } from '../rowsets/select.ts';
import type { BoundOperator, Column, Schema, TypedExpect } from '../typed.ts';
import { FLOAT, nonNull, typeText } from '../types.ts';
import { constantText, typeCondition } from '../typing.ts';

/** OUTPUT [rowset] TO path …: adds an output, unless something of it has an error. */
export function checkOutput(env: Environment, statement: OutputStatement): void {
  const input: Checked =
    statement.input === null ? lastRowset(env, statement.span, 'OUTPUT') : checkRowset(env, statement.input, 'OUTPUT');
  if (input !== null) env.compilation.reads.add(input);
  const pathText = constantText(env, statement.to, 'the path of an OUTPUT');
  const columns = input === null ? [] : schemaOf(env, input);
  const writer = input === null ? null : writerOf(env, statement, pathText, columns);
  const orderBy = input === null ? [] : checkOrderBy(env, statement.orderBy, { columns, where: 'in ORDER BY' });
  const expect = statement.expect === null ? null : checkExpect(env, statement.expect);
  if (input === null || pathText === null) return;
  const partitionBy = partitions(env, statement, pathText, columns);
  if (writer === null) return;
  env.compilation.outputs.push({
    kind: 'output',
    input,
    path: env.compilation.input.resolvePath(pathText, statement.span.source),
    pathText,
    partitionBy,
    writer,
    orderBy,
    expect,
    span: statement.to.span,
  });
}

function writerOf(
  env: Environment,
  statement: OutputStatement,
  path: string | null,
  columns: Schema,
): BoundOperator | null {
  const visible = { columns, where: 'in an operator of an OUTPUT' };
  const writer = explicitOrDefault();
  if (writer !== null) checkLineWriter(env, writer, columns);
  return writer;

  function explicitOrDefault(): BoundOperator | null {
    if (statement.using !== null) return bindOperator(env, statement.using, 'outputter', visible);
    if (path === null) return null;
    const signature = operatorOfEnding(env, path, statement.to, 'write');
    return signature === null ? null : bindTo(env, signature, implicitCall(statement.to), visible);
  }
}

/** A line holds one value. */
function checkLineWriter(env: Environment, { signature, options, span }: BoundOperator, columns: Schema): void {
  if (signature.module !== null || signature.name !== 'LineWriter') return;
  const order = new Map(options).get('order');
  const written = Array.isArray(order) ? order.length : columns.length;
  if (written > 1) report(env, 'PS2054', span, { operator: signature.name, columns: written });
}

/** Types whose values make a file name. */
const NAMEABLE: ReadonlySet<string> = new Set(['string', 'int', 'long', 'bool', 'datetime', 'unknown']);

/** The columns in the path's braces: one file per value. */
function partitions(env: Environment, { to }: OutputStatement, path: string, columns: Schema): readonly string[] {
  const names: string[] = [];
  const known = columns.map(({ name }) => name);
  for (const part of parsePathPattern(path)) {
    if (part.kind === 'any') {
      report(env, 'PS2028', to.span, { problem: 'an OUTPUT writes to one path, so it cannot hold *' });
    }
    if (part.kind !== 'column') continue;
    const { name } = part;
    const column: Column | undefined = columns.find((other) => other.name === name);
    if (part.format !== null) {
      report(env, 'PS2028', to.span, {
        problem: `an OUTPUT takes {${name}} without a format; compute it in a SELECT with formatDate`,
      });
    } else if (column === undefined) {
      report(env, 'PS2003', to.span, { name, suggestion: didYouMean(name, known), columns: known });
    } else if (!NAMEABLE.has(nonNull(column.type).kind)) {
      report(env, 'PS2024', to.span, { column: name, type: typeText(column.type) });
    } else if (!names.includes(name)) names.push(name);
  }
  return names;
}

const MEASURES: readonly Column[] = ['precision', 'recall', 'f1'].map((name) => {
  return { qualifier: null, name, type: FLOAT, origins: [] };
});

function checkExpect(env: Environment, { truth, having, span }: Expect): TypedExpect | null {
  const truthText = constantText(env, truth, 'the path of an EXPECT');
  const visible = { columns: MEASURES, where: 'in HAVING' };
  const condition = having === null ? null : typeCondition(env, having, visible, 'HAVING');
  if (truthText === null) return null;
  return {
    truth: env.compilation.input.resolvePath(truthText, span.source),
    truthText,
    having: condition,
    havingText: having === null ? '' : printExpr(having),
    span,
  };
}
