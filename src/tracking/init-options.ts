/** The options of a run as types. Written by scripts/build-options.ts from the schema in options.ts. */

/** How a run is made: W&B's names in camelCase. */
export type InitOptions = {
  /** Project that the run belongs to. Default: "uncategorized". */
  readonly project?: string | undefined;
  /** Group of runs that belong together, such as folds or seeds. Default: "". */
  readonly group?: string | undefined;
  /** What the run does, such as train or evaluate. Default: "". */
  readonly jobType?: string | undefined;
  /** Name of the run; two words and a number by default. Default: "". */
  readonly name?: string | undefined;
  /** Words to find the run by. Default: []. */
  readonly tags?: readonly string[] | undefined;
  /** What is to be said of the run. Default: "". */
  readonly notes?: string | undefined;
  /** What the run is made with. Default: {}. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** Online and offline record to the store alike; disabled records nothing. Default: "online". */
  readonly mode?: "online" | "offline" | "disabled" | undefined;
  /** The run's id, chosen by hand; random by default. */
  readonly id?: string | undefined;
  /** Whether a run of this id is taken up where it ended. Default: "never". */
  readonly resume?: boolean | "allow" | "must" | "never" | "auto" | undefined;
  /** Folder of the store, or address of a PostgreSQL database. */
  readonly dir?: string | undefined;
  /** What is recorded beside what is logged. Default: {}. */
  readonly settings?: InitSettings | undefined;
  /** Called with what a user should know; by default it is written to standard error. */
  readonly onWarning?: ((line: string) => void) | undefined;
};

/** What is recorded of the machine and the process. */
export type InitSettings = {
  /** Seconds between two looks at the machine. Default: 5. */
  readonly statsSamplingInterval?: number | undefined;
  /** Record what the process prints. Default: true. */
  readonly console?: boolean | undefined;
};
