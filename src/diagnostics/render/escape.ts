/**
 * Characters that would act on a terminal instead of being shown: C0 and C1 controls, the line and paragraph separators, the marks
 * that reorder or hide text, and halves of surrogate pairs.
 */
const ACTING =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return SHORT.get(character) ?? (code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`);
}

/** Text of a script, of data or of an error as it may be printed on one line: what would act on the terminal stands as its escape. */
export function escapeControls(text: string): string {
  return text.replace(ACTING, escaped);
}

/** The same for a text of several lines, which keeps its line breaks. */
export function escapeLines(text: string): string {
  return text.split(/\r?\n/).map(escapeControls).join('\n');
}

/** JSON on one line, whose strings may hold such characters: they stand as JSON's escapes, so that it reads back as the same value. */
export function escapeJson(json: string): string {
  // Most lines are plain ASCII, which is told ten times faster.
  if (!/[^\u0020-\u007e]/.test(json)) return json;
  return json.replace(ACTING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
