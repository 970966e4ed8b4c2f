import type { OutputStream, Terminal } from "../../src/cli/terminal.js";

/** A terminal with a person before it, whose Ctrl-C is a function. */
export interface PersonsTerminal {
  readonly terminal: Terminal;
  /** What was written, and `exit CODE` where the process would have ended. */
  readonly log: string[];
  /** What listens to Ctrl-C. */
  readonly listeners: ReadonlySet<() => void>;
  press(): void;
}

export function personsTerminal(): PersonsTerminal {
  const log: string[] = [];
  const listeners = new Set<() => void>();
  const stream = {
    isTTY: true,
    columns: 100,
    write: (text: string) => log.push(text) > 0,
    once: () => {},
    off: () => {},
    on: () => {},
    // What cli-progress asks of a stream.
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => true,
  } satisfies OutputStream & Record<string, unknown>;
  const terminal: Terminal = {
    stdin: (async function* () {})(),
    stdout: stream,
    stderr: stream,
    environment: {},
    now: () => 0,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exit: (code) => void log.push(`exit ${code}`),
  };
  const press = (): void => {
    for (const listener of [...listeners]) listener();
  };
  return { terminal, log, press, listeners };
}

/** A terminal of a process whose outputs go to files: what was written is in `out` and `err`. */
export function writtenTerminal(now: () => number = () => 0): {
  readonly terminal: Terminal;
  readonly written: { out: string; err: string };
} {
  const written = { out: "", err: "" };
  const stream = (name: "out" | "err"): OutputStream => ({
    write: (text) => {
      written[name] += text;
      return true;
    },
    once: () => {},
    off: () => {},
    on: () => {},
  });
  const terminal: Terminal = {
    stdin: (async function* () {})(),
    stdout: stream("out"),
    stderr: stream("err"),
    environment: {},
    now,
    onInterrupt: () => () => {},
    exit: () => {},
  };
  return { terminal, written };
}
