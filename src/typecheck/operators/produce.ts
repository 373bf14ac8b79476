import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Produced } from '../../parser/ast.ts';
import { report, type Environment } from '../environment.ts';
import { assignable } from '../expressions/relations.ts';
import { resolveType } from '../resolve-type.ts';
import type { BoundOperator, Column, Produce, RowsetId } from '../typed.ts';
import { sameType, typeText, UNKNOWN, type Type } from '../types.ts';

/**
 * What PRODUCE keeps of an operator's answer. `operator` null (it has an error of its own) believes what PRODUCE says; without a PRODUCE
 * nothing is known then: null.
 */
export function resolveProduce(
  env: Environment,
  produced: readonly Produced[] | null,
  operator: BoundOperator | null,
): readonly Produce[] | null {
  if (produced === null) return operator?.outputs.map(({ name, type }) => ({ from: name, name, type })) ?? null;
  const kept: Produce[] = [];
  for (const item of produced) {
    const name = (item.alias ?? item.name).text;
    if (kept.some((other) => other.name === name)) {
      report(env, 'PS2017', (item.alias ?? item.name).span, { name, what: 'this PRODUCE' });
    } else kept.push({ from: item.name.text, name, type: producedType(env, item, operator) });
  }
  return kept;
}

function producedType(env: Environment, item: Produced, operator: BoundOperator | null): Type {
  const written = item.type === null ? null : resolveType(env, item.type);
  if (operator === null) return written ?? UNKNOWN;
  const output = operator.outputs.find(({ name }) => name === item.name.text);
  if (output === undefined) {
    const yields = operator.outputs.map(({ name }) => name);
    const name = item.name.text;
    const facts = { operator: operator.signature.name, name, suggestion: didYouMean(name, yields), yields };
    report(env, 'PS2013', item.name.span, facts);
    return written ?? UNKNOWN;
  }
  if (written === null) return output.type;
  if (!assignable(output.type, written)) {
    const what = `${item.name.text}, as ${operator.signature.name} yields it,`;
    report(env, 'PS2011', item.type?.span ?? item.span, {
      what,
      wanted: typeText(output.type),
      found: typeText(written),
    });
  }
  return written;
}

/** The columns an operator adds; one that the input already has is reported and left out. */
export function producedColumns(
  env: Environment,
  rowset: RowsetId,
  produce: readonly Produce[],
  input: readonly Column[],
  places: { readonly produced: readonly Produced[] | null; readonly otherwise: Span },
): readonly Column[] {
  const taken = new Set(input.map((column) => column.name));
  const columns: Column[] = [];
  for (const { name, from, type } of produce) {
    if (taken.has(name)) {
      const place = places.produced?.find((item) => (item.alias ?? item.name).text === name);
      report(env, 'PS2014', place?.span ?? places.otherwise, { name, from });
    } else columns.push({ qualifier: null, name, type, origins: [{ rowset, column: name }] });
  }
  return columns;
}

/** Reports where an operator behind ELSE yields other columns than the first. */
export function checkConjecture(
  env: Environment,
  first: BoundOperator,
  other: BoundOperator,
  produced: readonly Produced[] | null,
): void {
  const wanted = produced === null ? first.outputs.map(({ name }) => name) : produced.map((item) => item.name.text);
  const differences: string[] = [];
  for (const name of wanted) {
    const mine = first.outputs.find((output) => output.name === name);
    const theirs = other.outputs.find((output) => output.name === name);
    if (mine === undefined) continue;
    if (theirs === undefined) differences.push(`it yields no ${name}`);
    else if (!sameType(mine.type, theirs.type)) {
      differences.push(`its ${name} is ${typeText(theirs.type)}, not ${typeText(mine.type)}`);
    }
  }
  if (produced === null) {
    const extra = other.outputs.filter((output) => !wanted.includes(output.name));
    for (const { name } of extra) differences.push(`it also yields ${name}`);
  }
  if (differences.length === 0) return;
  const facts = { first: first.signature.name, other: other.signature.name, difference: differences.join('; ') };
  report(env, 'PS2016', other.span, facts);
}
