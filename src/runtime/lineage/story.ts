/** The chain that made a row, from its sources on: plain data, what `--json` prints and the terminal's text is drawn from. */
import type { Value } from '../../typecheck/types.ts';
import type { NodeFacts } from './manifest.ts';
import type { Lineage, RejectedFacts, RowRef, SourcePlace } from './reader.ts';
import type { RecordedRepair } from './region.ts';
import { valueOfJson } from './values.ts';
import { columnsWanted } from './wanted.ts';
import type { Wanted } from './wanted.ts';

export interface NamedValue {
  readonly name: string;
  readonly type: string;
  readonly value: Value;
}

/** One step of a story. `from`: the steps it goes back to, by their places in the list. */
export interface Step {
  readonly kind: 'source' | 'rejected' | 'step' | 'group' | 'repair';
  /** What the plan calls the node. */
  readonly label: string;
  readonly node: string;
  /** In the script's words. */
  readonly text: string;
  readonly script: SourcePlace;
  readonly from: readonly number[];
  /** Of a source: where the row stands. */
  readonly place: SourcePlace | null;
  /** Of an operator: what it was given. */
  readonly inputs: readonly NamedValue[];
  /** What the clause read of the row. */
  readonly read: readonly NamedValue[];
  /** What the step made: a source all of its columns, an operator its answer. */
  readonly values: readonly NamedValue[];
  readonly alternative: { readonly name: string; readonly number: number; readonly of: number } | null;
  readonly group: GroupStory | null;
  readonly repair: RepairStory | null;
}

export interface GroupStory {
  readonly rows: number;
  /** The first of them, or all. */
  readonly shown: readonly { readonly place: SourcePlace | null; readonly values: readonly NamedValue[] }[];
}

export interface RepairStory {
  readonly kind: RecordedRepair['kind'];
  readonly changes: readonly {
    readonly column: string;
    readonly type: string;
    readonly before: Value;
    readonly after: Value;
  }[];
  readonly reason: string;
  /** The how-manieth repair of the row. */
  readonly attempt: number;
}

export interface StoryOptions {
  /** How many rows of a group are shown. */
  readonly members: number;
  /** Only what made this column of the row; null for all. */
  readonly column: number | null;
}

export function storyOf(lineage: Lineage, ref: RowRef, options: StoryOptions): readonly Step[] {
  const story = new Story(lineage, options, columnsWanted(lineage, ref, options.column));
  story.tell(ref);
  return story.steps;
}

/** The stories of several rows as one list: each has the steps up to its place that are new to it. */
export function storiesOf(
  lineage: Lineage,
  refs: readonly RowRef[],
  members: number,
): { readonly steps: readonly Step[]; readonly until: readonly number[] } {
  const story = new Story(lineage, { members, column: null }, () => 'all');
  const until = refs.map((ref) => {
    if (ref.row >= 0) story.tell(ref);
    return story.steps.length;
  });
  return { steps: story.steps, until };
}

/** A row version to tell, after what it came from. */
interface Telling {
  readonly ref: RowRef;
  readonly begun: boolean;
}

class Story {
  readonly steps: Step[] = [];
  private readonly lineage: Lineage;
  private readonly options: StoryOptions;
  private readonly wanted: Wanted;
  /** The step that stands for a row; of one that has none of its own, those before it. */
  private readonly told = new Map<string, readonly number[]>();

  constructor(lineage: Lineage, options: StoryOptions, wanted: Wanted) {
    this.lineage = lineage;
    this.options = options;
    this.wanted = wanted;
  }

  /** A script may be thousands of statements deep: no recursion. */
  tell(ref: RowRef): void {
    const stack: Telling[] = [{ ref, begun: false }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (this.told.has(keyOf(next.ref))) continue;
      const { repair, before } = this.behind(next.ref);
      if (!next.begun) {
        stack.push({ ref: next.ref, begun: true });
        for (const one of before.toReversed()) stack.push({ ref: one, begun: false });
        continue;
      }
      const from = [...new Set(before.flatMap((one) => this.told.get(keyOf(one)) ?? []))];
      this.told.set(keyOf(next.ref), this.add(next.ref, repair, from));
    }
  }

  /** The rows that are told before a row: of a repaired one its version before and the row that raised the repair. */
  private behind(ref: RowRef): { readonly repair: RecordedRepair | null; readonly before: readonly RowRef[] } {
    const { lineage } = this;
    const repair = lineage.repairMaking(ref);
    if (repair !== null) {
      return { repair, before: [{ node: ref.node, row: repair.row }, repair.by].filter((one) => this.isWanted(one)) };
    }
    const retried = this.retriedBefore(ref);
    const made = lineage.made(ref, 1);
    const parents = made.sides.flat();
    return { repair: null, before: [...parents, ...retried].filter((one) => this.isWanted(one)) };
  }

  /** Answers of earlier alternatives to the same call, and the rows that had it made again. */
  private retriedBefore(ref: RowRef): readonly RowRef[] {
    if (this.lineage.node(ref.node).kind !== 'process') return [];
    const alternative = this.lineage.alternativeOf(ref);
    if (alternative === 0) return [];
    return this.retries(ref).map(({ by }) => by);
  }

  private retries(ref: RowRef): readonly RecordedRepair[] {
    const made = this.lineage.made(ref);
    const [call] = made.sides[0] ?? [];
    if (call === undefined) return [];
    const alternative = this.lineage.alternativeOf(ref);
    const earlier = this.lineage
      .childrenOf(ref.node, 0, call.row)
      .filter((one) => this.lineage.alternativeOf(one) < alternative);
    const ofRows = earlier.flatMap((one) => this.lineage.repairsOf(one));
    const ofCall = this.lineage.repairsOf({ node: ref.node, row: call.row }, true);
    const retries = [...ofRows, ...ofCall].filter(({ kind }) => kind === 'retry');
    return retries.toSorted((a, b) => a.attempt - b.attempt);
  }

  private isWanted({ node, row }: RowRef): boolean {
    return this.wanted(node, row) !== null;
  }

  /** The steps that stand for a row from now on. */
  private add(ref: RowRef, repair: RecordedRepair | null, from: readonly number[]): readonly number[] {
    if (repair !== null) return [this.push(repairStep(this.lineage, ref, repair, from))];
    const node = this.lineage.node(ref.node);
    if (node.quiet) return from;
    const wanted = this.wanted(ref.node, ref.row);
    const makes = node.columns.some(({ computed }, at) => computed && (wanted === 'all' || wanted?.has(at) === true));
    if (wanted !== 'all' && !makes) return from;
    let before = from;
    if (node.kind === 'process' && this.lineage.alternativeOf(ref) > 0) {
      for (const retry of this.retries(ref)) before = [this.push(repairStep(this.lineage, ref, retry, before))];
    }
    return [this.push(this.stepOf(ref, node, before))];
  }

  private push(step: Step): number {
    return this.steps.push(step) - 1;
  }

  private stepOf(ref: RowRef, node: NodeFacts, from: readonly number[]): Step {
    const { lineage } = this;
    const base = plainStep(node, from);
    const values = computedValues(lineage, ref, node);
    if (node.inputs.length === 0) {
      return { ...base, kind: 'source', place: lineage.placeOf(ref), values: allValues(lineage, ref) };
    }
    const rejected = lineage.rejectedBehind(ref);
    if (rejected !== null) return rejectedStep(base, rejected);
    const clause = lineage.clauseBehind(ref);
    if (clause !== null) return { ...base, text: clause.text, script: clause.place, values };
    const made = lineage.made(ref, Math.max(1, this.options.members));
    if (made.kind === 'group') {
      const rows = lineage.membersCount(ref);
      // A DISTINCT that found no other row like it has nothing to tell but that.
      const shown = made.sides.flatMap((side) => side.slice(0, this.options.members));
      const group = {
        rows,
        shown: shown.map((one) => ({ place: firstPlace(lineage, one), values: allValues(lineage, one) })),
      };
      return { ...base, kind: 'group', values, group };
    }
    const [parent] = made.sides.flat();
    const read = parent === undefined ? [] : readValues(lineage, ref, node);
    if (node.kind !== 'process' || parent === undefined) return { ...base, read, values };
    const number = lineage.alternativeOf(ref);
    const operator = node.operators[number];
    const own = lineage.boundValues(node.id, number, parent.row);
    const inputs = (operator?.inputs ?? []).map(({ name, type, column, own: at }) => ({
      name,
      type,
      value: column === null ? (own[at ?? -1] ?? null) : lineage.value(parent, column),
    }));
    const alternative = { name: operator?.name ?? '', number, of: node.operators.length };
    return { ...base, text: operator?.text ?? node.text, inputs, values, alternative };
  }
}

function keyOf({ node, row }: RowRef): string {
  return `${node} ${row}`;
}

export function plainStep(node: NodeFacts, from: readonly number[]): Step {
  return {
    kind: 'step',
    label: node.label,
    node: node.kind,
    text: node.text,
    script: node.place,
    from,
    place: null,
    inputs: [],
    read: [],
    values: [],
    alternative: null,
    group: null,
    repair: null,
  };
}

export function rejectedStep(base: Step, { file, line, text, reason }: RejectedFacts): Step {
  const values: readonly NamedValue[] = [
    { name: 'text', type: 'string', value: text },
    { name: 'reason', type: 'string', value: reason },
  ];
  return { ...base, kind: 'rejected', place: { file, line }, values };
}

export function allValues(lineage: Lineage, ref: RowRef): readonly NamedValue[] {
  return lineage.node(ref.node).columns.map(({ name, type }, at) => ({ name, type, value: lineage.value(ref, at) }));
}

function computedValues(lineage: Lineage, ref: RowRef, { columns }: NodeFacts): readonly NamedValue[] {
  return columns.flatMap(({ name, type, computed }, at) =>
    computed ? [{ name, type, value: lineage.value(ref, at) }] : [],
  );
}

/** What a clause read, of the row that passed it. */
function readValues(lineage: Lineage, ref: RowRef, node: NodeFacts): readonly NamedValue[] {
  const { sides } = lineage.made(ref, 1);
  return node.reads.flatMap(({ side, column }) => {
    const [parent] = sides[side] ?? [];
    return parent === undefined ? [] : [valueAt(lineage, parent, column)];
  });
}

/** What a clause read of a row before it. */
export function readOf(lineage: Lineage, node: NodeFacts, side: number, ref: RowRef): readonly NamedValue[] {
  return node.reads.flatMap((read) => (read.side === side ? [valueAt(lineage, ref, read.column)] : []));
}

function valueAt(lineage: Lineage, ref: RowRef, column: number): NamedValue {
  const facts = lineage.node(ref.node).columns[column];
  return { name: facts?.name ?? '', type: facts?.type ?? '', value: lineage.value(ref, column) };
}

/** The source line of a row, where it goes back to one in a straight line. */
export function firstPlace(lineage: Lineage, ref: RowRef): SourcePlace | null {
  let at: RowRef = ref;
  for (;;) {
    const place = lineage.placeOf(at);
    if (place !== null) return place;
    const repair = lineage.repairMaking(at);
    if (repair !== null) {
      at = { node: at.node, row: repair.row };
      continue;
    }
    const made = lineage.made(at, 1);
    const [next] = made.sides.flat();
    if (next === undefined) return null;
    at = next;
  }
}

export function repairStep(lineage: Lineage, ref: RowRef, repair: RecordedRepair, from: readonly number[]): Step {
  const origin = lineage.node(ref.node);
  const changes = repair.changes.map(({ column, before, after }) => ({
    column,
    type: origin.columns.find(({ name }) => name === column)?.type ?? '',
    before: valueOfJson(before),
    after: valueOfJson(after),
  }));
  const { kind, reason, attempt } = repair;
  const clause = lineage.node(repair.clause);
  const read = clause.kind === 'handle' ? readOf(lineage, clause, 0, repair.by) : [];
  return { ...plainStep(clause, from), kind: 'repair', read, repair: { kind, changes, reason, attempt } };
}
