/** The page of a report: the Studio's pages of some runs, from what stands in the file. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Router } from "wouter";
import type { Recording } from "../../src/studio/wire/recording.js";
import { answerFrom } from "../asking.js";
import { Failure } from "../parts/states.js";
import { keptAnswers } from "../shell/kept-answers.js";
import { applyTheme, storedTheme } from "../shell/theme.js";
import { hashHref, useHashLocation, useHashSearch } from "./hash-location.js";
import { recordedAnswer } from "./recorded-answers.js";
import { ReportContext } from "./report-context.js";
import { ReportShell } from "./report-shell.js";
import "../style/base.css";
import "../style/shell.css";
import "../style/parts.css";
import "../style/curves.css";
import "../style/report.css";

applyTheme(storedTheme());

async function unpacked(): Promise<Recording> {
  const text = document.getElementById("recording")?.textContent ?? "";
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as Recording;
}

async function show(place: HTMLElement): Promise<void> {
  const root = createRoot(place);
  try {
    const recording = await unpacked();
    answerFrom((path, query) => recordedAnswer(recording, path, query));
    root.render(
      <StrictMode>
        <QueryClientProvider client={keptAnswers()}>
          <ReportContext value={recording}>
            <Router hook={useHashLocation} searchHook={useHashSearch} hrefs={hashHref}>
              <ReportShell recording={recording} />
            </Router>
          </ReportContext>
        </QueryClientProvider>
      </StrictMode>,
    );
  } catch {
    root.render(<Failure error={new Error("The file is damaged, or this browser is too old to unpack it.")} />);
  }
}

const place = document.getElementById("page");
if (place !== null) void show(place);
