import { expect, it } from "vitest";
import { untilAborted } from "./until-aborted.js";

it("gives every value and ends with the source", async () => {
  const seen: number[] = [];
  for await (const value of untilAborted(
    (async function* () {
      yield* [1, 2, 3];
    })(),
    new AbortController().signal,
  ))
    seen.push(value);
  expect(seen).toEqual([1, 2, 3]);
});

it("throws while it waits for a value that never comes", async () => {
  const controller = new AbortController();
  const rows = untilAborted(
    (async function* () {
      yield 1;
      await new Promise(() => {});
    })(),
    controller.signal,
  );
  await rows.next();
  const waiting = rows.next();
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: "E_ABORTED" });
});

it("closes the source when its reader has enough, and passes its failures on", async () => {
  let closed = false;
  async function* source(): AsyncGenerator<number> {
    try {
      yield 1;
      throw new Error("broken");
    } finally {
      closed = true;
    }
  }
  for await (const _ of untilAborted(source(), new AbortController().signal)) break;
  expect(closed).toBe(true);
  const failing = untilAborted(source(), new AbortController().signal);
  await failing.next();
  await expect(failing.next()).rejects.toThrow("broken");
});
