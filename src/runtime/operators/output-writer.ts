/** A user's outputter as a writer of the engine. */
import type { Value } from '../../typecheck/types.ts';
import type { Vector } from '../batch.ts';
import { valueAt } from '../vectors.ts';
import { OperatorError, fatal } from './faults.ts';
import { shown } from './fit.ts';
import type { Instance, OperatorCall } from './instance.ts';
import { bracket, makeInstance } from './instance.ts';
import type { WrittenRow } from './outputter.ts';
import { positions } from './row.ts';
import type { ByteSink, Sink, SinkRequest, Writer } from './runner.ts';

/** Bytes gathered before they go to the file. */
const CHUNK = 64 * 1024;

export function outputWriter(call: OperatorCall): Writer {
  return async ({ target, columns }) => {
    const { name } = call.signature;
    const instance = makeInstance(call);
    await bracket(instance, 'preCall', name);
    const out = chunkedText(name, target);
    await guarded(name, 'in header()', async () => out.put(await instance.method('header')?.(columns)));
    return writingSink(name, instance, columns, out);
  };
}

function writingSink(operator: string, instance: Instance, columns: SinkRequest['columns'], out: Chunks): Sink {
  const body = instance.method('call');
  return {
    write: (vectors, length) =>
      guarded(operator, 'on a row', async () => {
        const row = new WrittenCursor(operator, columns, vectors);
        for (row.row = 0; row.row < length; row.row++) {
          const written = body?.(row);
          await out.put(written instanceof Promise ? await written : written);
        }
      }),
    close: async () => {
      try {
        await guarded(operator, 'in footer()', async () => out.put(await instance.method('footer')?.()));
        await out.flush();
      } finally {
        await bracket(instance, 'postCall', operator);
      }
    },
  };
}

async function guarded(operator: string, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    throw fatal('PR3012', operator, `failed ${what}`, thrown);
  }
}

interface Chunks {
  readonly put: (written: unknown) => Promise<void> | undefined;
  readonly flush: () => Promise<void>;
}

function chunkedText(operator: string, target: ByteSink): Chunks {
  let pieces: Uint8Array[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (size === 0) return;
    const bytes = Buffer.concat(pieces);
    [pieces, size] = [[], 0];
    await target.write(bytes);
  };
  return {
    put: (written) => {
      if (written === undefined || written === null) return undefined;
      const bytes = typeof written === 'string' ? Buffer.from(written, 'utf8') : written;
      if (!(bytes instanceof Uint8Array)) {
        throw new OperatorError('PR3004', `${operator} wrote ${shown(written)}; write a string or bytes`);
      }
      pieces.push(bytes);
      size += bytes.length;
      return size >= CHUNK ? flush() : undefined;
    },
    flush,
  };
}

class WrittenCursor implements WrittenRow {
  row = 0;
  readonly columns: WrittenRow['columns'];
  readonly #operator: string;
  readonly #vectors: readonly Vector[];
  readonly #positions: ReadonlyMap<string, number>;

  constructor(operator: string, columns: WrittenRow['columns'], vectors: readonly Vector[]) {
    this.#operator = operator;
    this.columns = columns;
    this.#vectors = vectors;
    this.#positions = positions(columns);
  }

  get(column: string): Value {
    const vector = this.#vectors[this.#positions.get(column) ?? -1];
    if (vector !== undefined) return valueAt(vector, this.row);
    const names = this.columns.map(({ name }) => name).join(', ');
    throw new OperatorError(
      'PR3005',
      `${this.#operator}: there is no column '${column}' to write; there are: ${names}`,
    );
  }

  values(): readonly Value[] {
    return this.#vectors.map((vector) => valueAt(vector, this.row));
  }
}
