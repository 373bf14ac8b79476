"""8-bit weights, fp32 arithmetic.

The usual dynamic int8 quantisation (onnxruntime's quantize_dynamic) scales the activations of a whole batch by the
largest value in it, so the answer to a text depends on what else is in the batch.  Here only the weights are stored in
8 bits: each is an initializer followed by Cast, Sub and Mul, which onnxruntime folds into an fp32 weight when it loads
the model.  The files are as small, and the answers depend on nothing but the text.

    python weights.py in.onnx out.onnx      a graph of either kind: fp32, or dynamically quantised
"""
import sys
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALLEST = 1024  # elements; smaller weights stay fp32


def unpack_nodes(name, codes, zero, scale):
    """Initializers and nodes that give the fp32 weight `name` from its codes."""
    parts = [numpy_helper.from_array(codes, name + "/codes"),
             numpy_helper.from_array(np.asarray(zero, np.float32), name + "/zero"),
             numpy_helper.from_array(np.asarray(scale, np.float32), name + "/scale")]
    nodes = [helper.make_node("Cast", [name + "/codes"], [name + "/cast"], to=TensorProto.FLOAT),
             helper.make_node("Sub", [name + "/cast", name + "/zero"], [name + "/centred"]),
             helper.make_node("Mul", [name + "/centred", name + "/scale"], [name])]
    return parts, nodes


def pack(model):
    """Replaces each large fp32 weight by codes with a zero and a scale for each index of the axis that varies most:
    columns of a product's weight, rows of an embedding."""
    graph = model.graph
    used_by = {}
    for node in graph.node:
        for i, name in enumerate(node.input):
            used_by.setdefault(name, []).append((node.op_type, i))
    kept, new = [], []
    for tensor in graph.initializer:
        w = numpy_helper.to_array(tensor)
        if w.dtype != np.float32 or w.ndim != 2 or w.size < SMALLEST:
            kept.append(tensor)
            continue
        uses = used_by.get(tensor.name, [])
        axis = 1 if any(op == "Gather" or op == "Gemm" for op, _ in uses) else 0  # reduce over this axis
        lo = np.minimum(w.min(axis, keepdims=True), 0)
        hi = np.maximum(w.max(axis, keepdims=True), 0)
        scale = np.where(hi > lo, (hi - lo) / 255, 1).astype(np.float32)
        zero = np.clip(np.round(-lo / scale), 0, 255).astype(np.float32)
        codes = np.clip(np.round(w / scale + zero), 0, 255).astype(np.uint8)
        parts, nodes = unpack_nodes(tensor.name, codes, zero, scale)
        kept += parts
        new += nodes
    replace(graph, kept, new + list(graph.node))
    return model


def undo_dynamic(model):
    """A dynamically quantised graph with fp32 activations: MatMulInteger and what stands around it become a MatMul."""
    graph = model.graph
    weights = {t.name: t for t in graph.initializer}
    maker = {o: n for n in graph.node for o in n.output}
    users = {}
    for n in graph.node:
        for i in n.input:
            users.setdefault(i, []).append(n)
    gone, unpacked, parts, front, body = set(), {}, [], [], []

    def weight(codes, zero, scale):
        if codes not in unpacked:
            name = codes.replace("_quantized", "") + "/fp32"
            p, nodes = unpack_nodes(name, numpy_helper.to_array(weights[codes]),
                                    numpy_helper.to_array(weights[zero]).astype(np.float32).reshape(-1)[0],
                                    numpy_helper.to_array(weights[scale]).reshape(-1)[0])
            parts.extend(p)
            front.extend(nodes)
            unpacked[codes] = name
        return unpacked[codes]

    for n in graph.node:
        if n.op_type != "MatMulInteger":
            continue
        source = maker[n.input[0]]
        (cast,) = users[n.output[0]]
        (mul,) = users[cast.output[0]]
        scales = maker[[i for i in mul.input if i != cast.output[0]][0]]
        scale = [i for i in scales.input if i in weights][0]
        assert (source.op_type, cast.op_type, mul.op_type, scales.op_type) == ("DynamicQuantizeLinear", "Cast", "Mul", "Mul")
        gone |= {id(n), id(cast), id(source), id(scales)}
        made = helper.make_node("MatMul", [source.input[0], weight(n.input[1], n.input[3], scale)], list(mul.output))
        mul.CopyFrom(made)
    body = [n for n in graph.node if id(n) not in gone]
    replace(graph, list(graph.initializer) + parts, front + body)
    return model


def replace(graph, initializers, nodes):
    nodes = [onnx.NodeProto.FromString(n.SerializeToString()) for n in nodes]
    used = {i for n in nodes for i in n.input} | {o.name for o in graph.output}
    initializers = [onnx.TensorProto.FromString(t.SerializeToString()) for t in initializers if t.name in used]
    del graph.node[:]
    del graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(initializers)


def convert(source, target):
    model = onnx.load(source)
    dynamic = any(n.op_type == "DynamicQuantizeLinear" for n in model.graph.node)
    model = undo_dynamic(model) if dynamic else pack(model)
    onnx.checker.check_model(model)
    onnx.save(model, target)


if __name__ == "__main__":
    convert(*sys.argv[1:3])
