import { fine, wrong } from './finding.ts';
import type { Finding } from './finding.ts';

/** The least that package.json's `engines` asks for. */
const LEAST = [20, 19] as const;

/** @param version as `process.version` has it */
export function nodeCheck(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [least, leastMinor] = LEAST;
  if (major > least || (major === least && minor >= leastMinor)) return fine('node', `Node ${version}`);
  return wrong('node', `Node ${version} is too old`, `install Node ${LEAST.join('.')} or later: https://nodejs.org`);
}
