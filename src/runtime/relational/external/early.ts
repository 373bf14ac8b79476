/** Batches of a side that came before it is their turn: in memory as far as they fit, the others on disk, in their order. */
import type { Schema } from '../../../typecheck/typed.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Batch } from '../../batch.ts';
import { copyRows } from '../../spill/collect.ts';
import type { Room } from '../../spill/room.ts';
import type { RunWriter, Spool } from '../../spill/spool.ts';
import { Weight } from '../../spill/weight.ts';
import { upTo } from './operator.ts';
import { PLACE_TYPES, Places } from './places.ts';

export class Early {
  private readonly room: Room;
  private readonly columns: number;
  private readonly types: readonly Type[];
  private readonly weight = new Weight();
  private readonly places = new Places();
  private batches: Batch[] = [];
  private spool: Spool | null = null;
  private writer: RunWriter | null = null;

  constructor(schema: Schema, room: Room) {
    this.room = room;
    this.columns = schema.length;
    this.types = [...schema.map(({ type }) => type), ...PLACE_TYPES];
  }

  /** What is in memory. */
  get bytes(): number {
    return this.weight.bytes;
  }

  add(batch: Batch): void {
    if (this.writer !== null) {
      this.write(batch, this.writer);
      return;
    }
    this.batches.push(batch);
    this.weight.add(batch.vectors);
  }

  /** Puts all on disk, and what comes later too. */
  spill(): void {
    if (this.writer !== null) return;
    this.spool = this.room.spool();
    const writer = this.room.writer(this.types, this.spool);
    this.writer = writer;
    for (const batch of this.batches.splice(0)) this.write(batch, writer);
    this.weight.clear();
  }

  /** All of them in order, once; batches without rows are not told of again when they were on disk. */
  async *read(): AsyncGenerator<Batch> {
    for (let batch = this.batches.shift(); batch !== undefined; batch = this.batches.shift()) yield batch;
    this.weight.clear();
    if (this.writer === null) return;
    const run = this.writer.finish();
    yield* this.places.restored(asynchronous(run.read(), this.room), this.columns, upTo(this.columns), this.types);
    this.spool?.close();
  }

  private write(batch: Batch, writer: RunWriter): void {
    const vectors = [...batch.vectors, ...this.places.of(batch)];
    writer.add(copyRows(vectors, Int32Array.from(upTo(batch.length))));
  }
}

async function* asynchronous<T>(items: Iterable<T>, room: Room): AsyncGenerator<T> {
  for (const item of items) {
    yield item;
    await room.breathe();
  }
}
