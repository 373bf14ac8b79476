import type { ModelAnswers } from './cache/cache.ts';
import type { Answer, Json } from './model.ts';

/** Stands where a model gave fewer answers than it got texts. */
export const UNANSWERED: Answer = { kind: 'refusal', code: 'PR4010', message: 'the model gave too few answers' };

export interface MemoryLimits {
  /** Answers that are kept. */
  readonly answers: number;
  /** Letters of texts and answers that are kept, roughly. */
  readonly letters: number;
}

type Ask = (texts: readonly string[]) => Promise<readonly Answer[]>;
type Answers = ReadonlyMap<string, Answer>;

interface Remembered {
  readonly answer: Answer;
  readonly letters: number;
}

export interface MemoryCounts {
  readonly asked: number;
  readonly shared: number;
  readonly cached: number;
  readonly computed: number;
}

/**
 * Equal texts are asked once: within a call, across calls that run at one time, and across calls as long as the answer is among the most recently used; then
 * the cache is looked into, and only then the model asked. Sound because an answer is a function of its text. Refusals are shared by the calls that run at
 * one time, and not kept.
 */
export class Memory {
  readonly #limits: MemoryLimits;
  readonly #cache: ModelAnswers | null;
  readonly #answers = new Map<string, Remembered>();
  readonly #flying = new Map<string, Promise<Answers>>();
  #letters = 0;
  #counts = { asked: 0, shared: 0, cached: 0, computed: 0 };

  constructor(limits: MemoryLimits, cache: ModelAnswers | null) {
    this.#limits = limits;
    this.#cache = cache;
  }

  /** `asked` is the sum of the others once all calls have ended. */
  get counts(): MemoryCounts {
    return { ...this.#counts };
  }

  /** Answers in the order of the texts; `ask` gets only the distinct texts that nobody knows, if there are any. */
  async through(texts: readonly string[], ask: Ask): Promise<readonly Answer[]> {
    this.#counts.asked += texts.length;
    const known = await this.#known(new Set(texts), ask);
    this.#counts.shared += texts.length - known.size;
    return texts.map((text) => known.get(text) ?? UNANSWERED);
  }

  /** As {@link through}, but each text by itself: none is shared with an equal one, nor remembered. */
  async apart(texts: readonly string[], ask: Ask): Promise<readonly Answer[]> {
    this.#counts.asked += texts.length;
    return this.#cachedOrAsked(texts, ask);
  }

  /** As {@link apart}, past the cache too. */
  async fresh(texts: readonly string[], ask: Ask): Promise<readonly Answer[]> {
    this.#counts.asked += texts.length;
    this.#counts.computed += texts.length;
    return ask(texts);
  }

  async #known(texts: ReadonlySet<string>, ask: Ask): Promise<Answers> {
    const known = new Map<string, Answer>();
    const others = new Map<string, Promise<Answers>>();
    const missing: string[] = [];
    for (const text of texts) {
      const remembered = this.#answers.get(text);
      const flying = this.#flying.get(text);
      if (remembered !== undefined) known.set(text, this.#keep(text, remembered));
      else if (flying !== undefined) others.set(text, flying);
      else missing.push(text);
    }
    this.#counts.shared += known.size;
    if (missing.length > 0) await this.#fly(missing, ask).then((own) => addAll(known, own));
    const left = await this.#wait(others, known);
    if (left.size > 0) addAll(known, await this.#known(left, ask));
    return known;
  }

  /** Waits for texts that other calls ask; gives those whose call failed or was cancelled, which is no reason for this one to fail. */
  async #wait(others: ReadonlyMap<string, Promise<Answers>>, known: Map<string, Answer>): Promise<ReadonlySet<string>> {
    const left = new Set<string>();
    for (const [text, flying] of others) {
      const answer = (await flying.catch(() => null))?.get(text);
      if (answer === undefined) left.add(text);
      else known.set(text, answer);
    }
    this.#counts.shared += others.size - left.size;
    return left;
  }

  #fly(texts: readonly string[], ask: Ask): Promise<Answers> {
    const flight = this.#cachedOrAsked(texts, ask).then((answers) => {
      const found = new Map<string, Answer>();
      texts.forEach((text, at) => {
        const answer = answers[at];
        if (answer === undefined) return;
        found.set(text, answer);
        if (answer.kind === 'answer') this.#keep(text, { answer, letters: text.length + lettersOf(answer.value) });
      });
      return found;
    });
    for (const text of texts) this.#flying.set(text, flight);
    const landed = (): void => texts.forEach((text) => this.#flying.delete(text));
    flight.then(landed, landed);
    return flight;
  }

  async #cachedOrAsked(texts: readonly string[], ask: Ask): Promise<readonly Answer[]> {
    const looked = this.#cache === null ? null : await this.#cache.lookup(texts);
    const answers = texts.map((_, at): Answer | null => {
      const value = looked?.answers[at];
      return value === undefined || value === null ? null : { kind: 'answer', value };
    });
    const places = [...texts.keys()].filter((at) => answers[at] === null);
    this.#counts.cached += texts.length - places.length;
    this.#counts.computed += places.length;
    if (places.length === 0) return answers.map((answer) => answer ?? UNANSWERED);
    const missing = places.map((at) => texts[at] ?? '');
    const fresh = await ask(missing);
    await looked?.keep(places, fresh);
    places.forEach((at, place) => (answers[at] = fresh[place] ?? UNANSWERED));
    return answers.map((answer) => answer ?? UNANSWERED);
  }

  /** Puts an answer behind all others, and lets the least recently used ones go. */
  #keep(text: string, remembered: Remembered): Answer {
    const before = this.#answers.get(text);
    if (before !== undefined) this.#letters -= before.letters;
    this.#answers.delete(text);
    this.#answers.set(text, remembered);
    this.#letters += remembered.letters;
    while (this.#answers.size > this.#limits.answers || this.#letters > this.#limits.letters) {
      const [oldest] = this.#answers;
      if (oldest === undefined) break;
      this.#answers.delete(oldest[0]);
      this.#letters -= oldest[1].letters;
    }
    return remembered.answer;
  }
}

function addAll(to: Map<string, Answer>, from: Answers): void {
  for (const [text, answer] of from) to.set(text, answer);
}

/** About what JSON would take. */
function lettersOf(value: Json): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, item: Json) => sum + lettersOf(item), 8);
}
