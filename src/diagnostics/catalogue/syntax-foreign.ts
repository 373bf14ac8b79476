/** PS1127: whole forms of other languages, for which there is something else here. */
import { entry } from './entry.ts';

export interface ForeignForm {
  /** What is wrong with what was written, as a clause. */
  readonly problem: string;
  /** What to write. */
  readonly instead: string;
}

export const foreign = {
  PS1127: entry<ForeignForm>({
    title: 'a form of another language',
    severity: 'error',
    message: ({ problem }) => problem,
    help: ({ instead }) => instead,
    why: 'SQL, U-SQL, Python and C# write this in ways that PYSCOPE does not have; the help line shows the form that stands for it here.',
    example: 'rest = orders MINUS returns;\n',
    cure: 'rest = orders EXCEPT returns;\n',
  }),
} as const;
