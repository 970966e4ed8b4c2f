/** What a command knows of the process it runs in, so that a test can be that process. */

/** A stream that text is written to; `isTTY` where a person reads it. */
export interface OutputStream {
  readonly isTTY?: boolean;
  /** Width in characters, where it is a terminal; 0 where that does not know. */
  readonly columns?: number;
  write(text: string): boolean;
  once(event: "drain", listener: () => void): unknown;
  off(event: "drain", listener: () => void): unknown;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** A stream that bytes are read from. */
export interface InputStream extends AsyncIterable<Uint8Array> {
  readonly isTTY?: boolean;
  /** Reads no more, even where something waits for it. */
  destroy?(): unknown;
}

/** The surroundings of a command. */
export interface Terminal {
  readonly stdin: InputStream;
  /** Results and nothing else. */
  readonly stdout: OutputStream;
  /** Progress, notices and errors. */
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from some moment on, never going back. */
  now(): number;
  /** Calls `listener` at every Ctrl-C (SIGINT) and SIGTERM, until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    now: () => performance.now(),
    onInterrupt(listener) {
      process.on("SIGINT", listener).on("SIGTERM", listener);
      return () => void process.off("SIGINT", listener).off("SIGTERM", listener);
    },
    exit: (code) => process.exit(code),
  };
}

/** Whether colours and cursor movements may be written to `stream`: not with NO_COLOR (no-color.org), nor to a file. */
export function mayColor(terminal: Terminal, stream: OutputStream): boolean {
  const { NO_COLOR, TERM } = terminal.environment;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}

const CODES = { bold: [1, 22], red: [31, 39], yellow: [33, 39], dim: [2, 22] } as const;

/** `text` in a colour or weight, where `stream` takes one. */
export function styled(terminal: Terminal, stream: OutputStream, style: keyof typeof CODES, text: string): string {
  if (!mayColor(terminal, stream)) return text;
  const [on, off] = CODES[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
