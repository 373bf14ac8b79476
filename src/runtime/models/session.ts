import type { AutoModel } from '@xenova/transformers';
import type { LoadOrder } from './protocol.ts';

type LoadOptions = NonNullable<Parameters<typeof AutoModel.from_pretrained>[1]>;
type Dtype = Extract<LoadOptions['dtype'], string>;

const DTYPES = ['fp32', 'q8', 'fp16', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'] as const satisfies readonly Dtype[];

/** The dtype as transformers.js types it; left out where it does not know the name, or there is none. */
export function dtypeOption(name: string | null): Pick<LoadOptions, 'dtype'> {
  const dtype = DTYPES.find((one) => one === name);
  return dtype === undefined ? {} : { dtype };
}

/** How transformers.js opens the model's sessions: the ordered dtype and threads, errors only on stderr. */
export function sessionOptions(order: LoadOrder): LoadOptions {
  return {
    ...dtypeOption(order.dtype),
    session_options: { intraOpNumThreads: order.threads, interOpNumThreads: 1, logSeverityLevel: 3 },
  };
}
