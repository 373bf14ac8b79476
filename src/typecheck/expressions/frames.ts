/** `ROWS …` of a window, as offsets from the current row. */
import type { FrameBound, Window } from '../../parser/ast.ts';
import type { TypedFrame } from '../typed.ts';
import { constantValue } from './constants.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';

/** Without a frame: all rows, with ORDER BY those up to the current one. Null where there is a mistake. */
export function typeFrame({ frame, orderBy }: Window, typing: Typing): TypedFrame | null {
  if (frame === null) return { start: null, end: orderBy.length === 0 ? null : 0 };
  const start = offset(frame.start, typing);
  const end = frame.end === null ? { offset: 0 } : offset(frame.end, typing);
  if (start === null || end === null) return null;
  const problem =
    frame.start.bound === 'unbounded-following'
      ? 'a frame cannot start behind the last row'
      : frame.end?.bound === 'unbounded-preceding'
        ? 'a frame cannot end before the first row'
        : (start.offset ?? -Infinity) > (end.offset ?? Infinity)
          ? 'the frame ends before it starts'
          : null;
  if (problem === null) return { start: start.offset, end: end.offset };
  mistake(typing, 'PS3028', frame.span, { problem });
  return null;
}

/** An unbounded side is null. */
function offset({ bound, offset: count, span }: FrameBound, typing: Typing): { readonly offset: number | null } | null {
  if (bound === 'current-row') return { offset: 0 };
  if (bound === 'unbounded-preceding' || bound === 'unbounded-following') return { offset: null };
  const typed = count === null ? null : typing.type(count);
  if (typed !== null && isMistake(typed)) return null;
  const value = typed === null ? undefined : constantValue(typed);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) {
    return { offset: bound === 'preceding' ? -value + 0 : value };
  }
  mistake(typing, 'PS3028', span, {
    problem: 'the bound of a frame must be a whole number that is not negative, known before the job runs',
  });
  return null;
}
