/** The history of a row as a message shows it: `x: 1 → 2 → 3`. */
import type { Value } from '../../typecheck/types.ts';
import type { RepairEntry } from './act.ts';
import { trace } from './members.ts';
import type { Ending, RegionRun } from './run.ts';

const SHOWN = 10;

/**
 * The values that repairs, of whatever clause, have given to what the ending's clause would repair (S12); null where there were none. Of several ancestors
 * the one with the longest history is shown, the first of them on ties.
 */
export function chainText(
  run: RegionRun,
  { clause, member, row }: Pick<Ending, 'clause' | 'member' | 'row'>,
): string | null {
  const own = run.log.filter((entry) => entry.clause === clause);
  const columns = new Set(own.flatMap(({ changes }) => changes.map(({ column }) => column)));
  const makers = new Map(
    run.log.flatMap((entry) => (entry.copy < 0 ? [] : [[keyOf(entry, entry.copy), entry] as const])),
  );
  const ancestors = [...new Set(own.map(({ trail }) => trail))].flatMap((trail) => trace(member, row, trail));
  const chains = ancestors.map((ancestor) => {
    const chain: RepairEntry[] = [];
    let made = makers.get(`${ancestor.member.node.id} ${ancestor.row}`);
    for (; made !== undefined; made = makers.get(keyOf(made, made.row))) chain.unshift(made);
    return chain;
  });
  const chain = chains.reduce((longest, one) => (one.length > longest.length ? one : longest), []);
  const texts = [...columns].flatMap((column) => valuesText(column, chain));
  return texts.length === 0 ? null : texts.join('; ');
}

function keyOf({ origin }: RepairEntry, row: number): string {
  return `${origin} ${row}`;
}

function valuesText(column: string, chain: readonly RepairEntry[]): readonly string[] {
  const steps = chain.flatMap(({ changes }) => changes.filter((change) => change.column === column));
  const [first] = steps;
  if (first === undefined) return [];
  const values = [first.before, ...steps.map(({ after }) => after)].map(shown);
  const cut = values.length > SHOWN ? [...values.slice(0, 1), '…', ...values.slice(1 - SHOWN)] : values;
  return [`${column} ${cut.join(' → ')}`];
}

function shown(value: Value): string {
  const text = value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 38)}…` : text;
}
