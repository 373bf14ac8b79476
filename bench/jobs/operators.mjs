/** Operators that answer at once: what is left is the engine's own work. */
import { Processor } from 'pyscope';

export class RowEcho extends Processor {
  static inputs = { x: 'float' };
  static outputs = { y: 'float' };

  call(row) {
    return row.with({ y: row.get('x') });
  }
}

export class BatchEcho extends Processor {
  static inputs = { x: 'float' };
  static outputs = { y: 'float' };

  callBatch(batch) {
    return batch.with({ y: batch.get('x') });
  }
}
