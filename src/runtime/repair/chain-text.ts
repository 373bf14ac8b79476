/** The history of a row as a message shows it: `x: 1 → 2 → 3`. */
import type { NodeId } from '../../planner/graph.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Member } from './members.ts';
import { trace } from './members.ts';
import type { RegionRun } from './run.ts';

const SHOWN = 10;

/** The values that a clause's repairs have given to the row's ancestor, one after the other. */
export function chainText(run: RegionRun, clause: NodeId, member: Member, row: number): string {
  const own = run.log.filter((entry) => entry.clause === clause);
  const [ancestor] = trace(member, row, [...new Set(own.map(({ origin }) => origin))]);
  const { origin } = ancestor?.member ?? { origin: null };
  if (ancestor === undefined || origin === null) return 'none';
  const base = origin.baseOf(ancestor.row);
  const steps = own.filter((entry) => entry.member === ancestor.member && origin.baseOf(entry.row) === base);
  const [first] = steps;
  if (first === undefined) return 'none';
  const values = [first.before, ...steps.map(({ after }) => after)].map(shown);
  const cut = values.length > SHOWN ? ['…', ...values.slice(-SHOWN)] : values;
  return `${first.column}: ${cut.join(' → ')}`;
}

function shown(value: Value): string {
  const text = value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 38)}…` : text;
}
