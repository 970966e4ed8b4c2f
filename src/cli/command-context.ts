import type { Terminal } from "./terminal.js";

/** What a command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}
