import type { Terminal } from "./terminal.js";

/** What a command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
}
