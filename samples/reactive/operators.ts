/** The lab's synthetic error: a translator that now and then hands its text back as it came. */
import { Processor } from 'pyscope';
import type { Row } from 'pyscope';

/** FNV-1a, 32 bits (Fowler, Noll, Vo 1991), as a number from 0 to below 1: the same for the same text on every machine and in every run. */
function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  // The last bits of FNV-1a are its best mixed ones only after they are folded into the others.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export class Faulty extends Processor.declare({
  inputs: { text: 'string', translation: 'string' },
  outputs: { answer: 'string' },
  options: {
    rate: { type: 'float', default: 0.1, doc: 'the share of texts that stay untranslated' },
    seed: { type: 'string', default: '', doc: 'another seed fails on other texts' },
  },
  doc: 'The translation, or with a probability of `rate` the text itself.',
}) {
  override call(row: Row<typeof Faulty>) {
    const text = row.get('text');
    const fails = chance(`${this.options.seed}:${text}`) < this.options.rate;
    return row.with({ answer: fails ? text : row.get('translation') });
  }
}
