/** Running a step so that it tells which rows its rows were made from. */
import type { Batch } from '../batch.ts';
import type { Step, StepAnswer } from '../engine/step.ts';
import { ordinalsAt } from '../engine/steps/rows.ts';

/** Rows of the batch handed in; null for one row each, in order. */
export interface StepOrigins {
  readonly rows: Int32Array | null;
  /** Of what the step routed. */
  readonly routed: Int32Array | null;
}

/** Given a batch without ordinals, the ordinals of what a step gives are the rows it was made from. */
export async function runTraced(
  step: Step,
  batch: Batch,
): Promise<{ readonly answer: StepAnswer; readonly origins: StepOrigins }> {
  const { source, ordinals } = batch;
  const bare =
    ordinals === null
      ? batch
      : {
          ...batch,
          ordinals: null,
          source:
            source === null
              ? null
              : { name: source.name, lineOf: (row: number) => source.lineOf(ordinals[row] ?? row) },
        };
  const answer = await step.run(bare);
  const rows = answer.batch.ordinals;
  const routed = answer.routed?.batch.ordinals ?? null;
  return {
    answer: {
      ...answer,
      batch: placed(answer.batch, batch),
      routed: answer.routed === null ? null : { ...answer.routed, batch: placed(answer.routed.batch, batch) },
    },
    origins: { rows, routed },
  };
}

/** What was made of a batch, at its places. */
function placed(made: Batch, batch: Batch): Batch {
  const ordinals = made.ordinals === null ? batch.ordinals : ordinalsAt(batch, made.ordinals);
  return { ...made, ordinals, source: batch.source };
}
