/** DISTINCT of more rows than fit. */
import type { Schema } from '../../../typecheck/typed.ts';
import { byNumber, merged } from '../../spill/merge.ts';
import type { Room } from '../../spill/room.ts';
import type { Batch } from '../../batch.ts';
import { pickRows } from '../pick-rows.ts';
import { FirstOfEach } from './first-of-each.ts';
import { upTo } from './operator.ts';
import type { Spilling } from './operator.ts';
import { PLACE_TYPES, Places } from './places.ts';

export function externalDistinct(input: Schema, room: Room): Spilling {
  const columns = input.length;
  const types = [...input.map(({ type }) => type), ...PLACE_TYPES];
  const rows = new FirstOfEach(columns, types, room);
  const places = new Places();
  return {
    take(_side, batch) {
      const late = rows.overflow !== null;
      const first = rows.take(batch.vectors, batch.length, () => places.of(batch));
      return late ? [] : [pickRows(batch, first)];
    },
    end: () => (rows.overflow === null ? [] : rest()),
  };

  async function* rest(): AsyncGenerator<Batch> {
    const results = room.spool();
    const runs = await rows.settle(() => room.writer(types, results));
    yield* places.restored(merged(runs, byNumber(columns), room), columns, upTo(columns), types);
    results.close();
  }
}
