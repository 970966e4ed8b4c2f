import type { DataSetRow } from "../../src/studio/wire/data.js";

const WORDS = {
  there: "file there",
  gone: "file gone",
  elsewhere: "not on this computer",
  unknown: "of a program",
} as const;

/** Whether the files of a data set are where they were, as a word with a dot. */
export function DataState({ state }: Pick<DataSetRow, "state">) {
  const looks = { there: "finished", gone: "failed", elsewhere: "killed", unknown: "" } as const;
  return <span className={`run-state ${looks[state]}`}>{WORDS[state]}</span>;
}
