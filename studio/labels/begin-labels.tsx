/** Which column is labelled, and with which classes; a file that was begun goes on by itself. */
import { type ReactNode, useEffect, useState } from "react";
import type { FileColumns, LabelState } from "../../src/studio/wire/labels.js";
import { ask, useApi } from "../asking.js";
import { Answer, Failure, Loading } from "../parts/states.js";
import { LabelHead } from "./label-head.js";

interface Props {
  readonly file: string;
  readonly onLeave: () => void;
  readonly children: (state: LabelState) => ReactNode;
}

export function BeginLabels({ file, ...props }: Props) {
  const columns = useApi<FileColumns>("/api/label/columns", { path: file });
  return <Answer of={columns}>{(found) => <Begin file={file} found={found} {...props} />}</Answer>;
}

function Begin({ file, found, onLeave, children }: Props & { readonly found: FileColumns }) {
  const [state, setState] = useState<LabelState>();
  const [error, setError] = useState<Error>();
  const [text, setText] = useState(found.text);
  const [classes, setClasses] = useState("");
  const { begun } = found;
  const open = (request: object): void => {
    setError(undefined);
    ask<LabelState>("/api/label/open", { method: "POST", body: { path: file, ...request } }).then(setState, setError);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file that was begun is opened once
  useEffect(() => {
    if (begun !== undefined) open({ text: begun.text, textPair: begun.textPair, classes: begun.classes });
  }, []);
  if (state !== undefined) return children(state);
  if (error !== undefined && begun !== undefined) return <Failure error={error} />;
  if (begun !== undefined) return <Loading />;
  const names = namesIn(classes);
  return (
    <>
      <LabelHead file={file} onLeave={onLeave}>
        {found.rows.toLocaleString("en")} rows
      </LabelHead>
      <form
        className="card stacked"
        onSubmit={(event) => {
          event.preventDefault();
          open({ text, classes: names });
        }}
      >
        <label>
          Column with the texts
          <select value={text} onChange={(event) => setText(event.target.value)}>
            {found.columns.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          Classes, one a line
          <textarea
            rows={6}
            value={classes}
            onChange={(event) => setClasses(event.target.value)}
            placeholder={"positive\nnegative"}
          />
        </label>
        <p className="muted">
          Each gets a key: 1 to 9, then letters. More can be named later. Labels are written to {file}.labels.jsonl.
        </p>
        {error !== undefined && <Failure error={error} />}
        <button type="submit" className="primary" disabled={names.length < 2}>
          {names.length < 2 ? "Name two classes at least" : "Begin"}
        </button>
      </form>
    </>
  );
}

function namesIn(text: string): string[] {
  return [...new Set(text.split(/\n/).map((name) => name.trim()))].filter((name) => name !== "");
}
