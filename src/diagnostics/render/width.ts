/** How many cells of a terminal a text takes; what carets and tables are lined up by. */

const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** East Asian wide and fullwidth characters, and emoji that are shown as pictures. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;
const HALFWIDTH = /^[\uff61-\uffdc]$/;
const JOINER = '\u200d';
const AS_PICTURE = '\ufe0f';

/** Cells of one code point on its own: 0, 1 or 2. */
function cellsOf(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  if (NOTHING.test(character)) return 0;
  return WIDE.test(character) && !HALFWIDTH.test(character) ? 2 : 1;
}

/** Splits a text into what a terminal shows as one character, each with its cells. */
export function characters(text: string): readonly { readonly text: string; readonly width: number }[] {
  const shown: { text: string; width: number }[] = [];
  let joined = false;
  for (const character of text) {
    const width = cellsOf(character);
    const last = shown.at(-1);
    if (last !== undefined && (width === 0 || joined)) {
      last.text += character;
      if (character === AS_PICTURE) last.width = 2;
    } else {
      shown.push({ text: character, width });
    }
    joined = character === JOINER;
  }
  return shown;
}

export function displayWidth(text: string): number {
  let width = 0;
  for (const character of characters(text)) width += character.width;
  return width;
}

/** The text, or as much of its beginning as fits into `width` cells with `…` behind it. */
export function fit(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of characters(text)) {
    if (used + character.width > width - 1) break;
    kept += character.text;
    used += character.width;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** The text, or as much of its end as fits, with `…` before it: for paths, whose end says most. */
export function fitEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of characters(text).toReversed()) {
    if (used + character.width > width - 1) break;
    kept = character.text + kept;
    used += character.width;
  }
  return width < 1 ? '' : `…${kept}`;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}
