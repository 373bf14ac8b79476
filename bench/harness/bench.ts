/** What every bench is to the command that runs them. */

export interface BenchOptions {
  /** Fewer and smaller cases, three rounds: to see whether all still works, and roughly where we stand. */
  readonly quick: boolean;
  /** Null: the bench's own. */
  readonly rounds: number | null;
  /** Sizes (rows) to run; null: the bench's own. */
  readonly rows: readonly number[] | null;
  /** Of TPC-H's tables; null: the bench's own. */
  readonly scale: number | null;
  /** Cases and contestants to run, by name; null: all. */
  readonly jobs: readonly string[] | null;
  readonly peers: readonly string[] | null;
  /** One measured process may take so long. */
  readonly limitSeconds: number;
  /** A line of progress. */
  readonly tell: (line: string) => void;
}

export interface Bench {
  /** Names its part of docs/benchmarks.md. */
  readonly name: string;
  readonly about: string;
  /** The part's text: tables, with versions, settings and machine. @throws when answers disagree */
  readonly run: (options: BenchOptions) => Promise<string>;
}
