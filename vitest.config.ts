import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** `unit`: tests beside their source. `whole`: parity with other implementations and whole commands, in tests/. */
export default defineConfig({
  resolve: {
    alias: {
      "textune/inference/web": source("classifier/inference-web.ts"),
      "textune/inference": source("classifier/node/inference.ts"),
      "textune/nn": source("nn/index.ts"),
      "textune/tracking": source("tracking/index.ts"),
      textune: source("index.ts"),
    },
  },
  test: {
    pool: "forks",
    // Trainings that tests do by the way are not recorded in the source tree.
    env: { TEXTUNE_STORE: join(tmpdir(), "textune-runs-of-tests") },
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.ts"], testTimeout: 20_000 } },
      { extends: true, test: { name: "whole", include: ["tests/**/*.test.ts"], testTimeout: 120_000 } },
    ],
  },
});
