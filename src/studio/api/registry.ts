/** The Studio's interface, path by path. A new area is a file beside this one and a line here. */
import type { Route } from "../route.js";
import { artifactRoutes } from "./artifacts.js";
import { correctionRoutes } from "./corrections.js";
import { curveRoutes } from "./curves.js";
import { dataRoutes } from "./data.js";
import { labelRoutes } from "./labels.js";
import { loggedRoutes } from "./logged.js";
import { modelRoutes } from "./models.js";
import { reportRoutes } from "./report.js";
import { runRoutes } from "./runs.js";
import { studioRoutes } from "./studio.js";
import { sweepRoutes } from "./sweeps.js";
import { trainingRoutes } from "./trainings.js";

export const routes: readonly Route[] = [
  studioRoutes,
  artifactRoutes,
  curveRoutes,
  correctionRoutes,
  dataRoutes,
  labelRoutes,
  loggedRoutes,
  modelRoutes,
  reportRoutes,
  runRoutes,
  sweepRoutes,
  trainingRoutes,
].flat();
