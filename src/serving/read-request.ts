/** Bodies of requests, checked. */
import type { z } from "zod";
import type { TextExample } from "../tokenizers/tokenizer.js";
import { Problem } from "./problem.js";
import type { WireExample } from "./wire.js";

export interface RequestLimits {
  /** Bytes. */
  readonly maxBody: number;
  readonly maxTexts: number;
  /** Characters. */
  readonly maxTextLength: number;
}

/**
 * The JSON of a request, as `schema` has it.
 *
 * @throws Problem 413 for a body that is too long, 400 for one that is no UTF-8, no JSON or not what is expected
 */
export async function readBody<T extends z.ZodType>(
  request: Request,
  schema: T,
  limits: RequestLimits,
): Promise<z.output<T>> {
  const text = decode(await readBytes(request, limits.maxBody));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(400, `body: expected JSON, got ${text === "" ? "nothing" : (error as Error).message}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new Problem(400, `body${path.map((key) => `, ${String(key)}`).join("")}: ${message}`);
}

async function readBytes(request: Request, most: number): Promise<Uint8Array> {
  const tooLong = (): Problem => new Problem(413, `body: expected at most ${most} bytes; send fewer texts at a time`);
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > most) throw tooLong();
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += (part as Uint8Array).length;
    if (length > most) throw tooLong();
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(400, "body: expected UTF-8, got other bytes");
  }
}

/** The examples of a request and whether it was one alone. @throws Problem 400 for none, 413 for too many or too long ones */
export function examplesOf(
  input: WireExample | readonly WireExample[],
  { maxTexts, maxTextLength }: RequestLimits,
): { examples: TextExample[]; alone: boolean } {
  const alone = !Array.isArray(input);
  const all = (alone ? [input] : input) as readonly WireExample[];
  if (all.length === 0) throw new Problem(400, "input: expected at least one text, got none");
  if (all.length > maxTexts)
    throw new Problem(413, `input: expected at most ${maxTexts} texts, got ${all.length}; send them in parts`);
  const examples = all.map((one, index) => {
    for (const text of typeof one === "string" ? [one] : [one.text, one.text_pair]) {
      const place = `input, text ${index + 1}`;
      if (text.length > maxTextLength)
        throw new Problem(413, `${place}: expected at most ${maxTextLength} characters, got ${text.length}`);
      if (text.trim() === "") throw new Problem(400, `${place}: expected a text, got an empty one`);
    }
    return typeof one === "string" ? one : { text: one.text, textPair: one.text_pair };
  });
  return { examples, alone };
}
