import type { JsonObject } from "./json.js";

/** What a run was made with: enough to say later whether another one is like it. */
export interface Environment {
  /** The command line, word by word. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: {
    readonly host: string;
    readonly system: string;
    readonly architecture: string;
    readonly processor: string;
    readonly cores: number;
    /** Bytes. */
    readonly memory: number;
    readonly gpus: readonly string[];
  };
  /** Undefined outside a Git repository. */
  readonly git?: GitFacts;
  /** Fingerprints and sizes of the parts of the data, where it was told. */
  readonly data?: JsonObject;
  /** The model that was started from, where it was told. */
  readonly model?: JsonObject;
  /** What `textune runs reproduce` needs, where the run was made by a command. */
  readonly reproduce?: JsonObject;
}

export interface GitFacts {
  readonly commit: string;
  readonly branch: string;
  /** Whether tracked files were as they were committed. */
  readonly clean: boolean;
  /** Address of the remote, without a password. */
  readonly remote?: string;
}
