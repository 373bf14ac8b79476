/** Rows as plain values through a writer, to bytes. */
import type { Type, Value } from '../../../src/typecheck/types.ts';
import { slice, vectorOf } from '../../../src/runtime/vectors.ts';
import { writers } from '../../../src/runtime/writers/index.ts';

export interface Table {
  readonly columns: readonly (readonly [string, Type])[];
  readonly rows: readonly (readonly Value[])[];
}

export async function written(
  name: string,
  { columns, rows }: Table,
  options: Readonly<Record<string, Value>> = {},
  batchRows = 4096,
): Promise<Buffer> {
  const writer = writers.get(name);
  if (writer === undefined) throw new RangeError(`no writer ${name}`);
  const pieces: Buffer[] = [];
  const sink = await writer({
    target: { write: async (chunk) => void pieces.push(Buffer.from(chunk)) },
    columns: columns.map(([column, type]) => ({ name: column, type })),
    options: new Map(Object.entries(options)),
  });
  const vectors = columns.map(([, type], at) =>
    vectorOf(
      type,
      rows.map((row) => row[at] ?? null),
    ),
  );
  for (let start = 0; start < rows.length; start += batchRows) {
    const end = Math.min(rows.length, start + batchRows);
    await sink.write(
      vectors.map((vector) => slice(vector, start, end)),
      end - start,
    );
  }
  await sink.close();
  return Buffer.concat(pieces);
}

export async function writtenText(
  name: string,
  table: Table,
  options?: Readonly<Record<string, Value>>,
): Promise<string> {
  return (await written(name, table, options)).toString('utf8');
}
