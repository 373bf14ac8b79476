/**
 * Executors run stage tasks. A task and its answer are plain data (batches are typed arrays and strings), so that the same task may later travel to a worker
 * of another process; the one here runs it where it stands.
 */
import type { NodeId } from '../../planner/graph.ts';
import type { Stage, StageId } from '../../planner/plan.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Batch } from '../batch.ts';
import { asRunError } from './faults.ts';
import type { Clock } from './environment.ts';
import { runTraced } from '../lineage/trace-step.ts';
import type { StepOrigins } from '../lineage/trace-step.ts';
import type { Step, StepAnswer } from './step.ts';

/** Take a batch through the row-wise nodes of a stage. */
export interface StageTask {
  readonly kind: 'stage-task';
  readonly job: string;
  readonly stage: StageId;
}

/** What each node of the stage made of the batch, in the nodes' order. */
export type StageAnswer = readonly NodeAnswer[];

export interface NodeAnswer extends StepAnswer {
  readonly node: NodeId;
  readonly in: number;
  readonly milliseconds: number;
  /** Which rows its rows were made from, where the lineage is recorded. */
  readonly origins?: StepOrigins;
}

export interface Executor {
  /** Rejects with a RunError. Tasks of one stage may run at the same time. */
  run(task: StageTask, batch: Batch): Promise<StageAnswer>;
  /** Ends what tasks have opened; no task may be running. */
  close(): Promise<void>;
}

export interface CompiledNode {
  readonly node: NodeId;
  readonly span: Span;
  readonly step: Step;
}

/** Runs tasks in this thread. `compile` gives the steps of a stage, once; `traced`: answers tell their origins. */
export class InProcessExecutor implements Executor {
  private readonly stages = new Map<StageId, readonly CompiledNode[]>();
  private readonly clock: Clock;
  private readonly traced: boolean;

  constructor(
    stages: readonly Stage[],
    compile: (stage: Stage) => readonly CompiledNode[],
    clock: Clock,
    traced = false,
  ) {
    this.clock = clock;
    this.traced = traced;
    for (const stage of stages) this.stages.set(stage.id, compile(stage));
  }

  async run(task: StageTask, batch: Batch): Promise<StageAnswer> {
    const answers: NodeAnswer[] = [];
    let current = batch;
    for (const { node, span, step } of this.stages.get(task.stage) ?? []) {
      const start = this.clock.elapsed();
      const given = current.length;
      try {
        if (this.traced) {
          const { answer, origins } = await runTraced(step, current);
          answers.push({ ...answer, node, in: given, milliseconds: this.clock.elapsed() - start, origins });
          current = answer.batch;
          continue;
        }
        const running = step.run(current);
        const answer = running instanceof Promise ? await running : running;
        answers.push({ ...answer, node, in: given, milliseconds: this.clock.elapsed() - start });
        current = answer.batch;
      } catch (error) {
        throw asRunError(error, span);
      }
    }
    return answers;
  }

  async close(): Promise<void> {
    const steps = [...this.stages.values()].flat();
    const ends = await Promise.allSettled(steps.map(({ step }) => step.close()));
    for (const [at, end] of ends.entries()) {
      if (end.status === 'rejected') throw asRunError(end.reason, steps[at]?.span ?? null);
    }
  }
}
