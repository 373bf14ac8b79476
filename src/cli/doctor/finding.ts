/** What one check found. */
export interface Finding {
  /** What was looked at: `node`, `redis-policy`. Stable, for programs. */
  readonly code: string;
  /** `advice`: jobs run, but something could go wrong or be better; `wrong`: jobs fail, or lose what they should keep. */
  readonly verdict: 'fine' | 'advice' | 'wrong';
  readonly what: string;
  /** What to do; null where there is nothing to. */
  readonly help: string | null;
}

export function fine(code: string, what: string): Finding {
  return { code, verdict: 'fine', what, help: null };
}

export function advice(code: string, what: string, help: string): Finding {
  return { code, verdict: 'advice', what, help };
}

export function wrong(code: string, what: string, help: string): Finding {
  return { code, verdict: 'wrong', what, help };
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
