import { expect, it } from "vitest";
import { createFairQueue } from "./fair-queue.js";

function drained(queue: ReturnType<typeof createFairQueue<string>>): string[] {
  const items: string[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) items.push(item);
  return items;
}

it("lets clients take turns and keeps the order of each", () => {
  const queue = createFairQueue<string>();
  for (const item of ["a1", "a2", "a3", "a4"]) queue.add("a", item);
  for (const item of ["b1", "b2"]) queue.add("b", item);
  queue.add("c", "c1");
  expect(queue.length).toBe(7);
  expect(queue.peek()).toBe("a1");
  expect(drained(queue)).toEqual(["a1", "b1", "c1", "a2", "b2", "a3", "a4"]);
  expect(queue.length).toBe(0);
});

it("answers first what was put back", () => {
  const queue = createFairQueue<string>();
  queue.add("a", "a1");
  queue.putBack(["x", "y"]);
  expect(queue.peek()).toBe("x");
  expect(drained(queue)).toEqual(["x", "y", "a1"]);
});

it("forgets what its client does not wait for any more", () => {
  const queue = createFairQueue<string>();
  for (const item of ["a1", "a2"]) queue.add("a", item);
  queue.add("b", "b1");
  queue.putBack(["b0"]);
  queue.remove((item) => item.startsWith("b"));
  expect(queue.length).toBe(2);
  expect(drained(queue)).toEqual(["a1", "a2"]);
});
