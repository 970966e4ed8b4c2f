import { createContext, useContext } from "react";
import type { Recording } from "../../src/studio/wire/recording.js";

export const ReportContext = createContext<Recording | undefined>(undefined);

/** What the page shows, where it is a file that was sent: it has no server to ask, and other runs are not in it. */
export function useReport(): Recording | undefined {
  return useContext(ReportContext);
}
