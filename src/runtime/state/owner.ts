/** Who holds a job: a text for messages, and one by which another process of the same machine can see that it has died. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Owner {
  /** For messages: `host, process 4711`. */
  readonly owner: string;
  /** Of one process and no other, also where numbers of processes are given again or hosts share a name. Empty: nobody can tell. */
  readonly process: string;
}

/** When the process began, in ticks since the machine did: field 22 of its stat, the 20th behind the name in brackets. */
function beginningOf(pid: number): string | null {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? null
    );
  } catch {
    return null;
  }
}

/** This run of the machine, and this world of process numbers in it; null where the system does not say (it has no /proc). */
function world(): string | null {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

export function thisOwner(): Owner {
  const around = world();
  const identity = around === null ? '' : `${around} ${process.pid} ${beginningOf(process.pid) ?? ''}`;
  return { owner: `${hostname()}, process ${process.pid}`, process: identity };
}

/** Whether that process has died, as far as this one can see: false where it cannot. */
export function hasDied(identity: string): boolean {
  const [boot, space, pid, beginning] = identity.split(' ');
  if (beginning === undefined || `${boot} ${space}` !== world()) return false;
  return beginningOf(Number(pid)) !== beginning;
}
