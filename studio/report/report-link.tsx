import { addressOf } from "../asking.js";
import { useReport } from "./report-context.js";

/** Runs as one file, to send; not in such a file itself. */
export function ReportLink({ runs }: { readonly runs: readonly string[] }) {
  if (useReport() !== undefined) return null;
  return (
    <a className="button end" href={addressOf("/api/report", { runs })} download title="One file that needs no Studio">
      Save as a file
    </a>
  );
}
