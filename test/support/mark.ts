/** A script whose interesting place stands between `«` and `»`: the text without the marks, and where they stood. */
export function unmark(marked: string): { readonly text: string; readonly start: number; readonly end: number } {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  if (start === -1 || end < start) throw new Error('mark the place: «here»');
  return { text: marked.replaceAll(/[«»]/g, ''), start, end };
}
