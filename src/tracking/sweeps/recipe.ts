/** How a trial is run, by whoever takes it. */
import type { Json } from "../json.js";

export type Recipe =
  /** `textune train` with these options, in this folder. */
  | { readonly kind: "train"; readonly directory: string; readonly options: Readonly<Record<string, Json>> }
  /** W&B's `program` or `command`, in this folder. */
  | { readonly kind: "program"; readonly directory: string }
  /** A function that `agent` is called with. */
  | { readonly kind: "function" };
