"""Writes MODEL in 8 bits as optimum's ORTQuantizer does with its configuration for AVX512-VNNI: onnxruntime's own quantizer.

Usage: python bench/peers/quantize_dynamic.py MODEL OUT    (pip install onnx onnxruntime)
"""
import os
import sys
import tempfile

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

# optimum/onnxruntime/configuration.py ORT_DEFAULT_OPS_DYNAMIC_QUANTIZATION
OPERATORS = ["MatMul", "Attention", "LSTM", "Gather", "Transpose", "EmbedLayerNormalization"]


def products_with_matmul(model):
    """The dense layers as PyTorch exports them, MatMul and Add: the quantizer leaves Gemm alone."""
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        transposed = any(a.name == "transB" and a.i == 1 for a in node.attribute)
        if node.op_type != "Gemm" or not transposed or node.input[1] not in weights:
            nodes.append(node)
            continue
        x, w, bias = node.input
        tensor = weights[w]
        turned = numpy_helper.from_array(np.ascontiguousarray(numpy_helper.to_array(tensor).T), f"{w}_turned")
        model.graph.initializer.remove(tensor)
        model.graph.initializer.append(turned)
        product = f"{node.output[0]}_product"
        nodes.append(helper.make_node("MatMul", [x, turned.name], [product], name=f"{node.name}_matmul"))
        nodes.append(helper.make_node("Add", [product, bias], list(node.output), name=f"{node.name}_add"))
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def main():
    source, target = sys.argv[1:]
    with tempfile.TemporaryDirectory() as place:
        plain = os.path.join(place, "plain.onnx")
        onnx.save(products_with_matmul(onnx.load(source)), plain)
        quantize_dynamic(plain, target, op_types_to_quantize=OPERATORS, per_channel=True, weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main()
