import { expect, it } from "vitest";
import { stateOf } from "./run-state.js";

const here = { host: "here" };
const running = { state: "running", host: "here", pid: process.pid, heartbeat_at: 1_000_000 } as const;

it("takes a run for crashed where its process is gone or has long said nothing, and only then", () => {
  expect(stateOf(running, 1_010_000, here)).toBe("running");
  expect(stateOf({ ...running, pid: 2 ** 22 + 1 }, 1_010_000, here)).toBe("crashed");
  expect(stateOf({ ...running, host: "elsewhere", pid: 2 ** 22 + 1 }, 1_010_000, here)).toBe("running");
  expect(stateOf({ ...running, host: "elsewhere" }, 1_070_000, here)).toBe("crashed");
  expect(stateOf({ ...running, state: "finished", pid: 2 ** 22 + 1 }, 9_000_000, here)).toBe("finished");
});

it("takes a heartbeat from the future for one: clocks of machines differ, and jump", () => {
  expect(stateOf({ ...running, host: "elsewhere" }, 0, here)).toBe("running");
});
