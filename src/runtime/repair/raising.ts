/** What a step raises in a region beside its answer: the repairs its operator declares and yields, and what ON ERROR makes of the rows it failed on (S10). */
import type { NodeId } from '../../planner/graph.ts';
import { columnOf, originsBehind } from '../../planner/back-edges.ts';
import { sameTrail } from '../../planner/trails.ts';
import type { Trail } from '../../planner/trails.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { BoundOperator, Origin, RowsetId, Schema, TypedColumn } from '../../typecheck/typed.ts';
import { DEFAULT_LIMIT } from '../../typecheck/clauses/actions.ts';
import { isNullable } from '../../typecheck/types.ts';
import type { Batch } from '../batch.ts';
import { RunError } from '../errors.ts';
import type { RowFailure, RowRepair } from '../operators/runner.ts';
import type { Raised } from './act.ts';
import { acting, canAct, chosen, FiringFacts } from './clause.ts';
import type { Clause, Failed } from './compiled.ts';
import { dataError, failedEnding } from './failed.ts';
import type { RepairRung, Rung } from './ladder.ts';
import { trace } from './members.ts';
import type { Ancestor, Member } from './members.ts';
import { timesOf } from './origin.ts';
import type { Chain } from './origin.ts';
import type { Ending, RegionRun, Running } from './run.ts';

/** What a step may do to the rows before it; a SELECT has no operators. */
export interface Raising {
  readonly operators: readonly DeclaredRepairs[];
  /** ON ERROR; null where a failure ends the job. */
  readonly onError: Clause | null;
  /** Where the operator stands in the script, and where its ON ERROR does (S8). */
  readonly span: Span;
  readonly onErrorSpan: Span;
}

/** One alternative. */
interface DeclaredRepairs {
  readonly name: string;
  readonly span: Span;
  /** By input: where the column it is bound to was computed. */
  readonly origins: ReadonlyMap<string, readonly { readonly node: NodeId; readonly column: string }[]>;
  /** By input: the way there from a row of each side; a COMBINE has two. */
  readonly trails: ReadonlyMap<string, readonly (Trail | null)[]>;
}

/** What an operator reads rows of: their columns as its inputs name them, and the way back of each. */
export interface ReadSide {
  readonly schema: Schema;
  readonly trailAt: (column: number) => Trail | null;
}

export function declaredRepairs(
  using: readonly BoundOperator[],
  sides: readonly ReadSide[],
  nodeOf: (rowset: RowsetId) => NodeId,
): readonly DeclaredRepairs[] {
  const input = sides.flatMap(({ schema }) => schema);
  const trailsOf = (column: TypedColumn | null): readonly (Trail | null)[] =>
    sides.map(({ schema, trailAt }) => {
      const at = schema.findIndex(({ qualifier, name }) => qualifier === column?.qualifier && name === column.name);
      return at < 0 ? null : trailAt(at);
    });
  const places = (origins: readonly Origin[]): readonly { readonly node: NodeId; readonly column: string }[] =>
    origins.map(({ rowset, column }) => ({ node: nodeOf(rowset), column }));
  return using.map((operator) => ({
    name: operator.signature.name,
    span: operator.span,
    origins: new Map(operator.inputs.map(({ name }) => [name, places(originsBehind(operator, name, input))])),
    trails: new Map(operator.inputs.map(({ name, value }) => [name, trailsOf(columnOf(value))])),
  }));
}

/** A call of the operator on some rows of the input. */
export interface Call {
  readonly run: RegionRun;
  readonly member: Running;
  readonly input: Member;
  /** Which input that is: 1 for the right side of a COMBINE. */
  readonly side: number;
  /** Rows of the input by row of the batch. */
  readonly rows: Int32Array;
  readonly conjecture: number;
  /** What the call for a row of the batch has behind it. */
  readonly chainAt: (place: number) => Chain;
}

export interface Consequences {
  readonly raised: readonly Raised[];
  readonly endings: readonly Ending[];
}

// ── Repairs that the operator yields ────────────────────────────────────────────────────────────────────────────────

export function raisedByOperator(call: Call, raising: Raising, repairs: readonly RowRepair[]): Consequences {
  const raised: Raised[] = [];
  const endings: Ending[] = [];
  if (repairs.length === 0) return { raised, endings };
  const declared = raising.operators[call.conjecture];
  if (declared === undefined) throw new RangeError(`there is no alternative ${call.conjecture}`);
  for (const repair of repairs) {
    const row = call.rows[repair.row] ?? -1;
    const rung = rungOf(call, declared, repair);
    const ancestors = ancestorsOf(call, row, declared, repair);
    const reason = `row.${repair.kind} of ${declared.name}`;
    const fault = faultOf(call, declared, repair, rung);
    if (fault === null && canAct(rung, ancestors, call.run)) {
      const changes = rung.kind === 'edit' || rung.kind === 'append' ? valuesOf(declared, repair) : [];
      raised.push({ ...raisedAt(call, raising.span, row), rung, ancestors, changes, reason, ownCall: null });
    } else {
      const abort: Rung = { kind: 'abort', message: null, span: declared.span };
      endings.push({
        ...endingAt(call, row),
        kind: 'abort',
        reason,
        rung: abort,
        depth: fault === null ? 1 : 0,
        error: fault,
      });
    }
  }
  return { raised, endings };
}

/** Each kind of repair that an operator declares is an action with the default LIMIT and no ELSE (S13). */
function rungOf({ member, side }: Call, declared: DeclaredRepairs, { kind, changes }: RowRepair): RepairRung {
  const { id } = member.node;
  const at = changes.flatMap(([input]) => declared.origins.get(input) ?? []);
  const common = {
    key: `${id}.${kind}`,
    origins: [...new Set(at.map(({ node }) => node))],
    trail: trailOf(declared, changes[0]?.[0] ?? '', side),
    column: changes.map(([input]) => input).join(', '),
    limit: DEFAULT_LIMIT,
    span: declared.span,
  };
  switch (kind) {
    case 'edit':
    case 'append':
      return { ...common, kind, changes: [] };
    case 'delete':
      return { ...common, kind };
    case 'fail':
      return { ...common, kind: 'retry' };
  }
}

function valuesOf({ origins }: DeclaredRepairs, { changes }: RowRepair): Raised['changes'] {
  return changes.flatMap(([input, value]) => (origins.get(input) ?? []).map((at) => ({ ...at, value })));
}

function trailOf({ trails }: DeclaredRepairs, input: string, side: number): Trail | null {
  return trails.get(input)?.[side] ?? null;
}

/** Each column of a DELETE is traced by itself: one may have been computed above another. */
function ancestorsOf(
  { input, side }: Call,
  row: number,
  declared: DeclaredRepairs,
  { changes }: RowRepair,
): readonly Ancestor[] {
  const found: Ancestor[] = [];
  for (const [name] of changes) {
    for (const one of trace(input, row, trailOf(declared, name, side))) {
      if (!found.some((known) => known.member === one.member && known.row === one.row)) found.push(one);
    }
  }
  return found;
}

/** What a script's clause is checked for before it runs: S5, and nulls where a column has none. */
function faultOf(
  { run, side }: Call,
  declared: DeclaredRepairs,
  { kind, changes }: RowRepair,
  rung: RepairRung,
): RunError | null {
  const { name, origins, span } = declared;
  if (kind !== 'edit' && kind !== 'append') return null;
  for (const [input, value] of changes) {
    const at = origins.get(input) ?? [];
    const elsewhere = new Set(at.map(({ node }) => node)).size !== rung.origins.length;
    if (elsewhere || !sameTrail(trailOf(declared, input, side), rung.trail)) {
      const message = `${name} calls row.${kind} with columns that were computed at different places: ${rung.column}`;
      return new RunError('PR3009', message, { span, help: 'yield one repair for each place' });
    }
    const strict = at.find(({ node, column }) => {
      const found = run.memberOf(node).table.schema.find((candidate) => candidate.name === column);
      return found !== undefined && !isNullable(found.type);
    });
    if (value === null && strict !== undefined) {
      const message = `${name} calls row.${kind} with null for '${input}', and column '${strict.column}' holds no nulls`;
      return new RunError('PR3007', message, { span });
    }
  }
  return null;
}

// ── Failures ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What ON ERROR is told of one failure. */
interface Failing {
  readonly failure: RowFailure;
  /** The row of the input that stands for it, the first of a group. */
  readonly row: number;
  readonly choice: Choice;
  readonly facts: FiringFacts | null;
  readonly errorOf: Failed['errorOf'];
  /** The row as ROUTE TO gets it, where that is not the input's. */
  readonly aside: NonNullable<Ending['aside']> | null;
}

/** `full`: the rows of the call, with what the clause's expressions see. `kept` are rows of the call. */
export function raisedByFailures(
  call: Call,
  raising: Raising,
  failed: Failed | null,
  full: Batch,
): Consequences & { readonly kept: readonly number[] } {
  if (failed === null || failed.failures.length === 0) return { raised: [], endings: [], kept: [] };
  const { failures, errorOf, routed } = failed;
  const facts = factsOf(
    raising.onError,
    full,
    failures.map(({ row }) => row),
  );
  const outcomes = failures.map((failure, at) => {
    const row = call.rows[failure.row] ?? -1;
    const aside = routed === null ? null : { batch: routed, at };
    const choice = actionOf(call, raising.onError, failure.row, raising.span);
    return raisedByFailure(call, raising, at, { failure, row, choice, facts, errorOf, aside });
  });
  const kept = failures.filter((_, at) => isKept(outcomes[at])).map(({ row }) => row);
  return { ...together(outcomes), kept };
}

/** What the clause's expressions say of the rows at these places of a batch. */
export function factsOf(clause: Clause | null, full: Batch, places: readonly number[]): FiringFacts | null {
  return clause === null ? null : new FiringFacts(clause, acting(full, Int32Array.from(places)));
}

export function together(parts: readonly Consequences[]): Consequences {
  return { raised: parts.flatMap(({ raised }) => raised), endings: parts.flatMap(({ endings }) => endings) };
}

export function isKept(outcome: Consequences | undefined): boolean {
  return outcome?.endings.some(({ kind }) => kind === 'keep') ?? false;
}

/** `at`: the failure's place among those of `facts`. */
export function raisedByFailure(call: Call, raising: Raising, at: number, failing: Failing): Consequences {
  try {
    return outcomeOf(call, raising, at, failing);
  } catch (error) {
    // ON ERROR failed on the row in its turn.
    return { raised: [], endings: [failedEnding(dataError(error), call.member.node.id, call.input, failing.row)] };
  }
}

function outcomeOf(
  call: Call,
  raising: Raising,
  at: number,
  { failure, row, choice, facts, errorOf, aside }: Failing,
): Consequences {
  const { rung, ancestors, depth, ownCall } = choice;
  const reason = `${failure.code}: ${failure.message}`;
  const end = { ...endingAt(call, row), reason, rung, depth };
  switch (rung.kind) {
    case 'edit':
    case 'append':
    case 'delete':
    case 'retry': {
      const changes = facts?.changes(rung, at) ?? [];
      const raised = { ...raisedAt(call, raising.onErrorSpan, row), rung, ancestors, changes, reason, ownCall };
      return { raised: [raised], endings: [] };
    }
    case 'route':
      return { raised: [], endings: [{ ...end, kind: 'route', aside }] };
    case 'drop':
    case 'keep':
      return { raised: [], endings: [{ ...end, kind: rung.kind }] };
    case 'abort':
      return {
        raised: [],
        endings: [{ ...end, kind: 'abort', error: errorOf(failure, facts?.said(rung, at) ?? null) }],
      };
  }
}

export interface Choice {
  readonly rung: Rung;
  readonly ancestors: readonly Ancestor[];
  readonly depth: number;
  readonly ownCall: Raised['ownCall'];
}

/** RETRY of a column that the failed operator itself yields asks its next alternative; no row stands for the call yet. */
function actionOf(call: Call, clause: Clause | null, place: number, span: Span): Choice {
  const { member, run, input, conjecture } = call;
  if (clause === null) {
    return { rung: { kind: 'abort', message: null, span }, ancestors: [], depth: 0, ownCall: null };
  }
  const chain = call.chainAt(place);
  const own = (rung: Rung): boolean => rung.kind === 'retry' && rung.origins.includes(member.node.id);
  const row = call.rows[place] ?? -1;
  const traced = ({ trail }: RepairRung): readonly Ancestor[] => trace(input, row, trail);
  const choice = chosen(clause, run, traced, (rung) => {
    if (!own(rung) || member.node.kind !== 'process') return null;
    return conjecture + 1 < member.node.using.length && timesOf(chain.firings, rung.key) < rung.limit;
  });
  return { ...choice, ownCall: own(choice.rung) ? { member, chain } : null };
}

function raisedAt(
  { member, input, run }: Call,
  span: Span,
  row: number,
): Pick<Raised, 'node' | 'span' | 'input' | 'row' | 'run'> {
  return { node: member.node.id, span, input, row, run };
}

function endingAt(
  { member, input, conjecture }: Call,
  row: number,
): Pick<Ending, 'clause' | 'member' | 'row' | 'conjecture'> {
  return { clause: member.node.id, member: input, row, conjecture };
}
