/** An exported model in a real browser: transformers.js with onnxruntime-web, from files of a local server. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { TextClassifier } from "../../src/index.js";
import { CHROMIUM } from "../support/browser.js";
import { saveTwoLayers } from "../support/two-layers.js";

const TEXTS = ["A wonderful little film.", "What a waste of time.", "日本語 😀"];
const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
};
/** onnxruntime's kernels for WebAssembly are not those of processors: float32 is rounded otherwise, layer after layer. */
const OTHER_KERNELS = 1e-5;
/** With this, probabilities of these texts differ by a thousandth: far more than kernels do, so that a wrong token shows. */
const SHARPNESS = 50;
const packages = fileURLToPath(new URL("../../node_modules/", import.meta.url));

const PAGE = `<!doctype html><script type="importmap">{"imports": {
  "onnxruntime-web": "/packages/onnxruntime-web/dist/ort.bundle.min.mjs",
  "onnxruntime-web/webgpu": "/packages/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs",
  "onnxruntime-common": "/packages/onnxruntime-common/dist/esm/index.js",
  "@huggingface/tokenizers": "/packages/@huggingface/tokenizers/dist/tokenizers.mjs",
  "@huggingface/jinja": "/packages/@huggingface/jinja/dist/index.js"
}}</script><script type="module">
const report = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
try {
  const { env, pipeline } = await import("/packages/@huggingface/transformers/dist/transformers.web.js");
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useBrowserCache = false;
  env.localModelPath = "/models/";
  env.backends.onnx.wasm.wasmPaths = "/packages/onnxruntime-web/dist/";
  env.backends.onnx.wasm.numThreads = 1;
  const answers = {};
  for (const dtype of ["fp32", "q8"]) {
    const classify = await pipeline("text-classification", "exported", { dtype, device: "wasm" });
    answers[dtype] = [];
    for (const text of ${JSON.stringify(TEXTS)}) answers[dtype].push(await classify(text, { top_k: null }));
  }
  await report({ answers });
} catch (error) {
  await report({ error: String(error?.stack ?? error) });
}
</script>`;

it.skipIf(CHROMIUM === undefined)(
  "has Textune's probabilities in Chromium",
  async () => {
    const place = await mkdtemp(join(tmpdir(), "textune-browser-"));
    await saveTwoLayers(join(place, "original"), ["bad", "good"], 3, SHARPNESS);
    const classifier = await TextClassifier.fromPretrained(join(place, "original"));
    const expected = await classifier.predict(TEXTS);
    await classifier.export(join(place, "exported"), { dtype: "fp32,q8" });
    await classifier.close();
    let answered: (result: { answers?: Record<string, { label: string; score: number }[][]>; error?: string }) => void;
    const result = new Promise<Parameters<typeof answered>[0]>((resolve) => {
      answered = resolve;
    });
    const server = createServer(async (request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
      if (request.method === "POST") {
        let body = "";
        for await (const chunk of request) body += String(chunk);
        answered(JSON.parse(body));
        response.end();
        return;
      }
      if (path === "/") {
        response.setHeader("content-type", "text/html; charset=utf-8").end(PAGE);
        return;
      }
      const file = path.startsWith("/models/")
        ? join(place, path.slice("/models/".length))
        : join(packages, path.slice("/packages/".length));
      const content = await readFile(file).catch(() => undefined);
      response.statusCode = content === undefined ? 404 : 200;
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream").end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const profile = join(place, "profile");
    const flags = [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      `--user-data-dir=${profile}`,
    ];
    const browser = spawn(CHROMIUM as string, [...flags, `http://127.0.0.1:${port}/`], { stdio: "ignore" });
    const ended = new Promise((resolve) => browser.once("close", resolve));
    try {
      const { answers, error } = await result;
      expect(error).toBeUndefined();
      const changeOf = (dtype: string): number =>
        Math.max(
          ...(answers?.[dtype] ?? []).flatMap((scores, i) =>
            scores.map(({ label, score }) => Math.abs(score - expected[i].scores[label])),
          ),
        );
      expect(answers?.fp32).toHaveLength(TEXTS.length);
      expect(changeOf("fp32")).toBeLessThan(OTHER_KERNELS);
      const ofGood = expected.map(({ scores }) => scores.good);
      expect(Math.max(...ofGood) - Math.min(...ofGood)).toBeGreaterThan(50 * OTHER_KERNELS);
      expect(answers?.q8).toHaveLength(TEXTS.length);
      expect(changeOf("q8")).toBeLessThan(0.02);
    } finally {
      browser.kill();
      await ended;
      server.close();
      server.closeAllConnections();
      await rm(place, { recursive: true, force: true, maxRetries: 3 });
    }
  },
  120_000,
);
