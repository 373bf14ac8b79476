/** A name that is not taken: the wished one, else with a number behind it. It is taken then. */
export function freshName(wished: string, taken: Set<string>): string {
  let name = wished;
  for (let n = 2; taken.has(name); n += 1) name = `${wished} ${n}`;
  taken.add(name);
  return name;
}
