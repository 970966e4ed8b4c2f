/** Element types of tensors in a graph; the names are those of onnxruntime's JavaScript API. */
export type DType = "float32" | "int64" | "int32" | "bool";

/** The element types that a gradient can have. */
export function isDifferentiable(dtype: DType): boolean {
  return dtype === "float32";
}
