/** A process of its own that loads the ONNX runtime that models run on, and a model of one node: what native code can do wrong ends this process only. */
import { createRequire } from 'node:module';

/** y = −x over two floats: a graph of one Neg, ONNX operators of version 13. */
const NEGATE = 'CAg6MgoLCgF4EgF5IgNOZWcSAWdaDwoBeBIKCggIARIECgIIAmIPCgF5EgoKCAgBEgQKAggCQgIQDQ==';

interface Runtime {
  readonly env: { readonly versions: { readonly node?: string } };
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<{
      run(feeds: object): Promise<{ readonly y?: { readonly data: ArrayLike<number> } }>;
    }>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
}

const theirs = createRequire(createRequire(import.meta.url).resolve('@xenova/transformers'));
const runtime: Runtime = theirs('onnxruntime-node');
const session = await runtime.InferenceSession.create(Buffer.from(NEGATE, 'base64'));
const { y } = await session.run({ x: new runtime.Tensor('float32', Float32Array.of(1, -2), [2]) });
const answer = Array.from(y?.data ?? []).join(' ');
if (answer !== '-1 2') throw new Error(`it computed ${answer} where −1 2 is right`);
process.stdout.write(runtime.env.versions.node ?? '');
