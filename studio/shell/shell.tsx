/** What stands around every page: navigation, keys, theme, connection. */
import { Suspense, useState } from "react";
import { Link, Redirect, Route, Switch, useLocation, useRoute } from "wouter";
import type { StudioFacts } from "../../src/studio/wire/studio.js";
import { useApi } from "../asking.js";
import { type PageEntry, pages } from "../pages/registry.js";
import { CrashGuard } from "../parts/crash-guard.js";
import { Icon } from "../parts/icon.js";
import { Loading } from "../parts/states.js";
import { KeyList } from "./key-list.js";
import { useKeys } from "./keys.js";
import { useLive } from "./live.js";
import { ThemeSwitch } from "./theme-switch.js";

export function Shell() {
  const connected = useLive();
  const [, go] = useLocation();
  const [keysShown, showKeys] = useState(false);
  const { data: facts } = useApi<StudioFacts>("/api/studio");
  useKeys([
    { keys: "?", label: "show the keys", run: () => showKeys(true) },
    { keys: "/", label: "search", run: () => document.querySelector<HTMLElement>("[type=search]")?.focus() },
    ...pages.flatMap(({ path, title, key }) =>
      key === undefined ? [] : [{ keys: `g ${key}`, label: title, run: () => go(path) }],
    ),
  ]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <nav className="side" aria-label="Pages">
        <Link href="/runs" className="brand">
          Textune <span>Studio</span>
        </Link>
        {(["Look", "Do"] as const).map((section) => (
          <ul key={section}>
            {pages
              .filter((page) => page.section === section)
              .map((page) => (
                <NavigationLink key={page.path} {...page} />
              ))}
          </ul>
        ))}
        <div className="foot">
          <ThemeSwitch />
          <button type="button" className="quiet" onClick={() => showKeys(true)} title="Keys (?)">
            Keys <kbd>?</kbd>
          </button>
          {facts?.readOnly === true && <p className="note">Read-only</p>}
        </div>
      </nav>
      <main id="main" tabIndex={-1}>
        {!connected && (
          <p className="banner" role="status">
            No connection to the Studio. Is textune studio still running? The page goes on when it answers.
          </p>
        )}
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/">
              <Redirect to="/runs" replace />
            </Route>
            {pages.map(({ path, component: Page }) => (
              <Route key={path} path={path}>
                <CrashGuard key={path}>
                  <Page />
                </CrashGuard>
              </Route>
            ))}
            <Route>
              <h1>No such page</h1>
              <p>
                Nothing stands at this address. <Link href="/runs">Go to the runs.</Link>
              </p>
            </Route>
          </Switch>
        </Suspense>
      </main>
      {keysShown && <KeyList onClose={() => showKeys(false)} />}
    </div>
  );
}

function NavigationLink({ path, title, icon, key: letter }: PageEntry) {
  const [active] = useRoute(`${path}/*?`);
  return (
    <li>
      <Link href={path} aria-current={active ? "page" : undefined} title={`${title} (g ${letter})`}>
        {icon !== undefined && <Icon path={icon} />}
        {title}
      </Link>
    </li>
  );
}
