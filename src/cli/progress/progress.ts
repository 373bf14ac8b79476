/** Shows how a run goes: redrawn in place on a terminal, a plain line now and then elsewhere. */
import type { NodeId } from '../../planner/graph.ts';
import type { Plan } from '../../planner/plan.ts';
import type { Listener } from '../../runtime/events.ts';
import type { Collector } from '../../runtime/report/collect.ts';
import { escapeControls } from '../../diagnostics/render/escape.ts';
import type { Channel } from '../io.ts';
import { duration, number } from '../units.ts';
import { frame, summaryLine } from './frame.ts';
import type { Scene } from './frame.ts';

const REDRAW_MILLISECONDS = 100;
const FIRST_LINE_MILLISECONDS = 5000;
const LAST_PAUSE_MILLISECONDS = 60_000;

export interface Progress {
  readonly listen: Listener;
  /** A line among the progress. */
  say(line: string): void;
  /** From now on it says that it stops. */
  stopping(): void;
  /** Takes what is shown off the terminal. */
  end(): void;
}

/** For `--quiet` and `--json`: messages only. */
export function silentProgress(channel: Channel): Progress {
  return { listen: () => {}, say: (line) => channel.write(`${line}\n`), stopping: () => {}, end: () => {} };
}

interface Watch {
  readonly listen: Listener;
  readonly scene: () => Scene;
  readonly stop: () => void;
}

function watch(plan: Plan, collector: Collector): Watch {
  const first = new Map<NodeId, number>();
  let stopping = false;
  return {
    listen(event) {
      if (event.kind === 'node-rows' && !first.has(event.node)) first.set(event.node, Date.now());
    },
    scene() {
      const now = Date.now();
      return { report: collector.report(now), nodes: plan.graph.nodes, first, now, stopping };
    },
    stop() {
      stopping = true;
    },
  };
}

/** At most ten times a second; what was drawn is erased before anything else is written. */
export function liveProgress(plan: Plan, collector: Collector, channel: Channel): Progress {
  const { listen, scene, stop } = watch(plan, collector);
  let drawn = 0;
  let ended = false;
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[0J`);
  const draw = (before = ''): void => {
    // The last column stays free: some terminals wrap when it is written to.
    const lines = frame(scene(), channel.width() - 1, channel.height() - 1);
    channel.write(`${erase()}${before}${channel.chalk.dim(lines.join('\n'))}\n`);
    drawn = lines.length;
  };
  const timer = setInterval(() => draw(), REDRAW_MILLISECONDS);
  timer.unref();
  return {
    listen,
    say(line) {
      if (ended) channel.write(`${line}\n`);
      else draw(`${line}\n`);
    },
    stopping: stop,
    end() {
      ended = true;
      clearInterval(timer);
      channel.write(erase());
      drawn = 0;
    },
  };
}

/** The steps that matter in one line: what is read, what operators answered, what is written. */
const TOLD: ReadonlySet<string> = new Set(['extract', 'process', 'reduce', 'combine', 'output']);

/** `12 s so far: lines 120,000, scored 3,200 rows` */
function plainLine(scene: Scene): string {
  const counts = scene.report.nodes
    .filter(({ kind, rowsOut }) => TOLD.has(kind) && rowsOut > 0)
    .map(({ label, rowsOut }) => `${escapeControls(label)} ${number(rowsOut)}`);
  return counts.length === 0 ? summaryLine(scene) : `${summaryLine(scene)}; rows: ${counts.join(', ')}`;
}

/** The first line after five seconds, then ever more seldom, at last one a minute; a line at once when a model loads. */
export function plainProgress(plan: Plan, collector: Collector, channel: Channel): Progress {
  const { listen, scene, stop } = watch(plan, collector);
  let pause = FIRST_LINE_MILLISECONDS;
  const tell = (): void => {
    channel.write(`${plainLine(scene())}\n`);
    pause = Math.min(pause * 2, LAST_PAUSE_MILLISECONDS);
    timer = setTimeout(tell, pause).unref();
  };
  let timer = setTimeout(tell, pause).unref();
  return {
    listen(event) {
      listen(event);
      if (event.kind === 'model-loading') channel.write(`loading model ${escapeControls(event.model)} …\n`);
      if (event.kind === 'model-loaded') {
        channel.write(`model ${escapeControls(event.model)} loaded in ${duration(event.milliseconds)}\n`);
      }
    },
    say: (line) => channel.write(`${line}\n`),
    stopping: stop,
    end: () => clearTimeout(timer),
  };
}
