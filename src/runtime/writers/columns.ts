/** Which columns a writer writes, and in which order. */
import { didYouMean, didYouMeanHelp } from '../../diagnostics/did-you-mean.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import { writeError } from './faults.ts';

export interface WrittenColumn {
  readonly name: string;
  readonly type: Type;
  /** Index of its vector among those the sink is given. */
  readonly from: number;
}

/** The columns of the option `order`, or all of them. */
export function writtenColumns(
  columns: readonly { readonly name: string; readonly type: Type }[],
  options: ReadonlyMap<string, Value>,
): readonly WrittenColumn[] {
  const all = columns.map(({ name, type }, from) => ({ name, type, from }));
  const order = options.get('order') ?? null;
  if (!Array.isArray(order)) return all;
  const names = order.filter((name) => typeof name === 'string');
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw writeError('PR5001', `order names ${twice} twice`);
  return names.map((name) => {
    const column = all.find((one) => one.name === name);
    if (column !== undefined) return column;
    const known = all.map((one) => one.name);
    throw writeError(
      'PR5001',
      `order names ${name}, and the rows have ${known.join(', ')}`,
      didYouMeanHelp(didYouMean(name, known)),
    );
  });
}
