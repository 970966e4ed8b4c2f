import { useState } from "react";
import type { FileList } from "../../src/studio/wire/trainings.js";
import { useApi } from "../asking.js";
import { Icon } from "../parts/icon.js";
import { bytes } from "../parts/numbers.js";
import { Answer } from "../parts/states.js";

const FOLDER = "M1.5 4.2h4.6l1.3 1.6h7.1v7h-13z";
const FILE = "M3.5 1.8h6l3 3v9.4h-9zM9.2 1.8v3.3h3.3";

/** A file of the Studio's folder, found by going through folders. */
export function FileChooser(props: { readonly chosen: string; readonly onChoose: (path: string) => void }) {
  const { chosen, onChoose } = props;
  const [folder, setFolder] = useState("");
  const list = useApi<FileList>("/api/files", { folder: folder === "" ? undefined : folder });
  const above = folder.split("/").slice(0, -1).join("/");
  return (
    <div className="file-chooser">
      <p className="row muted">
        <span>{folder === "" ? "the folder of the Studio" : `${folder}/`}</span>
        {folder !== "" && (
          <button type="button" onClick={() => setFolder(above)}>
            Up
          </button>
        )}
      </p>
      <Answer of={list}>
        {({ entries, cut }) => (
          <>
            {entries.length === 0 && <p className="muted">Nothing stands here.</p>}
            <ul aria-label="Files">
              {entries.map(({ name, path, kind, bytes: size }) => (
                <li key={path}>
                  <button
                    type="button"
                    className="quiet"
                    aria-pressed={kind === "file" ? path === chosen : undefined}
                    onClick={() => (kind === "folder" ? setFolder(path) : onChoose(path))}
                  >
                    <Icon path={kind === "folder" ? FOLDER : FILE} />
                    <span>{name}</span>
                    <span className="muted">{kind === "folder" ? "" : bytes(size)}</span>
                  </button>
                </li>
              ))}
            </ul>
            {cut && <p className="muted">There are more; they are not shown.</p>}
          </>
        )}
      </Answer>
    </div>
  );
}
