import { entry } from './entry.ts';

/** PS0xxx: what keeps a script from being read at all. */
export const files = {
  PS0001: entry<{ readonly path: string; readonly cause: string }>({
    title: 'a script that cannot be read',
    severity: 'error',
    message: ({ path, cause }) => `${path} cannot be read: ${cause}`,
    help: ({ cause }) => (cause.includes('folder') ? 'name the script in it' : null),
    why: 'A script is a file of UTF-8 text.',
    example: '',
    cure: '',
  }),
} as const;
