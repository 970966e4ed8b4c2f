/** Labelling a file: choose one, then a key for each row. */
import type { LabelFiles } from "../../src/studio/wire/labels.js";
import { useApi } from "../asking.js";
import { BeginLabels } from "../labels/begin-labels.js";
import { LabelFile } from "../labels/label-file.js";
import { Answer, Empty } from "../parts/states.js";
import { useAddressState } from "../shell/address-state.js";
import { FileChooser } from "../start/file-chooser.js";
import "../style/labels.css";
import "../style/start.css";

export function LabelPage() {
  const [{ file }, change] = useAddressState({ file: "" });
  const files = useApi<LabelFiles>("/api/label/files");
  return (
    <Answer of={files}>
      {(found) =>
        file === "" ? (
          <>
            <header className="page-head">
              <h1>Label</h1>
              <p className="muted">Files in {found.folder}</p>
            </header>
            {found.files.length === 0 ? (
              <Empty title="No files to label here">
                <p>Put a CSV, JSON, Parquet or text file into this folder, or start the Studio where your data is:</p>
                <pre>cd my-data && textune studio</pre>
              </Empty>
            ) : (
              <>
                <p className="muted">
                  Choose a file with texts. You label row by row with a key for each class; a classifier that learns
                  from your labels picks the rows that help it most, and says when more of them help no longer.
                </p>
                <ul className="file-list">
                  {found.files.map(({ path, labels }) => (
                    <li key={path}>
                      <button type="button" onClick={() => change({ file: path })}>
                        <span>{path}</span>
                        <span className="muted">{labels ? "go on" : "begin"}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </>
            )}
            <details>
              <summary>Another file: packed, a database, deeper in a folder</summary>
              <FileChooser chosen={file} onChoose={(path) => change({ file: path })} />
            </details>
          </>
        ) : (
          <BeginLabels key={file} file={file} onLeave={() => change({ file: "" })}>
            {(state) => <LabelFile first={state} strategies={found.strategies} onLeave={() => change({ file: "" })} />}
          </BeginLabels>
        )
      }
    </Answer>
  );
}
