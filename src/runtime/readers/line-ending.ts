/** How the records of a delimited file end. One file has one line ending; what another file would end a line with is data there. */

/**
 * - `lf`, `crlf`, `cr`: exactly that.
 * - `lines`: LF, and a CR just before it does not count: what text files without quoting have.
 */
export type LineEnding = 'lf' | 'crlf' | 'cr' | 'lines';

/** Characters that the guess looks at; papaparse's figure, so that both guess alike. */
const LOOKED_AT = 1024 * 1024;

/**
 * The line ending of a delimited file by its beginning, quoted parts left out: the one that comes first where that is LF, else whichever of
 * CRLF and CR most CRs are. The rule is papaparse's (guessLineEndings), so that both readers cut alike.
 */
export function guessLineEnding(beginning: Buffer, quote: number): LineEnding {
  const whole = beginning.toString('latin1', 0, LOOKED_AT);
  // A quoted field that the look breaks off in is quoted all the same.
  const cutOff = beginning.length >= LOOKED_AT;
  const mark = quote < 0 ? null : `\\x${quote.toString(16).padStart(2, '0')}`;
  const text =
    mark === null || !whole.includes(String.fromCharCode(quote))
      ? whole
      : whole.replaceAll(new RegExp(`${mark}[^]*?${cutOff ? `(?:${mark}|$)` : mark}`, 'gu'), '');
  const firstCr = text.indexOf('\r');
  const firstLf = text.indexOf('\n');
  if (firstCr < 0 || (firstLf >= 0 && firstLf < firstCr)) return 'lf';
  const afterCr = text.split('\r');
  const withLf = afterCr.filter((piece, at) => at > 0 && piece.startsWith('\n')).length;
  return withLf >= afterCr.length / 2 ? 'crlf' : 'cr';
}

/** The line ending of a text file of lines. CR alone ends lines only where there is no LF at all. */
export function guessLines(beginning: Buffer): LineEnding {
  const looked = beginning.subarray(0, LOOKED_AT);
  return !looked.includes(10) && looked.includes(13) ? 'cr' : 'lines';
}

/** The byte that ends a line, or the last byte of the two that do. */
export function lastByteOf(ending: LineEnding): number {
  return ending === 'cr' ? 13 : 10;
}
