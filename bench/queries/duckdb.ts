/** DuckDB in a process of its own: queries in, rows out, one line of JSON each. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer } from './compare.ts';

export interface Questions {
  readonly setup: readonly string[];
  readonly queries: readonly string[];
}

export interface Duck {
  /** The rows of each query. @throws what DuckDB says */
  readonly ask: (questions: Questions) => Promise<readonly Answer[]>;
  readonly close: () => void;
}

export function startDuck(): Duck {
  const program = fileURLToPath(new URL('../peers/duckdb-queries.mjs', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(questions) {
      child.stdin.write(`${JSON.stringify(questions)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error('DuckDB has ended');
      const answer: readonly Answer[] | { readonly error: string } = JSON.parse(value);
      if ('error' in answer) throw new Error(`${answer.error}\n${questions.queries.join('\n')}`);
      return answer;
    },
    close: () => child.stdin.end(),
  };
}
