/** A small spelling corrector over a list of phrases: it knows words, and which words stand side by side. */
import { readFile } from 'node:fs/promises';
import { Processor } from 'pyscope';
import type { Row } from 'pyscope';

const WORD = /\p{L}+/gu;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');

/** How often a word stands in the phrases, and which words stand beside it. */
interface Known {
  count: number;
  readonly before: Set<string>;
  readonly after: Set<string>;
}

export class SpellChecker extends Processor.declare({
  inputs: { text: 'string' },
  outputs: { corrected: 'string' },
  doc: 'The text with misspelt words put right, and words that do not fit between their neighbours.',
}) {
  readonly #words = new Map<string, Known>();

  override async preCall(): Promise<void> {
    const phrases = await readFile(new URL('./corpus.txt', import.meta.url), 'utf8');
    for (const phrase of phrases.split('\n')) this.#learn(phrase.match(WORD) ?? []);
  }

  override call(row: Row<typeof SpellChecker>) {
    const text = row.get('text');
    const words = text.toLowerCase().match(WORD) ?? [];
    let at = -1;
    const corrected = text.replaceAll(WORD, (written) => {
      at += 1;
      const word = this.#right(words[at] ?? '', words[at - 1] ?? '', words[at + 1] ?? '');
      words[at] = word;
      return word === written.toLowerCase() ? written : likewise(written, word);
    });
    return row.with({ corrected });
  }

  #learn(words: readonly string[]): void {
    for (const [at, word] of words.entries()) {
      const known = this.#words.get(word) ?? { count: 0, before: new Set(), after: new Set() };
      this.#words.set(word, known);
      known.count += 1;
      known.before.add(words[at - 1] ?? '');
      known.after.add(words[at + 1] ?? '');
    }
  }

  /** The word, or the known one that is nearest in spelling and fits best between its neighbours. */
  #right(word: string, before: string, after: string): string {
    const fit = (candidate: string): number => {
      const known = this.#words.get(candidate);
      if (known === undefined) return -1;
      const beside = Number(before !== '' && known.before.has(before)) + Number(after !== '' && known.after.has(after));
      return beside + known.count / (known.count + 1) / 2;
    };
    // A known word gives way only to one that has been seen beside the word behind it, where itself has not.
    const own = this.#words.get(word);
    const near = [...oneEdit(word)].filter((candidate) => this.#words.has(candidate));
    if (own !== undefined) {
      if (after === '' || own.after.has(after) || !this.#words.has(after)) return word;
      return (
        best(
          near.filter((candidate) => this.#words.get(candidate)?.after.has(after) === true),
          fit,
        ) ?? word
      );
    }
    const further = near.length > 0 ? near : [...this.#words.keys()].filter((known) => isTwoEdits(word, known));
    return word.length < 4 ? word : (best(further, fit) ?? word);
  }
}

function best(candidates: readonly string[], fit: (word: string) => number): string | undefined {
  return candidates.toSorted((a, b) => fit(b) - fit(a) || (a < b ? -1 : 1))[0];
}

/** All texts one insertion, deletion, exchange or swap of neighbours away. */
function* oneEdit(word: string): Generator<string> {
  for (let at = 0; at <= word.length; at += 1) {
    const [head, tail] = [word.slice(0, at), word.slice(at)];
    if (tail !== '') yield head + tail.slice(1);
    if (tail.length > 1) yield head + tail.charAt(1) + tail.charAt(0) + tail.slice(2);
    for (const letter of LETTERS) {
      yield head + letter + tail;
      if (tail !== '') yield head + letter + tail.slice(1);
    }
  }
}

function isTwoEdits(word: string, known: string): boolean {
  if (Math.abs(word.length - known.length) > 2 || word.length < 6) return false;
  const around = new Set(oneEdit(word));
  return [...oneEdit(known)].some((text) => around.has(text));
}

/** A capital stays a capital. */
function likewise(written: string, word: string): string {
  const first = written.charAt(0);
  return first === first.toUpperCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
