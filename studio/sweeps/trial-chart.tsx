/** What each trial came to, and the best so far. */
import type { SweepDetails, SweepTrial } from "../../src/studio/wire/sweeps.js";
import { useMeasuredWidth } from "../parts/measured-width.js";
import { shortNumber } from "../parts/numbers.js";
import { niceTicks, rangeOf } from "../parts/scale.js";
import { bestSoFar, resultOf } from "./rank-trials.js";

const HEIGHT = 220;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 12, 10, 34];

export function TrialChart(props: {
  readonly sweep: SweepDetails;
  /** Trials that are not faded. */
  readonly kept: (trial: SweepTrial) => boolean;
  readonly onOpen: (trial: SweepTrial) => void;
}) {
  const { sweep, kept, onOpen } = props;
  const [frame, width] = useMeasuredWidth<HTMLDivElement>(480);
  const shown = sweep.trials.filter(({ value }) => typeof value === "number");
  const [low, high] = rangeOf(shown.map(({ value }) => value as number));
  const last = Math.max(1, sweep.trials.length - 1);
  const x = (number: number): number => LEFT + (number / last) * (width - LEFT - RIGHT);
  const y = (value: number): number => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const steps = bestSoFar(sweep);
  const best = steps.at(-1);
  const way = steps.map(
    ({ number, value }, i) => `${i === 0 ? "M" : "H"}${x(number)}${i === 0 ? "," : "V"}${y(value)}`,
  );
  const { name = "value" } = sweep.metric ?? {};
  const described = `${name} of ${shown.length} trials${best === undefined ? "" : `; the best is ${shortNumber(best.value)}, of trial ${best.number}`}`;
  return (
    <div ref={frame} className="chart">
      <svg width={width} height={HEIGHT} role="img" aria-label={described}>
        {niceTicks(low, high, 5).map((tick) => (
          <g key={tick} transform={`translate(0 ${y(tick)})`}>
            <line className="grid" x1={LEFT} x2={width - RIGHT} />
            <text x={LEFT - 8} dy="0.32em" textAnchor="end">
              {shortNumber(tick)}
            </text>
          </g>
        ))}
        {niceTicks(0, last, Math.min(last, Math.max(2, Math.floor(width / 90))))
          .filter(Number.isInteger)
          .map((tick) => (
            <text key={tick} x={x(tick)} y={HEIGHT - BOTTOM + 16} textAnchor="middle">
              {tick}
            </text>
          ))}
        <text className="axis-title" x={LEFT + (width - LEFT - RIGHT) / 2} y={HEIGHT - 4} textAnchor="middle">
          trial
        </text>
        {way.length > 0 && <path className="best-so-far" d={`${way.join("")}H${x(last)}`} />}
        {shown.map((trial) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the table below has a link to every run
          <circle
            key={trial.number}
            className={`trial ${resultOf(trial) === undefined ? "aside" : ""} ${kept(trial) ? "" : "faded"}`}
            cx={x(trial.number)}
            cy={y(trial.value as number)}
            r={trial.number === best?.number ? 5 : 3.5}
            onClick={() => onOpen(trial)}
          >
            <title>{`Trial ${trial.number}: ${name} ${shortNumber(trial.value as number)}, ${trial.violation > 0 ? "breaks a constraint" : trial.state}`}</title>
          </circle>
        ))}
      </svg>
      <p className="legend muted">
        <span>
          <span className="key-line" />
          best so far
        </span>
        <span>
          <span className="key-dot" />a trial
        </span>
        <span>
          <span className="key-dot aside" />
          stopped, or breaks a constraint
        </span>
      </p>
    </div>
  );
}
