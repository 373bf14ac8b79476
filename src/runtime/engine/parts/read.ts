/**
 * Reads a source in parts: workers read them at the same time, and what they give is taken in order. A worker takes the first line end of its part for the end of a
 * record, which may be wrong (in a quoted field, or where a record is longer than the part). That shows when the part before has ended: the next record begins where
 * that one ended, and an answer that began elsewhere is thrown away. Such a part is read here, and so is one in which something failed: what fails then fails as it
 * always does, at the same row and with the same words.
 */
import type { PartedFile, ReadBatch } from '../../operators/runner.ts';
import { cutOf } from './divided.ts';
import type { Cutting } from './divided.ts';
import { stopper } from './stopper.ts';
import type { Part, PartAnswer, PartDone, PartsJob, PartWorkers } from './task.ts';

export interface PartsReading {
  readonly cutting: Cutting;
  readonly job: (file: PartedFile) => PartsJob | null;
  readonly start: () => PartWorkers;
  /** Takes a batch that was read here. */
  readonly take: (read: ReadBatch) => Promise<void>;
  /** Takes a part; false where no more of them may come. */
  readonly takePart: (answer: PartDone, bytesRead: number) => Promise<boolean>;
  /** Tells how many parts there have been, and how many were read once more. */
  readonly tell: (parts: number, again: number) => void;
  readonly signal: AbortSignal;
}

export async function readParts(files: AsyncIterable<PartedFile>, reading: PartsReading): Promise<void> {
  const run = new Run(reading);
  try {
    for await (const file of files) await run.read(file);
  } finally {
    await run.close();
  }
}

class Run {
  private readonly reading: PartsReading;
  private workers: PartWorkers | null = null;
  /** False when parts are no longer taken. */
  private open = true;
  private before = 0;
  private parts = 0;
  private again = 0;

  private readonly stopped = stopper();
  private readonly stop = (): void => this.stopped.stop(this.reading.signal.reason);

  constructor(reading: PartsReading) {
    this.reading = reading;
    reading.signal.addEventListener('abort', this.stop, { once: true });
  }

  async read(file: PartedFile): Promise<void> {
    const { reading } = this;
    const job = this.open ? reading.job(file) : null;
    const size = file.described?.file.bytes ?? 0;
    const cut = job === null ? null : cutOf(size, file.position, reading.cutting);
    if (job !== null && cut !== null) {
      const answers = new Answers(job, cut.parts, (this.workers ??= reading.start()), {
        ahead: reading.cutting.workers + 2,
        stopped: this.stopped.promise,
      });
      answers.ask();
      await this.readTo(file, cut.first);
      await this.readAnswers(file, answers);
    }
    await this.readTo(file, Infinity);
    this.before += size;
  }

  async close(): Promise<void> {
    this.reading.signal.removeEventListener('abort', this.stop);
    await this.endWorkers();
  }

  private async endWorkers(): Promise<void> {
    const { workers } = this;
    this.workers = null;
    await workers?.close();
  }

  private async readAnswers(file: PartedFile, answers: Answers): Promise<void> {
    for (const [at, { to }] of answers.parts.entries()) {
      if (!this.open) return;
      const answer = await answers.next(at);
      this.parts += 1;
      // A record that began before the part goes on behind it.
      if (file.position >= to) continue;
      if (answer.kind === 'done' && answer.start === file.position) {
        file.seek(answer.end, file.line + answer.lines);
        this.open = await this.reading.takePart(answer, this.before + answer.end);
      } else {
        this.again += 1;
        this.open = answer.kind === 'done' || answer.why !== 'memory';
        await this.readTo(file, to);
      }
      this.reading.tell(this.parts, this.again);
    }
  }

  private async readTo(file: PartedFile, until: number): Promise<void> {
    for await (const read of file.read(until)) await this.reading.take(read);
    if (!this.open) await this.endWorkers();
  }
}

/** Answers to the parts of a file, in order; only so many are asked for ahead. */
class Answers {
  readonly parts: readonly Part[];
  private readonly job: PartsJob;
  private readonly workers: PartWorkers;
  private readonly ahead: number;
  private readonly asked: Promise<PartAnswer>[] = [];
  private readonly stopped: Promise<never>;
  private taken = 0;

  constructor(
    job: PartsJob,
    parts: readonly Part[],
    workers: PartWorkers,
    { ahead, stopped }: { readonly ahead: number; readonly stopped: Promise<never> },
  ) {
    this.job = job;
    this.parts = parts;
    this.workers = workers;
    this.ahead = ahead;
    this.stopped = stopped;
  }

  ask(): void {
    for (;;) {
      const part = this.parts[this.asked.length];
      if (part === undefined || this.asked.length - this.taken >= this.ahead) return;
      const answer = this.workers.run(this.job, part);
      // Whoever takes it sees the failure; nobody does when the job has failed before.
      answer.catch(() => undefined);
      this.asked.push(answer);
    }
  }

  async next(at: number): Promise<PartAnswer> {
    this.ask();
    const answer = this.asked[at];
    if (answer === undefined) throw new RangeError(`part ${at} was not asked for`);
    const given = await Promise.race([answer, this.stopped]);
    this.taken = at + 1;
    this.ask();
    return given;
  }
}
