/** The balance of a region's nodes: what the rows that settled came to, counted at the end, so that a repaired row is neither lost nor counted twice. */
import type { Ended } from '../engine/result.ts';
import { isUntouched } from './members.ts';
import type { Ending, RegionRun, Running } from './run.ts';

export interface Settlement {
  /** Live rows of each input. */
  readonly in: readonly number[];
  /** Rows of the input that have a live row here. */
  readonly passed: number;
  readonly out: number;
  readonly ended: readonly Ended[];
}

export function settlementOf(run: RegionRun, member: Running): Settlement {
  const out = run.settled.count(member);
  const given = member.inputs.map((input) => run.settled.count(input));
  switch (member.node.kind) {
    case 'extract':
    case 'values':
      return ofSource(member, out);
    case 'filter':
    case 'project':
    case 'explode':
    case 'process':
    case 'handle':
      return { in: given, out, ...ofRowWise(run, member) };
    case 'routed':
      return { in: member.node.from.map((_, side) => liveOfSide(run, member, side)), passed: 0, out, ended: [] };
    case 'reduce':
      return { in: given, passed: 0, out, ended: failedGroups(run, member) };
    default:
      return { in: given, passed: 0, out, ended: [] };
  }
}

/** A group that ON ERROR dropped or routed counts as one row. */
function failedGroups(run: RegionRun, member: Running): readonly Ended[] {
  const endings = endingsByRow(run, member);
  const clauses = new Map<string, Ended>();
  for (const ending of endings.values()) {
    addTo(clauses, endedHow(member, false, ending), 1);
  }
  return [...clauses.values()];
}

function liveOfSide(run: RegionRun, member: Running, side: number): number {
  const live = run.settled.live(member);
  return live.reduce((sum, one, row) => sum + (one === 1 && member.table.sides.at(row) === side ? 1 : 0), 0);
}

/** What was read stands in the output, in its own form or a repaired one, or a repair has taken it away. */
function ofSource(member: Running, out: number): Settlement {
  const { table, origin } = member;
  if (isUntouched(member)) return { in: [], passed: 0, out, ended: [] };
  let gone = 0;
  for (const row of table.ended.all()) if (origin === null || origin.isGone(row)) gone += 1;
  return { in: [], passed: 0, out, ended: named('replaced', 'repairs', gone) };
}

function ofRowWise(run: RegionRun, member: Running): Pick<Settlement, 'passed' | 'ended'> {
  const [input] = member.inputs;
  if (input === undefined) return { passed: 0, ended: [] };
  if (isPlain(member)) return ofPlain(run, member, input);
  return ofRepaired(run, member, input);
}

/** Whether each of its rows lives as long as the one it was made from, and is the only one that was made from that. */
function isPlain({ node, origin, table }: Running): boolean {
  if (node.kind === 'explode' || node.kind === 'process') return false;
  return origin === null || (origin.untouched && table.ended.count === 0);
}

/** All that passed is there, and what is not was ended here: nothing needs to be looked up row by row. */
function ofPlain(run: RegionRun, member: Running, input: Running): Pick<Settlement, 'passed' | 'ended'> {
  const passed = run.settled.count(member);
  let left = run.settled.count(input) - passed;
  if (left === 0) return { passed, ended: [] };
  const clauses = new Map<string, Ended>();
  for (const ending of endingsByRow(run, member).values()) {
    addTo(clauses, endedHow(member, false, ending), 1);
    left -= 1;
  }
  if (left > 0) addTo(clauses, endedHow(member, false, undefined), left);
  return { passed, ended: [...clauses.values()] };
}

function ofRepaired(run: RegionRun, member: Running, input: Running): Pick<Settlement, 'passed' | 'ended'> {
  const { table } = member;
  const live = run.settled.live(member);
  const inputLive = run.settled.live(input);
  const hasRow = new Uint8Array(input.table.length);
  const hasLive = new Uint8Array(input.table.length);
  for (let row = 0; row < table.length; row += 1) {
    const parent = table.parents.at(row);
    if (parent < 0) continue;
    hasRow[parent] = 1;
    if (live[row] === 1) hasLive[parent] = 1;
  }
  const endings = endingsByRow(run, member);
  const clauses = new Map<string, Ended>();
  let passed = 0;
  for (let row = 0; row < input.table.length; row += 1) {
    if (inputLive[row] === 0) continue;
    if (hasLive[row] === 1) passed += 1;
    else addTo(clauses, endedHow(member, hasRow[row] === 1, endings.get(row)), 1);
  }
  return { passed, ended: [...clauses.values()] };
}

function addTo(clauses: Map<string, Ended>, { how, clause }: Pick<Ended, 'how' | 'clause'>, rows: number): void {
  const key = `${how} ${clause}`;
  clauses.set(key, { how, clause, rows: (clauses.get(key)?.rows ?? 0) + rows });
}

/** By row, what a clause or an ON ERROR ended. */
function endingsByRow(run: RegionRun, member: Running): ReadonlyMap<number, Ending> {
  const own = run.endings.filter(
    (ending) =>
      ending.clause === member.node.id && (ending.kind === 'drop' || ending.kind === 'route') && run.counts(ending),
  );
  return new Map(own.map((ending) => [ending.row, ending]));
}

/** Why a live input row has no live row here. */
function endedHow({ node }: Running, hadRows: boolean, ending: Ending | undefined): Pick<Ended, 'how' | 'clause'> {
  if (ending === undefined && hadRows) return { how: 'replaced', clause: 'repairs' };
  if (ending !== undefined && node.kind !== 'handle')
    return ending.kind === 'route'
      ? { how: 'routed', clause: `ON ERROR ROUTE TO ${routeName(ending)}` }
      : { how: 'dropped', clause: 'ON ERROR DROP' };
  switch (node.kind) {
    case 'filter':
      return { how: 'dropped', clause: node.clause };
    case 'explode':
      return { how: 'dropped', clause: 'EXPLODE of nothing' };
    case 'handle': {
      const verb = node.fires === 'false' ? 'ASSERT' : 'WHEN';
      const clause = node.condition === null ? '' : `${verb} ${node.conditionText} … `;
      return ending?.kind === 'route'
        ? { how: 'routed', clause: `${clause}ROUTE TO ${routeName(ending)}` }
        : { how: 'dropped', clause: `${clause}DROP` };
    }
    case 'process':
      return { how: 'dropped', clause: `${node.using[0]?.signature.name ?? 'the operator'} yielded no row` };
    default:
      return { how: 'dropped', clause: node.label };
  }
}

function routeName({ rung }: Ending): string {
  return rung.kind === 'route' ? rung.name : '';
}

function named(how: Ended['how'], clause: string, rows: number): readonly Ended[] {
  return rows === 0 ? [] : [{ how, clause, rows }];
}
