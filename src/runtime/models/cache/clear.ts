/** Removing answers by hand. */
import { modelOf } from './entry.ts';
import type { AnswerTable } from './table.ts';

/** Removes the answers of these models and the models themselves; gives how many answers there were. */
export async function clearModels(table: AnswerTable, ids: ReadonlySet<string>): Promise<number> {
  let removed = 0;
  for await (const some of table.entries()) {
    const keys = some.filter(({ value }) => ids.has(modelOf(value) ?? '')).map(({ key }) => key);
    if (keys.length > 0) removed += await table.remove(keys);
  }
  for (const id of ids) await table.forget(id);
  return removed;
}
