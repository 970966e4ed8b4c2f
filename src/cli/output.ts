import { TextuneError } from "../base/errors.js";
import { printable } from "../base/printable.js";
import { type OutputStream, styled, type Terminal } from "./terminal.js";

/** The reader of standard output went away (`textune predict … | head -1`): the command ends, and that is no failure. */
export class OutputClosed extends Error {}

/** Writes results, never faster than they are read. */
export interface ResultWriter {
  /** @throws OutputClosed when nobody reads any more; E_STORE when it cannot be written */
  write(text: string): Promise<void>;
}

/** A writer of results to `stream`. */
export function createResultWriter(stream: OutputStream): ResultWriter {
  let failure: NodeJS.ErrnoException | undefined;
  let wake: (() => void) | undefined;
  stream.on("error", (error) => {
    failure ??= error;
    wake?.();
  });
  const check = (): void => {
    if (failure === undefined) return;
    if (failure.code === "EPIPE") throw new OutputClosed();
    const reason = failure.code === "ENOSPC" ? "no space is left on the device" : failure.message;
    throw new TextuneError("E_STORE", `standard output: ${reason}`, failure);
  };
  return {
    async write(text) {
      check();
      if (!stream.write(text)) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            stream.off("drain", done);
            wake = undefined;
            resolve();
          };
          wake = done;
          stream.once("drain", done);
        });
      }
      check();
    },
  };
}

/** What is said besides the results: on standard error, and not at all with `--quiet`. */
export interface Notices {
  /** How things go. */
  say(line: string): void;
  /** What a user should know though it is no error; said with `--quiet` too. */
  warn(line: string): void;
}

/** Notices on the terminal's standard error. */
export function createNotices(terminal: Terminal, quiet: boolean): Notices {
  const { stderr } = terminal;
  return {
    say: (line) => {
      if (!quiet) stderr.write(`${printable(line)}\n`);
    },
    warn: (line) => void stderr.write(`${styled(terminal, stderr, "yellow", "note:")} ${printable(line)}\n`),
  };
}
