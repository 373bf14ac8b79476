/** What a table must say of where it comes from. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** One line: processor, memory, system, Node, the load of the last minute. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${availableParallelism()} × ${model}, ${memory}, ${process.platform} ${release()}, Node ${process.versions.node}, load ${load()}`;
}

/** Of the last minute; above the number of processors others were at work too. */
export function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

/** The version of a package that the bench has installed. */
export function versionOf(name: string): string {
  const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const facts: unknown = JSON.parse(readFileSync(url, 'utf8'));
  const known = typeof facts === 'object' && facts !== null && 'version' in facts;
  return known ? String(facts.version) : 'unknown';
}
