/**
 * APPENDs through steps that look at several rows may copy copies without sight of an end: two on both sides of one join make each other's pairs, so that the copies of one row
 * grow as the square in every pass, and LIMIT ends only how deep a chain gets. Such a job is stopped with the chain.
 */
import { RunError } from '../errors.ts';
import type { Raised } from './act.ts';
import { chainText } from './chain-text.ts';
import type { Ending, RegionRun } from './run.ts';

/** So many copies of copies of one row are taken for growth without end, for each firing that LIMIT allows on a chain. */
export const COPIES_PER_FIRING = 100;

/** The repair that went too far ends the job at once. */
export function runawayEnding(run: RegionRun, { node: clause, input: member, row, rung }: Raised): Ending {
  const { label } = run.memberOf(clause).node;
  const chain = chainText(run, { clause, member, row });
  const copies = COPIES_PER_FIRING * rung.limit;
  const message = `${label}: APPEND ${rung.column} has made more than ${copies} copies of copies of one row, and goes on${chain === null ? '' : `\nits repairs: ${chain}`}`;
  const help = 'a lower LIMIT, or a condition such as attempts(column) == 0, keeps copies from being copied again';
  const error = new RunError('PR7003', message, { span: rung.span, help });
  const abort = { kind: 'abort', message: null, span: rung.span } as const;
  return { kind: 'abort', clause, member, row, reason: message, rung: abort, depth: 0, error };
}
