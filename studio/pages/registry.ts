/** The pages, in the order of the navigation. A new one is a file beside this one and an entry here. */
import { type ComponentType, lazy } from "react";

export interface PageEntry {
  /** As wouter has it: ":id" is a parameter. */
  readonly path: string;
  readonly title: string;
  /** Where it stands in the navigation; a page without is reached from others. */
  readonly section?: "Look" | "Do";
  /** "g" and this open it. */
  readonly key?: string;
  /** Drawn in a square of 16: the way of an SVG path, stroked. */
  readonly icon?: string;
  readonly component: ComponentType;
}

export const pages: readonly PageEntry[] = [
  {
    path: "/runs",
    title: "Runs",
    section: "Look",
    key: "r",
    icon: "M2.5 4h11M2.5 8h11M2.5 12h7",
    component: lazy(() => import("./runs-page.js").then(({ RunsPage }) => ({ default: RunsPage }))),
  },
  {
    path: "/label",
    title: "Label",
    section: "Do",
    key: "l",
    icon: "M2.5 3.5h6l5 4.5-5 4.5h-6zM5 8h.01",
    component: lazy(() => import("./label-page.js").then(({ LabelPage }) => ({ default: LabelPage }))),
  },
  {
    path: "/runs/:id",
    title: "A run",
    component: lazy(() => import("./run-page.js").then(({ RunPage }) => ({ default: RunPage }))),
  },
  {
    path: "/runs/:id/correct",
    title: "Correct labels",
    component: lazy(() => import("./correct-page.js").then(({ CorrectPage }) => ({ default: CorrectPage }))),
  },
  {
    path: "/compare",
    title: "Compare",
    section: "Look",
    key: "c",
    icon: "M4 2.5v11M12 2.5v11M1.5 5h5M9.5 9h5",
    component: lazy(() => import("./compare-page.js").then(({ ComparePage }) => ({ default: ComparePage }))),
  },
  {
    path: "/sweeps",
    title: "Sweeps",
    section: "Look",
    key: "s",
    icon: "M3 13V8M8 13V3M13 13V6M1.5 13.5h13",
    component: lazy(() => import("./sweeps-page.js").then(({ SweepsPage }) => ({ default: SweepsPage }))),
  },
  {
    path: "/sweeps/:id",
    title: "A sweep",
    component: lazy(() => import("./sweep-page.js").then(({ SweepPage }) => ({ default: SweepPage }))),
  },
  {
    path: "/artifacts",
    title: "Artifacts",
    section: "Look",
    key: "a",
    icon: "M8 1.8 13.8 5v6L8 14.2 2.2 11V5zM2.2 5 8 8.2 13.8 5M8 8.2v6",
    component: lazy(() => import("./artifacts-page.js").then(({ ArtifactsPage }) => ({ default: ArtifactsPage }))),
  },
  {
    path: "/artifacts/:project/:name/:version",
    title: "An artifact",
    component: lazy(() => import("./artifact-page.js").then(({ ArtifactPage }) => ({ default: ArtifactPage }))),
  },
  {
    path: "/data",
    title: "Data",
    section: "Look",
    key: "d",
    icon: "M2.5 4c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2-2.5 2-5.5 2-5.5-.8-5.5-2zM2.5 4v8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2V4M2.5 8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2",
    component: lazy(() => import("./data-sets-page.js").then(({ DataSetsPage }) => ({ default: DataSetsPage }))),
  },
  {
    path: "/data/:set",
    title: "A data set",
    component: lazy(() => import("./data-set-page.js").then(({ DataSetPage }) => ({ default: DataSetPage }))),
  },
  {
    path: "/try",
    title: "Try it",
    section: "Do",
    key: "t",
    icon: "M2.5 3h11v8H7l-3 2.5V11H2.5zM5 6h6M5 8.3h4",
    component: lazy(() => import("./try-page.js").then(({ TryPage }) => ({ default: TryPage }))),
  },
  {
    path: "/start",
    title: "Start",
    section: "Do",
    key: "n",
    icon: "M4.5 2.5v11l8.5-5.5z",
    component: lazy(() => import("./start-page.js").then(({ StartPage }) => ({ default: StartPage }))),
  },
];
