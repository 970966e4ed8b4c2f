/** What computes: onnxruntime, processor, memory, devices. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { promisify } from "node:util";
import { TextuneError } from "../../base/errors.js";
import { createGraph } from "../../graph/graph.js";
import { writeModel } from "../../onnx/write-model.js";
import { add } from "../../ops/arithmetic.js";
import { availableDevices, nodeRuntime } from "../../runtime/node/onnxruntime.js";
import { type Examination, type Finding, formatBytes } from "./finding.js";

const LITTLE_MEMORY = 2e9;
/** What the matrix products of onnxruntime make use of, by the names of Linux and macOS. */
const FEATURES = [
  "avx2",
  "fma",
  "avx512f",
  "avx512_vnni",
  "avx512_bf16",
  "amx_tile",
  "asimd",
  "asimddp",
  "bf16",
  "i8mm",
];

/** Computes 1 + 1 in a session, which needs all of onnxruntime. */
async function onnxruntime(): Promise<Finding> {
  const what = "onnxruntime";
  try {
    const graph = createGraph();
    const x = graph.input("x", "float32", [1]);
    const session = await nodeRuntime.createSession(writeModel({ sum: add(x, x) }));
    const one = { dtype: "float32", shape: [1], data: Float32Array.of(1) } as const;
    const { sum } = await session.run({ x: one }, { sum: undefined });
    await session.close();
    if (sum?.data[0] !== 2) throw new Error(`1 + 1 = ${sum?.data[0]}`);
    return { kind: "ok", what, found: "loads and computes" };
  } catch (error) {
    const said = (error instanceof TextuneError ? error.complaint?.got : undefined) ?? (error as Error).message;
    return { kind: "problem", what, found: said, advice: loadingAdvice() };
  }
}

function loadingAdvice(): string {
  if (process.platform === "win32")
    return "install the Visual C++ Redistributable: https://aka.ms/vs/17/release/vc_redist.x64.exe";
  return "see which systems it has binaries for: https://github.com/textune/textune/blob/main/docs/install.md";
}

async function processor(): Promise<Finding> {
  const model = cpus()[0]?.model.trim() ?? "unknown";
  const usable = availableParallelism();
  const features = await processorFeatures();
  const found = `${model}, ${usable} ${usable === 1 ? "core" : "cores"}${features.length === 0 ? "" : `; ${features.join(", ")}`}`;
  if (process.arch === "x64" && features.length > 0 && !features.includes("avx2"))
    return { kind: "note", what: "processor", found, advice: "without AVX2 everything takes several times as long" };
  return { kind: "ok", what: "processor", found };
}

/** Those of {@link FEATURES} that the processor has; none where the system does not say. */
async function processorFeatures(): Promise<string[]> {
  const said =
    process.platform === "linux"
      ? /^(?:flags|Features)\s*:(.*)$/m.exec(await readFile("/proc/cpuinfo", "utf8").catch(() => ""))?.[1]
      : process.platform === "darwin"
        ? await promisify(execFile)("sysctl", ["-a", "hw.optional"]).then(
            // "hw.optional.arm.FEAT_BF16: 1"
            ({ stdout }) => [...stdout.matchAll(/FEAT_(\w+): 1/g)].map(([, name]) => name?.toLowerCase()).join(" "),
            () => "",
          )
        : "";
  const words = new Set((said ?? "").split(/\s+/));
  return FEATURES.filter((feature) => words.has(feature));
}

function memory(): Finding {
  // A container's limit, where there is one.
  const limit = process.constrainedMemory();
  const all = limit > 0 && limit < totalmem() ? limit : totalmem();
  const found = `${formatBytes(all)}, ${formatBytes(Math.min(freemem(), all))} free`;
  if (all >= LITTLE_MEMORY) return { kind: "ok", what: "memory", found };
  return {
    kind: "note",
    what: "memory",
    found,
    advice: "take a small model, a small maxLength, and gradientCheckpointing",
  };
}

async function devices(): Promise<Finding> {
  const names = await availableDevices().catch(() => []);
  return { kind: "ok", what: "devices", found: names.length === 0 ? "none" : `${names.join(", ")} (Textune uses cpu)` };
}

function usageData(): Finding {
  const what = "usage data";
  if (process.platform === "win32")
    return {
      kind: "note",
      what,
      found: "onnxruntime gives events to the tracing of Windows, which it cannot be told not to",
    };
  const value = process.env.ORT_DISABLE_TELEMETRY;
  if (value === "1") return { kind: "ok", what, found: "onnxruntime sends none" };
  return {
    kind: "note",
    what,
    found: `onnxruntime may send some, as ORT_DISABLE_TELEMETRY is "${value}"`,
    advice: "unset ORT_DISABLE_TELEMETRY if that is not what you want",
  };
}

export const machine: Examination = {
  title: "Machine",
  examine: async () => [await onnxruntime(), await processor(), memory(), await devices(), usageData()],
};
