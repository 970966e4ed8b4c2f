/** The files of deploy/, which are run elsewhere: what can be said of them here. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { serveOptions } from "../../src/serving/options.js";

const folder = fileURLToPath(new URL("../../deploy/", import.meta.url));
const read = (name: string): string => readFileSync(resolve(folder, name), "utf8");
const { engines } = JSON.parse(read("../package.json")) as { engines: { node: string } };

/** Those of `words` that look like options of `textune serve` and are none. */
function unknownOptions(words: readonly string[]): string[] {
  const known = Object.keys(serveOptions.shape).map((name) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`));
  const asked = words.slice(words.indexOf("serve") + 1).filter((word) => word.startsWith("--"));
  return asked.map((word) => word.slice(2)).filter((name) => !known.includes(name));
}

/** What an instruction of the Dockerfile with a list says. */
function listOf(instruction: string): string[] {
  const found = new RegExp(`^${instruction} (\\[.*\\])$`, "m").exec(read("Dockerfile"));
  return JSON.parse(found?.[1] ?? "[]") as string[];
}

describe("Dockerfile", () => {
  it("is without a complaint of its linter", () => {
    expect(validate(read("Dockerfile"))).toEqual([]);
    expect(validate("FROM node:22-slim\nCOPPY a b\n")).toHaveLength(1);
  });

  it("has a Node.js that Textune runs on, and does not run as root", () => {
    const major = Number(/^FROM node:(\d+)/m.exec(read("Dockerfile"))?.[1]);
    expect(major).toBeGreaterThan(Number(/\d+/.exec(engines.node)?.[0]));
    expect(read("Dockerfile")).toMatch(/^USER (?!root)/m);
  });

  it("starts a server by options that there are, at the port that it exposes", () => {
    const words = [...listOf("ENTRYPOINT"), ...listOf("CMD")];
    expect(words.slice(2, 4)).toEqual(["textune", "serve"]);
    expect(unknownOptions(words)).toEqual([]);
    expect(unknownOptions(["serve", "--hosts"])).toEqual(["hosts"]);
    expect(/^EXPOSE (\d+)/m.exec(read("Dockerfile"))?.[1]).toBe(String(serveOptions.shape.port.parse(undefined)));
  });
});

it("the compose file builds this Dockerfile, hands a key over, and gives requests time to end", () => {
  const { services } = parse(read("compose.yaml")) as {
    services: Record<
      string,
      {
        build: { context: string; dockerfile: string };
        ports: string[];
        environment: Record<string, string>;
        stop_grace_period: string;
      }
    >;
  };
  const [service] = Object.values(services);
  const { context, dockerfile } = service.build;
  expect(existsSync(resolve(folder, context, dockerfile))).toBe(true);
  expect(service.ports).toEqual(["8000:8000"]);
  expect(service.environment.TEXTUNE_API_KEY).toContain("?");
  expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(serveOptions.shape.timeout.parse(undefined));
});

it("the systemd unit starts a server by options that there are, and gives requests time to end", () => {
  const unit = read("textune.service");
  const sections = [...unit.matchAll(/^\[(\w+)\]$/gm)].map(([, name]) => name);
  expect(sections).toEqual(["Unit", "Service", "Install"]);
  for (const line of unit.split("\n")) expect(line).toMatch(/^(\[\w+\]|[A-Z]\w+=.*|)$/);
  const words = /^ExecStart=(.*)$/m.exec(unit)?.[1].split(" ") ?? [];
  expect(words[0]).toMatch(/^\//);
  expect(unknownOptions(words)).toEqual([]);
  const patience = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
  expect(patience).toBeGreaterThan(serveOptions.shape.timeout.parse(undefined));
});
