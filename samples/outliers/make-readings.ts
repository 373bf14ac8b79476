/** Wrote readings.csv and truth/genuine.csv: `npx tsx samples/outliers/make-readings.ts` writes them again, byte for byte. */
import { writeFileSync } from 'node:fs';

/** A linear congruential generator (Numerical Recipes): small, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const STATIONS = { harbour: 14.5, airport: 12, hill: 8.5, valley: 11, roof: 16, tunnel: 9 } as const;

const random = seeded(1969);
const noise = (): number => random() + random() + random() + random() - 2;

/** One reading in five is wrong; null where it is not. */
function broken(celsius: number): number | null {
  const kind = random();
  if (kind < 0.04) return 85; // the sensor was reset
  if (kind < 0.07) return -127; // its cable is loose
  if (kind < 0.12) return celsius * 1.8 + 32; // in Fahrenheit
  if (kind < 0.19) return celsius + 12 + 6 * random(); // the sun stood on it
  if (kind < 0.21) return celsius - 4 - 2 * random(); // hardly to be told from a cold hour
  return null;
}

const readings = ['id,station,hour,celsius'];
const genuine = ['id,station,hour,celsius'];
let id = 0;
for (let hour = 0; hour < 48; hour += 1) {
  for (const [station, mean] of Object.entries(STATIONS)) {
    id += 1;
    const celsius = mean + 3 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + noise();
    const wrong = broken(celsius);
    const line = `${id},${station},${hour},${(wrong ?? celsius).toFixed(1).replace(/\.0$/u, '')}`;
    readings.push(line);
    if (wrong === null) genuine.push(line);
  }
}

const write = (file: string, lines: readonly string[]): void =>
  writeFileSync(new URL(file, import.meta.url), `${lines.join('\n')}\n`);
write('readings.csv', readings);
write('truth/genuine.csv', genuine);
