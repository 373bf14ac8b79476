/** Runs user reducers and combiners: groups of rows to the engine's columns. */
import type { Value } from '../../typecheck/types.ts';
import type { Vector } from '../batch.ts';
import { answerCollector } from './answers.ts';
import { failureOf, isAsync, outputsOf, settled } from './body.ts';
import type { RowShape } from './cursor.ts';
import { Cursor, layoutOf, outputRow } from './cursor.ts';
import { OperatorError } from './faults.ts';
import type { Group } from './group-operators.ts';
import type { Instance, OperatorCall } from './instance.ts';
import { bracket, makeInstance } from './instance.ts';
import type { OperatorOutputs } from './process-runner.ts';
import { OutputRow, Repair } from './row.ts';
import type { GroupAnswer, GroupRunner, GroupSide, RowFailure } from './runner.ts';

/** A runner of a user's reducer or combiner class. Groups are answered in order, one after the other; an exception of the body fails its group. */
export function groupRunner(call: OperatorCall, outputs: OperatorOutputs): GroupRunner {
  const { signature, context } = call;
  const shape: RowShape = { signature, inputs: layoutOf(signature.inputs), outputs: layoutOf(outputs) };
  let instance: Instance | null = null;
  return {
    open: async () => {
      instance = makeInstance(call);
      await bracket(instance, 'preCall', signature.name);
    },
    run: async (sides, groups) => {
      const body = instance?.method('call') ?? null;
      if (body === null) throw new Error(`${signature.name} is not open`);
      return runGroups(body, shape, context.signal, sides, groups);
    },
    close: async () => {
      const open = instance;
      instance = null;
      if (open !== null) await bracket(open, 'postCall', signature.name);
    },
  };
}

async function runGroups(
  body: (...groups: readonly Group[]) => unknown,
  shape: RowShape,
  signal: AbortSignal,
  sides: readonly GroupSide[],
  groups: Int32Array,
): Promise<GroupAnswer> {
  const { name } = shape.signature;
  const collector = answerCollector(shape.outputs.columns, groups.length);
  const of: number[] = [];
  const carried = sides.map((): number[] => []);
  const failures: RowFailure[] = [];
  const vectors = sides.map(({ inputs }) => inputs.map((vector) => vector ?? NO_VECTOR));
  for (const group of groups) {
    signal.throwIfAborted();
    const call = new GroupCall({ shape, sides, vectors }, group);
    try {
      const answer = body(...sides.map((_, side) => new GroupView(call, side)));
      const rows = outputsOf(name, isAsync(answer) ? await settled(answer) : answer);
      for (const row of rows) {
        if (!(row instanceof OutputRow)) {
          collector.repair(row.row, row);
          continue;
        }
        collector.add(group, row);
        of.push(group);
        sides.forEach((_, side) => carried[side]?.push(call.rowBeside(row, side)));
      }
    } catch (thrown) {
      signal.throwIfAborted();
      failures.push(failureOf(name, group, thrown));
    }
  }
  const answers = collector.finish(groups.length);
  return {
    vectors: answers.vectors,
    length: answers.length,
    groups: Int32Array.from(of),
    carried: carried.map((rows) => Int32Array.from(rows)),
    failures,
    repairs: answers.repairs,
  };
}

/** An answer row and the rows beside it, where the body named some. */
class CarryingRow extends OutputRow {
  readonly carried: ReadonlyMap<number, number>;

  constructor({ values }: OutputRow, carried: ReadonlyMap<number, number>) {
    super(values);
    this.carried = carried;
  }
}

/** What all calls of a run share. */
interface Groups {
  readonly shape: RowShape;
  readonly sides: readonly GroupSide[];
  /** Each side's inputs, an empty vector where it has none. */
  readonly vectors: readonly (readonly Vector[])[];
}

/** One call of the body. */
class GroupCall {
  readonly shape: RowShape;
  readonly sides: readonly GroupSide[];
  readonly vectors: Groups['vectors'];
  private readonly group: number;

  constructor({ shape, sides, vectors }: Groups, group: number) {
    this.shape = shape;
    this.sides = sides;
    this.vectors = vectors;
    this.group = group;
  }

  /** The side's rows of this group. */
  rows(side: number): Int32Array {
    const given = this.sides[side];
    return given?.rows.subarray(given.starts[this.group], given.starts[this.group + 1]) ?? new Int32Array(0);
  }

  answer(values: object, carried: readonly unknown[]): OutputRow {
    const row = outputRow(this.shape.signature.name, this.shape.outputs, values);
    if (carried.length === 0) return row;
    const beside = carried.map((each): readonly [number, number] => {
      if (each instanceof GroupRow && each.call === this) return [each.side, each.row];
      throw new OperatorError('PR3004', `${this.shape.signature.name} answers with a row of no group of this call`);
    });
    return new CarryingRow(row, new Map(beside));
  }

  /** −1 where the side's group is empty. */
  rowBeside(answer: OutputRow, side: number): number {
    const named = answer instanceof CarryingRow ? answer.carried.get(side) : undefined;
    return named ?? this.rows(side)[0] ?? -1;
  }
}

/** A row of a group. */
class GroupRow extends Cursor {
  readonly call: GroupCall;
  readonly side: number;

  constructor(call: GroupCall, side: number, row: number) {
    super(call.shape, call.vectors[side] ?? [], noPlace, row);
    this.call = call;
    this.side = side;
  }

  override get(input: string): Value {
    this.#own(input);
    return super.get(input);
  }

  override with(values: object): OutputRow {
    return this.call.answer(values, [this]);
  }

  override edit(changes: object): Repair {
    return this.#numbered(super.edit(changes));
  }

  override append(changes: object): Repair {
    return this.#numbered(super.append(changes));
  }

  override delete(inputs: readonly string[]): Repair {
    return this.#numbered(super.delete(inputs));
  }

  override fail(input: string): Repair {
    return this.#numbered(super.fail(input));
  }

  /** The repair with the row's number among those of both sides. */
  #numbered({ kind, changes, row }: Repair): Repair {
    for (const [input] of changes) this.#own(input);
    return new Repair(kind, changes, row + (this.side === 0 ? 0 : (this.call.sides[0]?.rows.length ?? 0)));
  }

  #own(input: string): void {
    const { signature, inputs } = this.call.shape;
    const at = inputs.positions.get(input);
    if (at === undefined || this.call.sides[this.side]?.inputs[at] !== null) return;
    const which = this.side === 0 ? 'second' : 'first';
    throw new OperatorError('PR3005', `${signature.name}: input '${input}' is bound to columns of the ${which} group`);
  }
}

const NO_VECTOR: Vector = { kind: 'object', values: [] };

/** A group's rows were collected from many batches. */
function noPlace(): null {
  return null;
}

class GroupView implements Group {
  readonly #call: GroupCall;
  readonly #side: number;
  readonly #rows: Int32Array;

  constructor(call: GroupCall, side: number) {
    this.#call = call;
    this.#side = side;
    this.#rows = call.rows(side);
  }

  get length(): number {
    return this.#rows.length;
  }

  *rows(): Generator<GroupRow> {
    for (const row of this.#rows) yield new GroupRow(this.#call, this.#side, row);
  }

  with(values: object, ...carried: readonly unknown[]): OutputRow {
    return this.#call.answer(values, carried);
  }
}
