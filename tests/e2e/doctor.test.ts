/** `textune doctor` on this machine, as a process. Needs the build in dist/, which `npm test` makes. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
let place: string;
let said: string;
let status: number | null;

interface Doctored {
  readonly ok: boolean;
  readonly groups: readonly { readonly findings: readonly { kind: string; what: string; found: string }[] }[];
}

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "textune doctor "));
  mkdirSync(join(place, "tokens"));
  writeFileSync(join(place, "tokens", "one.tokens"), Buffer.alloc(12_345));
  const env = { ...process.env, TEXTUNE_CACHE: place, HF_TOKEN: "hf_secret", HTTPS_PROXY: "http://me:secret@proxy" };
  ({ stdout: said, status } = spawnSync(process.execPath, [main, "doctor", "--json"], { env, encoding: "utf8" }));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const foundOf = (what: string): string | undefined =>
  (JSON.parse(said) as Doctored).groups.flatMap(({ findings }) => findings).find((one) => one.what === what)?.found;

it("finds an installation that works", () => {
  expect(status).toBe(0);
  expect((JSON.parse(said) as Doctored).ok).toBe(true);
  expect(foundOf("Node.js")).toContain(process.versions.node);
  expect(foundOf("onnxruntime")).toBe("loads and computes");
  expect(foundOf("all-MiniLM-L6-v2")).toBe("complete, its checksum is right");
  expect(foundOf("usage data")).toMatch(/sends none|tracing of Windows/);
});

it("measures caches", () => {
  expect(foundOf("token cache")).toBe(`${join(place, "tokens")}: 12 kB in 1 file`);
});

it("shows no secret", () => {
  expect(foundOf("HF_TOKEN")).toBe("set");
  expect(foundOf("HTTPS_PROXY")).toBe("set");
  expect(said).not.toContain("secret");
});
