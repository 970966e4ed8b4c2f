/** Bodies of requests, checked. */
import type { z } from "zod";
import { Problem } from "./problem.js";

/**
 * Bytes beyond the limit that are read and thrown away before the refusal. A client writes its whole body first: one whose
 * connection is closed while it writes never hears why.
 */
const MOST_DISCARDED = 2 ** 26;

/**
 * The JSON of a request, as `schema` has it.
 *
 * @throws Problem 413 for a body that is too long, 400 for one that is no UTF-8, no JSON or not what is expected
 */
export async function readBody<T extends z.ZodType>(
  request: Request,
  schema: T,
  { maxBody }: { readonly maxBody: number },
): Promise<z.output<T>> {
  const text = decode(await readBytes(request, maxBody));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(400, `body: expected JSON, got ${text === "" ? "nothing" : (error as Error).message}`);
  }
  return checked("body", schema, value);
}

/** `value` as `schema` has it. @throws Problem 400 that says where in `what` it is not */
export function checked<T extends z.ZodType>(what: string, schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new Problem(400, `${what}${path.map((key) => `, ${String(key)}`).join("")}: ${message}`);
}

async function readBytes(request: Request, most: number): Promise<Uint8Array> {
  const tooLong = (): Problem => new Problem(413, `body: expected at most ${most} bytes; send less at a time`);
  // NaN where it is not announced, which is neither more nor less.
  const announced = Number(request.headers.get("content-length") ?? Number.NaN);
  if (announced > most + MOST_DISCARDED) throw tooLong();
  const cutOff = (): never => {
    throw new Problem(400, "body: expected all of it, got a part");
  };
  // No more than announced comes, and read at once it needs no stream.
  if (announced <= most) return new Uint8Array(await request.arrayBuffer().catch(cutOff));
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of request.body ?? []) {
      length += (part as Uint8Array).length;
      if (length <= most) parts.push(part as Uint8Array);
      else if (length > most + MOST_DISCARDED) break;
    }
  } catch {
    cutOff();
  }
  if (length > most) throw tooLong();
  return Buffer.concat(parts);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(400, "body: expected UTF-8, got other bytes");
  }
}
