/** Numbers as people read them. */

/** `1,234,567` */
export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `7 ms`, `1.24 s`, `3 min 5 s`, `2 h 10 min` */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** For what is only guessed: `8 s`, `3 min`, `2 h` */
export function roughly(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 100) return `${seconds} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** Decimal units: `512 bytes`, `1.5 KB`, `23 MB` */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))} ${UNITS[unit] ?? ''}`;
}

/** `4,120/s`; below 10 with a digit: `0.4/s` */
export function rate(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(1) : number(perSecond)}/s`;
}

export function percent(fraction: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)}%`;
}
