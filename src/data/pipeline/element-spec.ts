/** What an item of a pipeline is: its type and, for arrays of numbers, their shape. */
export type ElementSpec =
  | { readonly kind: "string" | "boolean" | "undefined" | "other" }
  | { readonly kind: "tensor"; readonly dtype: string; readonly shape: readonly number[] }
  | { readonly kind: "list"; readonly length: number; readonly of: ElementSpec }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, ElementSpec>> };

const DTYPES: Readonly<Record<string, string>> = {
  Int8Array: "int8",
  Uint8Array: "uint8",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int32Array: "int32",
  Uint32Array: "uint32",
  Float32Array: "float32",
  Float64Array: "float64",
  BigInt64Array: "int64",
  BigUint64Array: "uint64",
};

/** The specification of `item`; a list is described by its first element. */
export function describeElement(item: unknown): ElementSpec {
  if (item === undefined || item === null) return { kind: "undefined" };
  if (typeof item === "number") return { kind: "tensor", dtype: "float64", shape: [] };
  if (typeof item === "bigint") return { kind: "tensor", dtype: "int64", shape: [] };
  if (typeof item === "string" || typeof item === "boolean") return { kind: typeof item as "string" | "boolean" };
  if (ArrayBuffer.isView(item)) {
    const dtype = DTYPES[item.constructor.name];
    return dtype === undefined ? { kind: "other" } : { kind: "tensor", dtype, shape: [(item as Int32Array).length] };
  }
  if (Array.isArray(item)) return { kind: "list", length: item.length, of: describeElement(item[0]) };
  if (typeof item === "object") {
    // What is computed on demand (a row's text) counts, what is a function does not.
    const fields = Object.entries(item).filter(([, value]) => typeof value !== "function");
    return {
      kind: "object",
      fields: Object.fromEntries(fields.map(([name, value]) => [name, describeElement(value)])),
    };
  }
  return { kind: "other" };
}
