import type { ReactNode } from "react";

/** The head of the page while a file is open, with the way back to the list of files. */
export function LabelHead(props: {
  readonly file: string;
  readonly onLeave: () => void;
  /** How much there is, or is done. */
  readonly children: ReactNode;
}) {
  const { file, onLeave, children } = props;
  return (
    <header className="page-head">
      <p className="crumb">
        <button type="button" className="quiet" onClick={onLeave}>
          Label
        </button>
      </p>
      <h1>{file}</h1>
      <p className="muted">{children}</p>
    </header>
  );
}
