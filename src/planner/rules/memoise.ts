import type { BoundOperator } from '../../typecheck/typed.ts';
import { localRule } from './match.ts';

/** Marks calls of deterministic models, so that equal inputs are asked once. In regions too: which rows there are and what they hold stays as it is. */
export const memoise = localRule('memoise', 'a model is slow, and its answer to an equal input is the same', (node) => {
  if (node.kind !== 'process' || node.memoise === true) return null;
  const models = node.using.filter(isModel);
  if (models.length === 0) return null;
  const names = [...new Set(models.map(({ signature }) => signature.name))].join(', ');
  const what = `${names} in ${node.label} is asked once for equal inputs`;
  return { edits: { put: [{ ...node, memoise: true }] }, touched: [node.id], what };
});

/** Of ours: what a class of the user does with a model, the model itself knows best. */
function isModel({ signature }: BoundOperator): boolean {
  return signature.module === null && signature.costly && signature.deterministic;
}
