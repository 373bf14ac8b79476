/**
 * The calls of one operator in pieces, each kept in the job store: what a piece came to is asked for there first, and only then of the operator. A place in the job is
 * the node, which of its batches it is, and the first row of the piece. That is the same in every run over the same inputs; a digest of what is asked guards it.
 */
import type { CommitPoint } from '../../../planner/plan.ts';
import type { Vector } from '../../batch.ts';
import type { GroupAnswer, ProcessorAnswer, ProcessorRunner, RowFailure } from '../../operators/runner.ts';
import type { AnswerKeeper, KeptAnswer } from '../../state/answers.ts';
import { slice } from '../../vectors.ts';
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
    const pieces: Piece[] = [];
    for (let start = 0; start < length;) {
      const place = `${at.name}/${batch}/${start}`;
      const piece =
        (await known(at, place, start, length, inputsOf)) ??
        (await this.fresh(at, place, start, length, inputsOf, call));
      this.drawn = Math.max(this.drawn, piece.drawn);
      pieces.push(piece);
      start += piece.asked;
    }
    return pieces;
  }

  private async fresh(
    { keeper, when }: CallsAt,
    place: string,
    start: number,
    length: number,
    inputsOf: (start: number, end: number) => readonly Vector[],
    call: Call,
  ): Promise<Piece> {
    const end = Math.min(length, start + this.size);
    return keeper.during(async () => {
      const piece = await this.timed(start, end, call);
      const pace = piece.milliseconds / piece.asked;
      this.size = Math.max(LEAST_PIECE, Math.round(Math.min(PIECE_MILLISECONDS / pace, Number.MAX_SAFE_INTEGER)));
      if (when !== 'slow' || pace >= SLOW_MILLISECONDS_A_ROW) {
        await keeper.keep(place, { ...piece, digest: await digestOf(inputsOf(start, end)) }, when === 'hinted');
      }
      return piece;
    });
  }

  private async timed(start: number, end: number, call: Call): Promise<Piece> {
    const before = this.clock.elapsed();
    const called = await call(start, end, this.drawn);
    return { ...called, start, asked: end - start, milliseconds: this.clock.elapsed() - before };
  }
}

/** What was kept there, if it answers what is asked now. */
async function known(
  { keeper }: CallsAt,
  place: string,
  start: number,
  length: number,
  inputsOf: (start: number, end: number) => readonly Vector[],
): Promise<Piece | null> {
  if (!keeper.has(place)) return null;
  const { digest, failures, ...kept } = await keeper.read(place);
  const end = start + kept.asked;
  if (kept.asked === 0 || end > length || digest !== (await digestOf(inputsOf(start, end)))) return null;
  return { ...kept, start, failures: failures.map((failure) => ({ ...failure, cause: null })) };
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
