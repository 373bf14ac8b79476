import { createReadStream } from 'node:fs';

const LINE_FEED = 10;

/** Lines of a file; what follows the last line break counts as one. */
export async function countLines(file: string): Promise<number> {
  let lines = 0;
  let last = LINE_FEED;
  for await (const piece of createReadStream(file)) {
    const bytes = piece as Buffer;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
    last = bytes.at(-1) ?? last;
  }
  return last === LINE_FEED ? lines : lines + 1;
}
