/** Regions and levels (S9), by plain reachability. */
import type {
  RowsetId,
  Schema,
  TypedAction,
  TypedHandler,
  TypedProcess,
  TypedReduce,
  TypedRowset,
  TypedScript,
} from '../../src/typecheck/typed.ts';

export type Raiser = TypedHandler | TypedProcess | TypedReduce;

export interface ShapeRegion {
  /** Its clauses and operators, also those that repair nothing. */
  readonly raisers: readonly Raiser[];
  readonly rowsets: readonly RowsetId[];
}

export interface Shape {
  readonly inputs: (id: RowsetId) => readonly RowsetId[];
  /** In an order in which none follows one it feeds. */
  readonly regions: readonly ShapeRegion[];
  readonly level: (id: RowsetId) => number;
}

export function raisersOf(script: TypedScript): readonly Raiser[] {
  return script.rowsets.flatMap((rowset): Raiser[] =>
    rowset.kind === 'handler' || rowset.kind === 'process' || rowset.kind === 'reduce' ? [rowset] : [],
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
    raiser.kind === 'handler' ? originsOf(raiser.action) : originsBehind(raiser, byId.get(raiser.input)?.schema ?? []);
  for (const raiser of raisers) for (const origin of origins(raiser)) edges.get(raiser.id)?.add(origin);
  const reach = reachability(edges);
  const reaches = (a: RowsetId, b: RowsetId): boolean => reach.get(a)?.has(b) === true;
  const together = (a: RowsetId, b: RowsetId): boolean => a === b || (reaches(a, b) && reaches(b, a));

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
    const inside = ({ id }: { readonly id: RowsetId }): boolean => first !== undefined && together(first.id, id);
    regions.push({ raisers: raisers.filter(inside), rowsets: script.rowsets.filter(inside).map(({ id }) => id) });
  }

  const level = (id: RowsetId): number => {
    const rowset = byId.get(id);
    const inside = inputs(id).filter((input) => together(input, id));
    return (
      Math.max(0, ...inside.map(level)) +
      (rowset === undefined || !reaches(id, id) ? 0 : crossSteps(rowset, inside.length))
    );
  };
  return { inputs, regions, level };
}

function inputsOf(rowset: TypedRowset | undefined): readonly RowsetId[] {
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

/** How many steps of the rowset need more than one row; `inside` counts its inputs that are in its region. */
function crossSteps(rowset: TypedRowset, inside: number): number {
  switch (rowset.kind) {
    case 'select':
      return Number(rowset.grouped) + Number(rowset.distinct) + Number(rowset.top !== null) + Number(inside > 1);
    case 'reduce':
    case 'combine':
      return 1;
    case 'set-operation':
      return Number(rowset.operator !== 'union-all');
    default:
      return 0;
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

/** The origins of the columns that a process's operators may repair. */
function originsBehind({ using }: TypedProcess | TypedReduce, input: Schema): readonly RowsetId[] {
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
