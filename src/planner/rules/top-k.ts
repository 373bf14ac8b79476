import { localRule, onlyInput } from './match.ts';

/** Makes ORDER BY before TOP part of it. */
export const topK = localRule('top-k', 'TOP n of an order keeps n rows in memory, not all of them', (node, view) => {
  if (node.kind !== 'top' || node.by.length > 0) return null;
  const sort = onlyInput(node, view);
  if (sort?.kind !== 'sort') return null;
  const edits = { put: [{ ...node, input: sort.input, by: sort.by }], remove: [sort.id] };
  const what = `made the ORDER BY of ${sort.label} part of TOP ${node.count}`;
  return { edits, touched: [node.id, sort.id], what };
});
