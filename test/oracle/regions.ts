/** Regions and levels (S9), by plain reachability. */
import type {
  RowsetId,
  TypedCombine,
  Schema,
  TypedAction,
  TypedHandler,
  TypedProcess,
  TypedReduce,
  TypedRowset,
  TypedScript,
  TypedSelect,
} from '../../src/typecheck/typed.ts';
import { contains } from '../../src/typecheck/visit.ts';
import type { JoinKind } from './joins.ts';

export type Raiser = TypedHandler | TypedProcess | TypedReduce | TypedCombine;

export interface ShapeRegion {
  /** Its clauses and operators, also those that repair nothing. */
  readonly raisers: readonly Raiser[];
  readonly rowsets: readonly RowsetId[];
}

export interface Shape {
  readonly inputs: (id: RowsetId) => readonly RowsetId[];
  /** In an order in which none follows one it feeds. */
  readonly regions: readonly ShapeRegion[];
  /** Of all of the rowset's steps. */
  readonly level: (id: RowsetId) => number;
  readonly steps: (id: RowsetId) => StepLevels;
  /** Where repairs of the script go back to. */
  readonly targets: ReadonlySet<RowsetId>;
}

/** The level of each step of a rowset; steps that it does not have are where the step before them is. */
export interface StepLevels {
  /** Of each JOIN of its FROM, in order. */
  readonly joins: readonly number[];
  /** Of what FROM gives, and WHERE. */
  readonly from: number;
  readonly group: number;
  readonly window: number;
  /** Where its own columns are computed. */
  readonly core: number;
  readonly distinct: number;
  readonly top: number;
}

export function raisersOf(script: TypedScript): readonly Raiser[] {
  return script.rowsets.flatMap((rowset): Raiser[] =>
    rowset.kind === 'handler' || rowset.kind === 'process' || rowset.kind === 'reduce' || rowset.kind === 'combine'
      ? [rowset]
      : [],
  );
}

export function shapeOf(script: TypedScript): Shape {
  const byId = new Map(script.rowsets.map((rowset) => [rowset.id, rowset]));
  const inputs = (id: RowsetId): readonly RowsetId[] => inputsOf(byId.get(id));
  const forward = new Map<RowsetId, Set<RowsetId>>(script.rowsets.map(({ id }) => [id, new Set()]));
  for (const { id } of script.rowsets) for (const input of inputs(id)) forward.get(input)?.add(id);
  const edges = new Map([...forward].map(([id, next]) => [id, new Set(next)]));
  const raisers = raisersOf(script);
  const origins = (raiser: Raiser): readonly RowsetId[] =>
    raiser.kind === 'handler' ? originsOf(raiser.action) : originsBehind(raiser, columnsBefore(raiser, byId));
  for (const raiser of raisers) for (const origin of origins(raiser)) edges.get(raiser.id)?.add(origin);
  const reach = reachability(edges);
  const reaches = (a: RowsetId, b: RowsetId): boolean => reach.get(a)?.has(b) === true;
  const together = (a: RowsetId, b: RowsetId): boolean => a === b || (reaches(a, b) && reaches(b, a));

  // ON ERROR stands at the step that it guards, also where it repairs nothing.
  const home = (id: RowsetId): RowsetId => {
    const rowset = byId.get(id);
    return rowset?.kind === 'handler' && rowset.fires === 'error' ? rowset.input : id;
  };

  const feeds = ([a]: readonly Raiser[], [b]: readonly Raiser[]): boolean =>
    a !== undefined && b !== undefined && reaches(a.id, b.id);

  const groups: Raiser[][] = [];
  for (const handler of raisers.filter((raiser) => origins(raiser).length > 0)) {
    const group = groups.find(([first]) => first !== undefined && together(first.id, handler.id));
    if (group === undefined) groups.push([handler]);
    else group.push(handler);
  }
  const regions: ShapeRegion[] = [];
  for (const waiting = new Set(groups); waiting.size > 0;) {
    const next = [...waiting].find((group) => ![...waiting].some((other) => other !== group && feeds(other, group)));
    if (next === undefined) throw new Error('regions that feed each other');
    waiting.delete(next);
    const [first] = next;
    const inside = ({ id }: { readonly id: RowsetId }): boolean => first !== undefined && together(first.id, home(id));
    regions.push({ raisers: raisers.filter(inside), rowsets: script.rowsets.filter(inside).map(({ id }) => id) });
  }

  const level = (id: RowsetId): number => steps(home(id)).top;
  const steps = (id: RowsetId): StepLevels => {
    const rowset = byId.get(id);
    const isInside = (input: RowsetId): boolean => reaches(id, id) && together(input, id);
    const levelOf = (input: RowsetId): number => (isInside(input) ? level(input) : 0);
    const cross = (needs: boolean): number => Number(needs && reaches(id, id));
    const below = Math.max(0, ...inputs(id).map(levelOf));
    if (rowset?.kind !== 'select') {
      const last = below + cross(rowset !== undefined && isCross(rowset));
      return { joins: [], from: last, group: last, window: last, core: last, distinct: last, top: last };
    }
    const { source, joins: given } = rowset.from;
    let [from, inside] = [levelOf(source.rowset), isInside(source.rowset)];
    const joins = given.map((join) => {
      if (join.kind === 'explode') return from;
      const right = join.source.rowset;
      const type = join.kind === 'join' ? join.type : 'cross';
      from = Math.max(from, levelOf(right)) + cross(joinsAcross(type, inside, isInside(right)));
      inside ||= isInside(right);
      return from;
    });
    const group = from + cross(rowset.grouped);
    // Windows over groups that no repair changes are one step with them.
    const window = group + cross(hasWindows(rowset) && (inside || !rowset.grouped));
    const distinct = window + cross(rowset.distinct);
    return { joins, from, group, window, core: window, distinct, top: distinct + cross(rowset.top !== null) };
  };
  return { inputs, regions, level, steps, targets: new Set(raisers.flatMap(origins)) };
}

export function inputsOf(rowset: TypedRowset | undefined): readonly RowsetId[] {
  switch (rowset?.kind) {
    case undefined:
    case 'extract':
    case 'values':
      return [];
    case 'select':
      return [
        rowset.from.source.rowset,
        ...rowset.from.joins.flatMap((join) => (join.kind === 'explode' ? [] : [join.source.rowset])),
      ];
    case 'process':
    case 'reduce':
    case 'filter':
    case 'handler':
      return [rowset.input];
    case 'set-operation':
      return [rowset.left, rowset.right];
    case 'combine':
      return [rowset.left.rowset, rowset.right.rowset];
    case 'routed':
      return rowset.from;
  }
}

/** Whether rows of the join depend on several rows that are repaired: a pair that needs only one side's row and what never changes does not. */
function joinsAcross(type: JoinKind, left: boolean, right: boolean): boolean {
  switch (type) {
    case 'inner':
    case 'cross':
      return left && right;
    case 'left':
    case 'semi':
    case 'anti':
      return right;
    case 'right':
      return left;
    case 'full':
      return left || right;
  }
}

export function hasWindows({ items, orderBy }: TypedSelect): boolean {
  return [...items, ...orderBy].some(({ value }) => contains(value, ({ kind }) => kind === 'window'));
}

/** Of rowsets of one step. */
function isCross(rowset: TypedRowset): boolean {
  switch (rowset.kind) {
    case 'reduce':
    case 'combine':
      return true;
    case 'set-operation':
      return rowset.operator !== 'union-all';
    default:
      return false;
  }
}

export function originsOf(action: TypedAction): readonly RowsetId[] {
  switch (action.kind) {
    case 'edit':
    case 'append':
      return [
        ...action.changes.flatMap(({ target }) => target.origins.map(({ rowset }) => rowset)),
        ...originsOf(action.otherwise),
      ];
    case 'delete':
    case 'retry':
      return [...action.target.origins.map(({ rowset }) => rowset), ...originsOf(action.otherwise)];
    case 'retry-times':
      return originsOf(action.otherwise);
    default:
      return [];
  }
}

/** What an operator's inputs may be bound to. */
function columnsBefore(
  raiser: TypedProcess | TypedReduce | TypedCombine,
  byId: ReadonlyMap<RowsetId, TypedRowset>,
): Schema {
  if (raiser.kind !== 'combine') return byId.get(raiser.input)?.schema ?? [];
  return [raiser.left, raiser.right].flatMap(({ rowset, alias }) =>
    (byId.get(rowset)?.schema ?? []).map((column) => ({ ...column, qualifier: alias })),
  );
}

/** The origins of the columns that a process's operators may repair. */
function originsBehind(
  { using }: Pick<TypedProcess | TypedReduce | TypedCombine, 'using'>,
  input: Schema,
): readonly RowsetId[] {
  return [using].flat().flatMap(({ signature, inputs }) => {
    const names = new Set([...signature.edits, ...signature.appends, ...signature.deletes, ...signature.fails]);
    return inputs.flatMap(({ name, value }) => {
      if (!names.has(name) || value.kind !== 'column') return [];
      const column = input.find((one) => one.name === value.name && one.qualifier === value.qualifier);
      return column?.origins.map(({ rowset }) => rowset) ?? [];
    });
  });
}

function reachability(
  edges: ReadonlyMap<RowsetId, ReadonlySet<RowsetId>>,
): ReadonlyMap<RowsetId, ReadonlySet<RowsetId>> {
  return new Map(
    [...edges.keys()].map((start) => {
      const seen = new Set<RowsetId>();
      const open = [start];
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        for (const next of edges.get(at) ?? []) {
          if (seen.has(next)) continue;
          seen.add(next);
          open.push(next);
        }
      }
      return [start, seen];
    }),
  );
}
