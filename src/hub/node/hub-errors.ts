/** What went wrong with a repository of the hub, in a sentence that says what to do. */
import { fail } from "../../base/errors.js";
import type { HttpError } from "./retrying.js";

/** Which repository. */
export interface RepoName {
  readonly type: "model" | "dataset";
  /** `owner/name`, or `name` for the oldest. */
  readonly id: string;
  /** What else may be meant, as in `did you mean "…"?`; said where there is no such repository. */
  readonly hint?: string;
}

/** What to do about an answer that the Hugging Face Hub does not give. */
export const OTHER_HUB = "check the address of the hub (HF_ENDPOINT)";

export const KINDS = { model: "model", dataset: "data set" } as const;

/** The status of the answer that `error` is about. */
export function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

/** @throws E_ABORTED */
export function stopped(name: RepoName, error: unknown): never {
  return fail(
    "E_ABORTED",
    { where: name.id, got: "the download was stopped; it goes on where it ended next time" },
    error,
  );
}

/** @throws E_HUB, or E_STORE where the disk is full */
export function explain(error: unknown, { type, id, hint = "" }: RepoName, revision: string, storage: string): never {
  const status = statusOf(error);
  const kind = KINDS[type];
  const place = { where: `${id} (revision "${revision}")` };
  // A name that is mistyped is more likely than a hub that fails.
  const noFolder = type === "model" ? "no such folder here, and " : "";
  if (status === 401 || status === 403) {
    // The hub answers 401 for what does not exist, too, when nobody is logged in.
    return fail(
      "E_HUB",
      {
        ...place,
        expected: type === "model" ? "a folder, or a model that may be read" : `a ${kind} that may be read`,
        got: `${noFolder}the hub's answer ${status}`,
        fix: `check the name${hint === "" ? "" : ` (${hint})`}; for a gated or private ${kind} pass a token (HF_TOKEN) of an account that may read it`,
      },
      error,
    );
  }
  if (status === 404)
    return fail(
      "E_HUB",
      {
        ...place,
        expected: type === "model" ? "a folder, or a model on the hub" : "a data set on the hub",
        got: type === "model" ? "neither" : "none",
        fix: hint === "" ? "check the name and the revision" : hint,
      },
      error,
    );
  if (status === 429) {
    const wait = (error as HttpError).retryAfter;
    const later = wait === undefined ? "later" : `in ${Math.ceil(wait / 1000)} s`;
    return fail(
      "E_HUB",
      {
        ...place,
        expected: "a download",
        got: "the hub's answer 429: too many requests",
        fix: `try again ${later}; with a token (HF_TOKEN) the hub allows more of them`,
      },
      error,
    );
  }
  const code =
    (error as NodeJS.ErrnoException).code ?? ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOSPC")
    return fail(
      "E_STORE",
      {
        where: storage,
        option: "cacheDir",
        expected: "room for the download",
        got: "a full disk",
        fix: "make room, or choose another folder",
        set: { cacheDir: "…" },
      },
      error,
    );
  const cause = ((error as Error).cause as Error | undefined)?.message;
  const got =
    status === undefined
      ? `no connection (${code ?? cause ?? (error as Error).message.split("\n")[0]})`
      : `the hub's answer ${status}`;
  return fail(
    "E_HUB",
    {
      ...place,
      expected: type === "model" ? "a folder, or a model to download" : "a download",
      got: `${noFolder}${got}`,
      fix: `check ${type === "model" ? "the name and the network," : "the network"} and try again: a download goes on where it ended`,
    },
    error,
  );
}
