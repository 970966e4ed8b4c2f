/** Every parameter drawn from its distribution. */
import type { Method } from "./method.js";
import { settingAt } from "./space.js";

export const randomSearch: Method = {
  name: "random",
  needsMetric: false,
  size: () => undefined,
  suggest(space, number, _past, random) {
    const own = random.fork(number);
    return settingAt(space, () => own.float());
  },
};
