/** What many examples begin or end with. */
export const LINES = 'lines = EXTRACT line: string FROM "a.txt";\n';
export const SALES = 'sales = EXTRACT region: string, amount: int FROM "sales.csv";\n';
export const OUT = 'OUTPUT lines TO "b.txt";\n';

/** A name that is not known, and the one that was likely meant. */
export interface Unknown {
  readonly name: string;
  readonly suggestion: string | null;
}
