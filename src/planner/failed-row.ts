/**
 * The row on which a SELECT failed, as ON ERROR sees it: the row of its FROM. Behind the SELECT's items, where HAVING and ORDER BY may fail, its columns ride along
 * under a qualifier that no script can write.
 */
import type { Column, Schema } from '../typecheck/typed.ts';

export const FAILED_ROW = 'failed()';

/** A ROUTE's column among those of the node that failed. */
export function failedColumn(schema: Schema, name: string): Column | undefined {
  const carried = schema.find((column) => column.qualifier === FAILED_ROW && column.name === name);
  return carried ?? schema.find((column) => column.name === name);
}
