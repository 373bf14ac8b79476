/** A command as a user would type it again. */
import { redact } from '../runtime/state/redact.ts';

export interface Said {
  readonly param: ReadonlyMap<string, string>;
  readonly disableOpt: ReadonlySet<string>;
  readonly opt: boolean;
  readonly state?: string;
  readonly objects?: string;
  readonly allowRemote?: true;
}

/** In quotes where a shell would take it apart. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that goes on with a job: with all that it was begun with. Passwords in addresses are left out. */
export function commandText(script: string, job: string, said: Said): string {
  const words = [
    ...[...said.param].flatMap(([name, value]) => ['-p', `${name}=${value}`]),
    ...[...said.disableOpt].flatMap((rule) => ['--disable-opt', rule]),
    ...(said.opt ? [] : ['--no-opt']),
    ...(said.state === undefined ? [] : ['--state', redact(said.state)]),
    ...(said.objects === undefined ? [] : ['--objects', redact(said.objects)]),
    ...(said.allowRemote === true ? ['--allow-remote'] : []),
    '--resume',
    job,
  ];
  return ['pyscope run', ...[script, ...words].map(quoted)].join(' ');
}
