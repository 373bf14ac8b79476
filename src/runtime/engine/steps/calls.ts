/**
 * The calls of one operator in pieces, each kept in the job store: what a piece came to is asked for there first, and only then of the operator. A place in the job is
 * the node, which of its batches it is, and the first row of the piece. That is the same in every run over the same inputs; a digest of what is asked guards it.
 */
import type { CommitPoint } from '../../../planner/plan.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Vector } from '../../batch.ts';
import type { GroupAnswer, ProcessorAnswer, ProcessorRunner, RowFailure } from '../../operators/runner.ts';
import type { AnswerKeeper, KeptAnswer } from '../../state/answers.ts';
import { damaged } from '../../state/errors.ts';
import { constantVector, slice } from '../../vectors.ts';
import type { Clock } from '../environment.ts';

/** What an operator gave for rows or groups `start` … `start + asked − 1`. Numbers of rows in it count from `start`; groups and their rows have their own. */
export interface Piece extends Omit<KeptAnswer, 'digest' | 'failures'> {
  readonly start: number;
  readonly failures: readonly RowFailure[];
}

/** As {@link Piece} has it, before it is known how long it took. */
export type Called = Omit<Piece, 'start' | 'asked' | 'milliseconds'>;

/** And before it is known what random numbers it took. */
export type Answered = Omit<Called, 'drawn'>;

/** Asks for rows or groups `start` to `end` (exclusive), after so many random numbers were drawn. */
export type Call = (start: number, end: number, drawn: number) => Promise<Called>;

export interface CallsAt {
  readonly keeper: AnswerKeeper;
  /** Names the node, and which of its alternatives it is. */
  readonly name: string;
  readonly when: CommitPoint['when'];
  /** Whether a row or group that fails ends the job. Such an answer is not kept: a job that is gone on with asks again. */
  readonly endsWithFailure: boolean;
  /** Outputs whose values are needed until a later operator has answered, and no longer. */
  readonly freed: readonly { readonly at: number; readonly type: Type }[];
  /** Names of nodes whose values go when this one has answered. */
  readonly frees: readonly string[];
  /** The batches of nodes, as `name/batch`, whose values an earlier process freed; shared by all nodes. */
  readonly gone: Set<string>;
}

/** A crash costs a call of about this long, and a call this long costs a slow model nothing that shows. */
const PIECE_MILLISECONDS = 10_000;
const FIRST_PIECE = 256;
const LEAST_PIECE = 64;

/** Work quicker than this is done again sooner than it is read. */
const SLOW_MILLISECONDS_A_ROW = 0.02;

export class Calls {
  private readonly at: CallsAt | null;
  private readonly clock: Clock;
  private size = FIRST_PIECE;
  /** Random numbers that were drawn for the answers that were kept. */
  private drawn = 0;

  /** @param at null where nothing is kept: then all is one piece */
  constructor(at: CallsAt | null, clock: Clock) {
    this.at = at;
    this.clock = clock;
  }

  /**
   * @param batch which of the operator's batches this is, the same in every run
   * @param inputsOf what rows or groups `start` to `end` (exclusive) ask, for the digest
   */
  async ask(
    batch: string,
    length: number,
    inputsOf: (start: number, end: number) => readonly Vector[],
    call: Call,
  ): Promise<readonly Piece[]> {
    const { at } = this;
    if (at === null) return [await this.timed(0, length, call)];
    const batchCalls = { at, batch, length, inputsOf, call };
    return (await this.pieces(batchCalls, false)) ?? (await this.pieces(batchCalls, true)) ?? [];
  }

  /**
   * Null where values that were freed turn out to be those of another question: then all of the batch is asked anew.
   *
   * @param anew values that were freed are no answer
   */
  private async pieces(
    { at, batch, length, inputsOf, call }: BatchCalls,
    anew: boolean,
  ): Promise<readonly Piece[] | null> {
    // Where the values that went into its answers were freed, these were asked of the same rows: there is no question to compare them with.
    const surely = at.frees.some((name) => at.gone.has(`${name}/${batch}`));
    const pieces: Piece[] = [];
    let [allKept, someFreed] = [true, false];
    for (let start = 0; start < length;) {
      const place = `${at.name}/${batch}/${start}`;
      const found = await knownAt(at, { place, start, length, surely, inputsOf });
      const isFreed = found !== null && found.piece.freed !== undefined;
      if (isFreed && !found.fits && !anew) return null;
      const known = found !== null && found.fits && !(isFreed && anew) ? found.piece : null;
      const { piece, isKept } =
        known === null ? await this.fresh(at, place, start, length, inputsOf, call) : { piece: known, isKept: true };
      allKept &&= isKept;
      someFreed ||= piece.freed !== undefined;
      this.drawn = Math.max(this.drawn, piece.drawn);
      pieces.push(piece);
      start += piece.asked;
    }
    if (someFreed) at.gone.add(`${at.name}/${batch}`);
    this.passed(batch, allKept);
    return pieces;
  }

  /** The batch has been answered, or had nothing to be asked. */
  passed(batch: string, isKept: boolean): void {
    for (const name of this.at?.frees ?? []) this.at?.keeper.free(`${name}/${batch}`, isKept);
  }

  private async fresh(
    { keeper, when, freed, endsWithFailure }: CallsAt,
    place: string,
    start: number,
    length: number,
    inputsOf: (start: number, end: number) => readonly Vector[],
    call: Call,
  ): Promise<{ readonly piece: Piece; readonly isKept: boolean }> {
    const end = Math.min(length, start + this.size);
    return keeper.during(async () => {
      const piece = await this.timed(start, end, call);
      const pace = piece.milliseconds / piece.asked;
      this.size = Math.max(LEAST_PIECE, Math.round(Math.min(PIECE_MILLISECONDS / pace, Number.MAX_SAFE_INTEGER)));
      const isAnswer = !endsWithFailure || piece.failures.length === 0;
      const isKept = isAnswer && (when !== 'slow' || pace >= SLOW_MILLISECONDS_A_ROW);
      if (isKept) {
        const answer = { ...piece, digest: await digestOf(inputsOf(start, end)) };
        await keeper.keep(place, answer, when === 'hinted', restOf(answer, freed));
      }
      return { piece, isKept };
    });
  }

  private async timed(start: number, end: number, call: Call): Promise<Piece> {
    const before = this.clock.elapsed();
    const called = await call(start, end, this.drawn);
    return { ...called, start, asked: end - start, milliseconds: this.clock.elapsed() - before };
  }
}

interface BatchCalls {
  readonly at: CallsAt;
  readonly batch: string;
  readonly length: number;
  readonly inputsOf: (start: number, end: number) => readonly Vector[];
  readonly call: Call;
}

interface Asked {
  readonly place: string;
  readonly start: number;
  readonly length: number;
  /** It is the answer, whatever is asked. */
  readonly surely: boolean;
  readonly inputsOf: (start: number, end: number) => readonly Vector[];
}

/** What was kept there, and whether it answers what is asked now. */
async function knownAt(
  { keeper, freed }: CallsAt,
  { place, start, length, surely, inputsOf }: Asked,
): Promise<{ readonly piece: Piece; readonly fits: boolean } | null> {
  if (!keeper.has(place)) {
    if (surely) throw damaged(place, 'it is gone, and what it was made of was freed');
    return null;
  }
  const kept = await keeper.read(place);
  const { digest, failures, ...answer } = kept;
  const end = start + kept.asked;
  const forTheseRows = kept.asked > 0 && end <= length;
  if (surely && !forTheseRows) throw damaged(place, 'it is for other rows, and what it was made of was freed');
  const fits = forTheseRows && (surely || digest === (await digestOf(inputsOf(start, end))));
  const rest = fits ? restOf(kept, freed) : null;
  if (rest !== null) keeper.restOf(place, rest);
  const causes = failures.map((failure) => ({ ...failure, cause: null }));
  return { piece: { ...answer, vectors: withoutFreed(kept, freed), start, failures: causes }, fits };
}

/** An answer whose values have gone into others; null where none of them go. */
function restOf(answer: KeptAnswer, freed: CallsAt['freed']): KeptAnswer | null {
  if (freed.length === 0 || answer.freed !== undefined) return null;
  const gone = new Set(freed.map(({ at }) => at));
  const vectors = answer.vectors.map((vector, at): Vector => (gone.has(at) ? { kind: 'string', values: [] } : vector));
  return { ...answer, vectors, freed: [...gone] };
}

/** Nothing looks at the values that were freed, but their rows are counted and passed on. */
function withoutFreed({ vectors, length, freed: gone = [] }: KeptAnswer, freed: CallsAt['freed']): readonly Vector[] {
  if (gone.length === 0) return vectors;
  const types = new Map(freed.map(({ at, type }) => [at, type]));
  return vectors.map((vector, at) => {
    const type = types.get(at);
    return gone.includes(at) && type !== undefined ? constantVector(type, null, length) : vector;
  });
}

/** The digest's room comes with the first answer that is kept: most jobs keep none. */
async function digestOf(vectors: readonly Vector[]): Promise<number> {
  const { digest } = await import('../../state/digest.ts');
  return digest(vectors);
}

export function slices(vectors: readonly Vector[], start: number, end: number): readonly Vector[] {
  return vectors.map((vector) => slice(vector, start, end));
}

/** Asks a runner; the random numbers of its operator go on where they stopped. */
export async function withRandom<R extends Pick<ProcessorRunner, 'random'>>(
  runner: R,
  drawn: number,
  ask: (runner: R) => Promise<Answered>,
): Promise<Called> {
  runner.random?.skipTo(drawn);
  const called = await ask(runner);
  return { ...called, drawn: runner.random?.drawn() ?? 0 };
}

export function answeredOnRows({ vectors, length, parents, failures, repairs }: ProcessorAnswer): Answered {
  return { vectors, length, origins: parents, carried: [], failures, repairs };
}

export function answeredOnGroups({ groups, ...answer }: GroupAnswer): Answered {
  return { ...answer, origins: groups };
}
