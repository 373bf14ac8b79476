import type { Answer } from './model.ts';

/** Stands where a model gave fewer answers than it got texts. */
export const UNANSWERED: Answer = { kind: 'refusal', code: 'PR4010', message: 'the model gave too few answers' };

/** Texts longer than this are not kept: they seldom come again and cost most room. */
const LONGEST = 2000;

/**
 * Answers to texts that were asked before, the most recently used ones up to a number. Sound because an answer is a
 * function of its text. Refusals are not kept.
 */
export class Memory {
  readonly #capacity: number;
  readonly #answers = new Map<string, Answer>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Answers in the order of the texts; `ask` gets only the distinct texts that are not remembered, if there are any. */
  async through(
    texts: readonly string[],
    ask: (texts: readonly string[]) => Promise<readonly Answer[]>,
  ): Promise<readonly Answer[]> {
    const known = new Map<string, Answer>();
    const missing = new Set<string>();
    for (const text of texts) {
      const answer = this.#answers.get(text);
      if (answer === undefined) missing.add(text);
      else if (!known.has(text)) known.set(text, this.#keep(text, answer));
    }
    const fresh = missing.size === 0 ? [] : await ask([...missing]);
    [...missing].forEach((text, at) => {
      const answer = fresh[at];
      if (answer === undefined) return;
      known.set(text, answer.kind === 'answer' ? this.#keep(text, answer) : answer);
    });
    return texts.map((text) => known.get(text) ?? UNANSWERED);
  }

  /** Puts an answer behind all others, and lets the least recently used one go. */
  #keep(text: string, answer: Answer): Answer {
    if (text.length > LONGEST) return answer;
    this.#answers.delete(text);
    this.#answers.set(text, answer);
    const oldest = this.#answers.size > this.#capacity ? this.#answers.keys().next() : null;
    if (oldest?.done === false) this.#answers.delete(oldest.value);
    return answer;
  }
}
