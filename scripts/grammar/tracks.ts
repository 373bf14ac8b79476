/** The pieces of a railroad diagram: each is entered at the left and left at the right, at the height of its track. */
export interface Diagram {
  readonly width: number;
  /** How far it reaches above its track and below it. */
  readonly up: number;
  readonly down: number;
  /** Its SVG, with the left end of its track at a place. */
  readonly draw: (x: number, y: number) => string;
}

const CHAR = 8;
const HALF = 13;
const GAP = 10;
const TURN = 10;

/** A token, or a rule with a link to its own diagram. */
export function box(label: string, target: string | null): Diagram {
  const width = label.length * CHAR + 20;
  return {
    width,
    up: HALF,
    down: HALF,
    draw: (x, y) => {
      const shape = target === null ? ' class="token" rx="12"' : '';
      const rect = `<rect x="${x}" y="${y - HALF}" width="${width}" height="${2 * HALF}"${shape}/>`;
      const text = `<text x="${x + width / 2}" y="${y + 4}">${escaped(label)}</text>`;
      return target === null ? rect + text : `<a href="#${target}">${rect}${text}</a>`;
    },
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One behind the other; nothing is a bare piece of track. */
export function row(parts: readonly Diagram[]): Diagram {
  const width = parts.reduce((sum, part) => sum + part.width, 0) + GAP * Math.max(parts.length - 1, 1);
  return {
    width,
    up: Math.max(...parts.map(({ up }) => up), 0),
    down: Math.max(...parts.map(({ down }) => down), 0),
    draw: (x, y) => {
      let at = x;
      let drawn = '';
      for (const part of parts) {
        if (at > x) {
          drawn += `<path d="M${at} ${y}h${GAP}"/>`;
          at += GAP;
        }
        drawn += part.draw(at, y);
        at += part.width;
      }
      return at < x + width ? `${drawn}<path d="M${at} ${y}H${x + width}"/>` : drawn;
    },
  };
}

/** The first on the track, the others below it. */
export function choice(options: readonly Diagram[]): Diagram {
  const inner = Math.max(...options.map(({ width }) => width), 0);
  const tracks: number[] = [];
  let below = 0;
  options.forEach(({ up, down }, at) => {
    tracks.push(at === 0 ? 0 : below + GAP + up);
    below = (tracks.at(-1) ?? 0) + down;
  });
  const width = inner + 4 * TURN;
  return {
    width,
    up: options[0]?.up ?? 0,
    down: below,
    draw: (x, y) =>
      options
        .map((option, at) => branch(option, { x, y, drop: tracks[at] ?? 0, inner, width }))
        .join(''),
  };
}

interface Branch {
  readonly x: number;
  readonly y: number;
  /** How far its track lies below the main one. */
  readonly drop: number;
  readonly inner: number;
  readonly width: number;
}

function branch(option: Diagram, { x, y, drop, inner, width }: Branch): string {
  const left = x + 2 * TURN;
  const rest = `<path d="M${left + option.width} ${y + drop}H${left + inner}"/>`;
  if (drop === 0) return `<path d="M${x} ${y}H${left}M${left + inner} ${y}H${x + width}"/>${rest}${option.draw(left, y)}`;
  const down = `M${x} ${y}q${TURN} 0 ${TURN} ${TURN}V${y + drop - TURN}q0 ${TURN} ${TURN} ${TURN}`;
  const up = `M${left + inner} ${y + drop}q${TURN} 0 ${TURN} ${-TURN}V${y + TURN}q0 ${-TURN} ${TURN} ${-TURN}`;
  return `<path d="${down}${up}"/>${rest}${option.draw(left, y + drop)}`;
}

/** On the track, with a way past it above. */
export function optional(part: Diagram): Diagram {
  const height = part.up + GAP;
  return around(part, height, (x, y, width) => {
    const [left, right] = [x + TURN, x + width - TURN];
    return (
      `M${x} ${y}q${TURN} 0 ${TURN} ${-TURN}V${y - height + TURN}q0 ${-TURN} ${TURN} ${-TURN}` +
      `H${right - TURN}q${TURN} 0 ${TURN} ${TURN}V${y - TURN}q0 ${TURN} ${TURN} ${TURN}M${left} ${y}`
    );
  });
}

function around(part: Diagram, height: number, path: (x: number, y: number, width: number) => string): Diagram {
  const width = part.width + 4 * TURN;
  return {
    width,
    up: height,
    down: part.down,
    draw: (x, y) => {
      const track = `<path d="M${x} ${y}h${2 * TURN}M${x + width - 2 * TURN} ${y}h${2 * TURN}"/>`;
      return `${track}<path d="${path(x, y, width)}"/>${part.draw(x + 2 * TURN, y)}`;
    },
  };
}

/** Once or more: the way back runs below, through the separator. */
export function repeat(part: Diagram, separator: Diagram | null): Diagram {
  const back = separator ?? { width: 0, up: 0, down: 0, draw: () => '' };
  const inner = Math.max(part.width, back.width);
  const drop = part.down + GAP + back.up;
  const width = inner + 4 * TURN;
  return {
    width,
    up: part.up,
    down: drop + back.down,
    draw: (x, y) => {
      const [left, right] = [x + 2 * TURN, x + 2 * TURN + inner];
      const middle = left + (inner - back.width) / 2;
      const track = `M${x} ${y}H${left}M${left + part.width} ${y}H${x + width}`;
      const down = `M${right} ${y}q${TURN} 0 ${TURN} ${TURN}V${y + drop - TURN}q0 ${TURN} ${-TURN} ${TURN}`;
      const along = `H${middle + back.width}M${middle} ${y + drop}H${left}`;
      const up = `q${-TURN} 0 ${-TURN} ${-TURN}V${y + TURN}q0 ${-TURN} ${TURN} ${-TURN}`;
      return `<path d="${track}${down}${along}${up}"/>${part.draw(left, y)}${back.draw(middle, y + drop)}`;
    },
  };
}
