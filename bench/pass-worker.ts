/** A process that loads a model once and then makes passes over its texts when asked, so that peers can take turns. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface PassRequest {
  /** Texts per run. */
  readonly batch: number;
  /** Whether a peer is given the texts in the order of their length. */
  readonly byLength: boolean;
}

export interface Pass {
  readonly seconds: number;
  /** Processor time of all threads in the same pass. */
  readonly processorSeconds: number;
  /** [N, C], the classes in the order of their names. */
  readonly logProbabilities: readonly (readonly number[])[];
  readonly peakMemoryBytes: number;
}

export interface PassWorker {
  pass(request: PassRequest): Promise<Pass>;
  close(): Promise<void>;
}

/** Starts `command`, which answers each line of JSON on standard input by one; why not, where it cannot run. */
export async function startPassWorker(command: string, args: readonly string[]): Promise<PassWorker | string> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk;
  });
  const ended = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      complaints += error.message;
      resolve();
    });
    child.on("close", () => resolve());
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => (await lines.next()).value as string | undefined;
  if ((await next()) === undefined) {
    await ended;
    return complaints.trim().split("\n").at(-1) ?? "";
  }
  return {
    async pass(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await next();
      if (answer === undefined) throw new Error(`${command} ${args[0]}: ${complaints}`);
      return JSON.parse(answer) as Pass;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
