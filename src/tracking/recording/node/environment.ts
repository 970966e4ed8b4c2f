/** What a run was made with, as far as this process can tell. */
import { execFile } from "node:child_process";
import { arch, cpus, hostname, release, type as systemType, totalmem } from "node:os";
import { packageVersion } from "../../../base/node/package-version.js";
import type { Environment, GitFacts } from "../../environment.js";
import { withoutPassword } from "../../without-password.js";

/** What is known at once; Git and cards are asked for by {@link slowFacts}. */
export function environmentNow(): Environment {
  return {
    command: process.argv.map(withoutPassword),
    directory: process.cwd(),
    versions: { textune: packageVersion(), node: process.versions.node },
    machine: {
      host: hostname(),
      system: `${systemType()} ${release()}`,
      architecture: arch(),
      processor: cpus()[0]?.model.trim() ?? "",
      cores: cpus().length,
      memory: totalmem(),
      gpus: [],
    },
  };
}

/** What other programs have to be asked for. */
export async function slowFacts(now: Environment): Promise<Partial<Environment>> {
  const [git, cards] = await Promise.all([
    gitFacts(now.directory),
    output("nvidia-smi", ["--query-gpu=name", "--format=csv,noheader"]),
  ]);
  const gpus = cards === undefined ? [] : cards.split("\n").map((line) => line.trim());
  return { machine: { ...now.machine, gpus }, ...(git === undefined ? {} : { git }) };
}

/** The state of the Git repository that `folder` stands in. */
export async function gitFacts(folder: string): Promise<GitFacts | undefined> {
  const git = (...words: string[]): Promise<string | undefined> => output("git", ["-C", folder, ...words]);
  const commit = await git("rev-parse", "HEAD");
  if (commit === undefined) return undefined;
  const [branch, changes, remote] = await Promise.all([
    git("rev-parse", "--abbrev-ref", "HEAD"),
    git("status", "--porcelain", "--untracked-files=no"),
    git("remote", "get-url", "origin"),
  ]);
  return {
    commit,
    branch: branch ?? "",
    clean: changes === "",
    ...(remote === undefined ? {} : { remote: withoutPassword(remote) }),
  };
}

/** What a program prints, without the last line's end; undefined where it is not there or fails. */
function output(program: string, words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      program,
      words,
      { timeout: 5000, windowsHide: true, env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" } },
      (error, stdout) => resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
