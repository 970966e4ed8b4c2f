/**
 * What a model is for:
 * - `single-label`: one of C classes, by a softmax over C outputs;
 * - `binary`: one of two classes, by the sigmoid of one output, evaluated as two classes;
 * - `multi-label`: any of C labels, each by a sigmoid of its own;
 * - `regression`: numbers.
 */
export type Family = "single-label" | "binary" | "multi-label" | "regression";

/** The families whose rows have classes or labels. */
export type ClassFamily = Exclude<Family, "regression">;
