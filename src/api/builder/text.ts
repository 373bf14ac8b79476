/** Writing names and constants of a script. */

/** A value of an option as JavaScript has it. */
export type Constant = string | number | boolean | null | readonly Constant[];

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** Keywords are upper case, so names in upper case go between backticks. */
const MAY_BE_KEYWORD = /^[A-Z]+$/;

/** A column or rowset name. Throws where no script can write it. */
export function nameText(name: string): string {
  if (IDENTIFIER.test(name) && !MAY_BE_KEYWORD.test(name)) return name;
  if (name !== '' && !/[`\r\n]/.test(name)) return `\`${name}\``;
  throw new TypeError(
    `${JSON.stringify(name)} cannot be a name; a name has no backtick or line break, and is not empty`,
  );
}

export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name) && !MAY_BE_KEYWORD.test(name);
}

/** A literal, or a list of them. Throws where the value is none. */
export function constantText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(constantText).join(', ')}]`;
  throw new TypeError(
    `a ${typeof value === 'number' ? String(value) : typeof value} cannot be a constant of a job; constants are strings, numbers, booleans, null and lists`,
  );
}

/** `[line, id]` */
export function namesText(names: readonly string[]): string {
  return `[${names.map(nameText).join(', ')}]`;
}
