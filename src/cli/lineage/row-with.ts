/** `--row id=17`: the row of an output that has a value. */
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { lineageFault } from '../../runtime/lineage/faults.ts';
import type { OutputFacts } from '../../runtime/lineage/manifest.ts';
import type { Lineage } from '../../runtime/lineage/reader.ts';
import { UsageError } from '../exit.ts';
import type { RecordLines } from './records.ts';
import { plainText } from './values.ts';

/** Rows that are named where several have the value. */
const NAMED = 5;

/** The position of the row, from 0. @throws RunError PR7104, PR7106 */
export function rowWith(
  lineage: Lineage,
  output: OutputFacts,
  wanted: string,
  file: string,
  lines: RecordLines | null,
): number {
  const equals = wanted.indexOf('=');
  if (equals < 1) throw new UsageError(`--row ${wanted}: write it as column=value`);
  const [name, value] = [wanted.slice(0, equals), wanted.slice(equals + 1)];
  const found: number[] = [];
  for (let position = 0; position < output.rows && found.length <= NAMED; position += 1) {
    const ref = lineage.writtenRow(output.node, output.part, position);
    if (ref === null) break;
    const at = lineage.columnNamed(ref.node, name);
    if (at < 0) throw noColumn(lineage, ref.node, name, file);
    const type = lineage.node(ref.node).columns[at]?.type ?? '';
    if (plainText(lineage.value(ref, at), type) === value) found.push(position);
  }
  const [first, second] = found;
  if (first === undefined) throw lineageFault('PR7106', `no row of ${file} has ${name} = ${value}`);
  if (second === undefined) return first;
  throw lineageFault('PR7106', `several rows of ${file} have ${name} = ${value}`, severalOf(found, file, lines));
}

function noColumn(lineage: Lineage, node: number, name: string, file: string): Error {
  const names = lineage.node(node).columns.map((column) => column.name);
  const near = didYouMean(name, names);
  return lineageFault(
    'PR7104',
    `the rows of ${file} have no column ${name}`,
    near === null ? `they have ${names.join(', ')}` : `did you mean ${near}? they have ${names.join(', ')}`,
  );
}

function severalOf(found: readonly number[], file: string, lines: RecordLines | null): string {
  const named = found.slice(0, NAMED).map((position) => lines?.starts[position] ?? position + 1);
  const more = found.length > NAMED ? ' and more' : '';
  if (lines === null) return `they are rows ${named.join(', ')}${more}`;
  return `they are lines ${named.join(', ')}${more}: pyscope why ${file}:${named[0] ?? 1}`;
}
