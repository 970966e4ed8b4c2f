/** What stands around the pages of a report. */
import { useState } from "react";
import { Link, Redirect, Route, Switch } from "wouter";
import type { Recording } from "../../src/studio/wire/recording.js";
import { ComparePage } from "../pages/compare-page.js";
import { RunPage } from "../pages/run-page.js";
import { CrashGuard } from "../parts/crash-guard.js";
import { moment } from "../parts/numbers.js";
import { comparePage, runPage } from "../runs/run-address.js";
import { KeyList } from "../shell/key-list.js";
import { useKeys } from "../shell/keys.js";
import { ThemeSwitch } from "../shell/theme-switch.js";

export function ReportShell({ recording }: { readonly recording: Recording }) {
  const { runs, version, madeAt, leftOut } = recording;
  const [keysShown, showKeys] = useState(false);
  useKeys([{ keys: "?", label: "show the keys", run: () => showKeys(true) }]);
  const first = runs.length === 1 ? runPage(runs[0].id) : comparePage(runs.map(({ id }) => id));
  return (
    <div className="report">
      <header>
        <Link href={first} className="brand">
          Textune <span>report</span>
        </Link>
        <ThemeSwitch />
        <button type="button" className="quiet" onClick={() => showKeys(true)} title="Keys (?)">
          Keys <kbd>?</kbd>
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        <Switch>
          <Route path="/runs/:id">
            <CrashGuard>
              <RunPage />
            </CrashGuard>
          </Route>
          {runs.length > 1 && (
            <Route path="/compare">
              <CrashGuard>
                <ComparePage />
              </CrashGuard>
            </Route>
          )}
          <Route>
            <Redirect to={first} replace />
          </Route>
        </Switch>
        <footer className="muted">
          <p>
            Recorded {moment(madeAt)} with textune {version}. This file asks for nothing and changes nothing. Data,
            models and what the runs did later are not in it.
          </p>
          {leftOut.length > 0 && (
            <ul>
              {leftOut.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          )}
        </footer>
      </main>
      {keysShown && <KeyList onClose={() => showKeys(false)} />}
    </div>
  );
}
