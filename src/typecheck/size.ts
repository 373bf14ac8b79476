/** `256MB` and its like. */

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['kb', 2 ** 10],
  ['mb', 2 ** 20],
  ['gb', 2 ** 30],
]);

/** Bytes; null for what is no size. A kB has 1,024 bytes here, `KiB` and `k` are the same. */
export function parseSize(text: string): number | null {
  const [, figure = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/iu.exec(text) ?? [];
  const normal = unit.toLowerCase().replace(/ib$/u, 'b');
  const factor = UNITS.get(normal) ?? UNITS.get(`${normal}b`);
  if (figure === '' || factor === undefined) return null;
  const bytes = Math.floor(Number(figure) * factor);
  return bytes >= 1 ? bytes : null;
}
