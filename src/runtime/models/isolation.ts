import { TextsFailed } from './errors.ts';
import type { Answer } from './model.ts';
import type { Pool, Share } from './pool.ts';

/** So many texts refused one after the other, with none answered in between, and it may be the model that fails: it is asked about a text of ours. */
const DOUBTFUL = 16;
const HARMLESS = 'a plain text';

/**
 * Answers to shares, where a text that the model dies, hangs or breaks over is refused with the cause and costs the others of its share nothing: a share
 * that failed is asked again in halves, down to the text.
 *
 * @throws TextsFailed when the model fails on whatever it is given, ModelError for all that is not about texts
 */
export function isolating(pool: Pick<Pool, 'run'>): (share: Share) => Promise<readonly Answer[]> {
  let refused = 0;
  /** Rows that lie together may be bad together: what the model does over a harmless text tells whether it is them. */
  const isHopeless = async (share: Share): Promise<boolean> => {
    if (refused < DOUBTFUL) return false;
    try {
      await pool.run({ ...share, texts: [HARMLESS] });
      refused = 0;
      return false;
    } catch (thrown) {
      if (!(thrown instanceof TextsFailed)) throw thrown;
      return true;
    }
  };
  const answersTo = async (share: Share): Promise<readonly Answer[]> => {
    try {
      const answers = await pool.run(share);
      refused = 0;
      return answers;
    } catch (thrown) {
      if (!(thrown instanceof TextsFailed)) throw thrown;
      const { texts } = share;
      if (texts.length === 1) {
        refused += 1;
        if (await isHopeless(share)) throw thrown;
        const { code, message } = thrown.failure;
        return [{ kind: 'refusal', code, message }];
      }
      const middle = Math.ceil(texts.length / 2);
      const first = await answersTo({ ...share, texts: texts.slice(0, middle) });
      return [...first, ...(await answersTo({ ...share, texts: texts.slice(middle) }))];
    }
  };
  return answersTo;
}
