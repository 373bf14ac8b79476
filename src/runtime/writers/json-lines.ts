/** JsonLinesWriter: one JSON object a row, its keys in the order of the columns. */
import type { Value } from '../../typecheck/types.ts';
import type { Vector } from '../batch.ts';
import type { Writer } from '../operators/runner.ts';
import { datesOf } from '../readers/options.ts';
import { isNullAt, textAt, valueAt } from '../vectors.ts';
import { writtenColumns } from './columns.ts';
import { jsonText } from './json-text.ts';
import { RowBytes } from './row-bytes.ts';

const NULL = Buffer.from('null');
const QUOTE = Buffer.from('"');
const ROW_END = Buffer.from('}\n');
const EMPTY_ROW = Buffer.from('{}\n');

/** Bytes that a JSON string must escape. */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte === 0x22 || byte === 0x5c ? 1 : 0));

interface KeyedColumn {
  readonly name: string;
  readonly from: number;
  /** `{"a":` or `,"b":`. */
  readonly before: Buffer;
  readonly text: (value: Value) => string;
}

export const jsonLinesWriter: Writer = async ({ target, columns, options }) => {
  const dates = datesOf(options);
  const keyed = writtenColumns(columns, options).map(({ name, type, from }, at): KeyedColumn => ({
    name,
    from,
    before: Buffer.from(`${at === 0 ? '{' : ','}${JSON.stringify(name)}:`, 'utf8'),
    text: (value) => jsonText(name, type, value, dates),
  }));
  const rows = new RowBytes();
  return {
    async write(vectors, length) {
      for (let row = 0; row < length; row++) {
        for (const column of keyed) {
          const vector = vectors[column.from];
          if (vector === undefined) throw new RangeError(`the batch has no vector ${column.from}`);
          rows.put(column.before);
          putValue(rows, vector, row, column);
        }
        rows.put(keyed.length === 0 ? EMPTY_ROW : ROW_END);
      }
      await rows.flush(target, false);
    },
    pass: (bytes) => rows.pass(bytes, target),
    close: () => rows.flush(target, true),
  };
};

function putValue(rows: RowBytes, vector: Vector, row: number, column: KeyedColumn): void {
  if (isNullAt(vector, row)) {
    rows.put(NULL);
  } else if (vector.kind === 'utf8') {
    const start = vector.starts[row] ?? 0;
    const end = vector.ends[row] ?? 0;
    rows.put(QUOTE);
    if (rows.copy(vector.bytes, start, end, ESCAPED) === 0) {
      rows.put(QUOTE);
      return;
    }
    rows.undo(end - start + 1);
    rows.put(Buffer.from(JSON.stringify(textAt(vector, row)), 'utf8'));
  } else {
    rows.put(Buffer.from(column.text(valueAt(vector, row)), 'utf8'));
  }
}
