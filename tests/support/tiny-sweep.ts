/** A sweep of a formula in the place of a training: real trials and runs, in no time. */
import { agent, init, sweep } from "../../src/tracking/index.js";

/** Its id. Accuracy is best near a learning rate of 0.001 and depends little on the rest; trial 2 fails. */
export async function tinySweep(dir: string, { name, trials }: { readonly name: string; readonly trials: number }) {
  const config = {
    name,
    method: "random" as const,
    seed: 3,
    metric: { name: "accuracy", goal: "maximize" as const },
    parameters: {
      learningRate: { distribution: "log_uniform_values", min: 1e-5, max: 1e-1 },
      batchSize: { values: [8, 16, 32] },
      schedule: { values: ["linear", "cosine"] },
    },
    run_cap: trials,
  };
  const id = await sweep(config, { dir, project: "tickets" });
  await agent(
    id,
    async ({ number, config: { learningRate, batchSize } }) => {
      const run = await init({ dir, settings: { statsSamplingInterval: 0, console: false } });
      if (number === 2) throw new Error("<b>out of</b> memory");
      const distance = Math.log10(Number(learningRate) / 1e-3);
      run.log({ accuracy: 0.9 - 0.1 * distance ** 2 + Number(batchSize) / 1000 });
      await run.finish();
    },
    { dir },
  );
  return id;
}
