/**
 * Long texts as arguments.
 *
 * onnxruntime 1.30 crashes in a process whose command line has more than some 30,000 bytes. Such a command is run in a
 * process of its own, which gets its arguments through a channel instead.
 */
import { fork } from "node:child_process";

const LONGEST = 16_384;
/** Tells the process that its arguments come through the channel. */
const FLAG = "TEXTUNE_ARGUMENTS_BY_CHANNEL";

/** The arguments of this process, wherever they come from. */
export async function receiveArguments(): Promise<readonly string[]> {
  if (process.env[FLAG] === undefined || process.send === undefined) return process.argv.slice(2);
  const args = await new Promise<readonly string[]>((resolve) =>
    process.once("message", (message) => resolve(message as readonly string[])),
  );
  // The open channel would keep the process alive.
  process.disconnect();
  return args;
}

/** Whether `args` have to go through the channel. */
export function areTooLong(args: readonly string[]): boolean {
  return args.reduce((bytes, arg) => bytes + Buffer.byteLength(arg) + 1, 0) > LONGEST;
}

/** Runs `program` with `args` in a process of its own on this one's terminal, and returns its exit code. */
export async function runByChannel(program: string, args: readonly string[]): Promise<number> {
  const child = fork(program, [], { stdio: "inherit", env: { ...process.env, [FLAG]: "1" } });
  // Ctrl-C reaches the child too, which decides what to do.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.send(args);
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}
