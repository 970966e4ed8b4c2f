/** Logits of texts by an ONNX model. */
import { fail } from "../base/errors.js";
import type { Runtime } from "../runtime/session.js";
import type { Predictor } from "../training/predictor.js";

/**
 * A predictor of an ONNX model, given as the path of its file or as itself, whoever wrote it: inputs among `input_ids`,
 * `attention_mask`, `token_type_ids` [B, T] and `position_ids` [T], int64; output `logits` [B, C] float32.
 *
 * @throws E_WEIGHTS for a model with other inputs or without logits, E_RUNTIME for one that onnxruntime refuses
 */
export async function openOnnxPredictor(
  runtime: Runtime,
  model: string | Uint8Array,
  options: { readonly threads?: number } = {},
): Promise<Predictor> {
  const session = await runtime.createSession(model, options);
  const unknown = session.inputNames.filter((name) => !INPUTS.includes(name));
  if (unknown.length > 0 || !session.outputNames.includes("logits")) {
    await session.close();
    fail("E_WEIGHTS", {
      where: typeof model === "string" ? model : "the ONNX model",
      expected: `a text classifier with inputs among ${INPUTS.join(", ")} and the output logits`,
      got: `inputs ${session.inputNames.join(", ")} and outputs ${session.outputNames.join(", ")}`,
    });
  }
  // In turn, so that none is under way when the session is closed; runs block each other anyway.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result;
    return result;
  };
  return {
    logits: ({ tensors }) =>
      inTurn(async () => {
        const feeds = Object.fromEntries(session.inputNames.map((name) => [name, tensors[name]]));
        const { logits } = await session.run(feeds, { logits: undefined });
        return logits.data as Float32Array;
      }),
    close: () => inTurn(() => session.close()),
  };
}

const INPUTS: readonly string[] = ["input_ids", "attention_mask", "token_type_ids", "position_ids"];
