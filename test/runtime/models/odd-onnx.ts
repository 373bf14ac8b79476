/** ONNX graphs that take what a classifier takes and give what none should, written as the bytes of their protobuf messages (onnx.proto3). */

type Bytes = readonly number[];

function varint(value: number): Bytes {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
}

const int = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];
const message = (field: number, bytes: Bytes): Bytes => [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
const text = (field: number, value: string): Bytes => message(field, [...Buffer.from(value)]);

const [FLOAT, INT64] = [1, 7];

/** NodeProto: inputs, outputs, operator, integer attributes. */
function node(op: string, inputs: readonly string[], output: string, attributes: readonly Bytes[] = []): Bytes {
  const parts = [...inputs.map((name) => text(1, name)), text(2, output), text(4, op)];
  return message(1, [...parts.flat(), ...attributes.flatMap((one) => message(5, one))]);
}

/** AttributeProto of an integer. */
const attribute = (name: string, value: number): Bytes => [...text(1, name), ...int(3, value), ...int(20, 2)];

/** ValueInfoProto of a tensor whose dimensions have names. */
function tensor(field: number, name: string, type: number, dimensions: readonly string[]): Bytes {
  const shape = message(
    2,
    dimensions.flatMap((dimension) => message(1, text(2, dimension))),
  );
  return message(field, [...text(1, name), ...message(2, message(1, [...int(1, type), ...shape]))]);
}

/** `nan`: two scores of each text, neither a number. `shape`: one score for all texts together. */
export function oddClassifier(kind: 'nan' | 'shape'): Uint8Array {
  const nodes = [
    node('Cast', ['input_ids'], 'x', [attribute('to', FLOAT)]),
    ...(kind === 'shape'
      ? [node('ReduceMax', ['x'], 'logits', [attribute('keepdims', 0)])]
      : [
          // (x − x) ÷ (x − x), two columns of it.
          node('Sub', ['x', 'x'], 'zero'),
          node('Div', ['zero', 'zero'], 'all'),
          node('ReduceMax', ['all'], 'one', [
            [...text(1, 'axes'), ...int(8, 1), ...int(20, 7)],
            attribute('keepdims', 1),
          ]),
          node('Concat', ['one', 'one'], 'logits', [attribute('axis', 1)]),
        ]),
  ];
  const inputs = ['input_ids', 'attention_mask'].flatMap((name) => tensor(11, name, INT64, ['rows', 'length']));
  const output = tensor(12, 'logits', FLOAT, kind === 'shape' ? [] : ['rows', 'classes']);
  const graph = [...nodes.flat(), ...text(2, kind), ...inputs, ...output];
  return Uint8Array.from([...int(1, 8), ...message(7, graph), ...message(8, int(2, 13))]);
}
