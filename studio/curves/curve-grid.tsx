/** The curves of some runs: a chart for each metric, in sections by the first part of its name. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { CurveList, MetricList } from "../../src/studio/wire/curves.js";
import { countsEpochs } from "../../src/tracking/epoch-metric.js";
import { useApi } from "../asking.js";
import { shortNumber } from "../parts/numbers.js";
import { Answer, Empty } from "../parts/states.js";
import { isDull, rankInPart } from "../runs/result-order.js";
import { CurveChart } from "./curve-chart.js";
import { type ChangeCurveSettings, CurveBar, type CurveSettings, useCurveSettings } from "./curve-settings.js";
import { averageCurves, type DrawnCurve } from "./drawn-curve.js";

/** A run whose curves are shown. */
export interface CurveRun {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  /** Runs of one group are shown as their average. */
  readonly group?: string | undefined;
}

const HEIGHT = 190;
/** Sections in this order, others between; what the machine did is closed at first. */
const FIRST = ["train", "validation", "test"];
const LAST = "system";

export function CurveGrid({ runs, only }: { readonly runs: readonly CurveRun[]; readonly only?: string }) {
  // What a machine does goes on between the steps too.
  const [settings, change] = useCurveSettings(only === LAST ? "time" : "step");
  const ids = runs.map(({ id }) => id);
  const list = useApi<MetricList>("/api/metrics", { runs: ids }, { enabled: ids.length > 0 });
  if (ids.length === 0)
    return (
      <Empty title="No run is chosen">
        <p>Mark runs in the table to see their curves.</p>
      </Empty>
    );
  return (
    <Answer of={list}>
      {({ metrics: all }) => {
        const metrics = all.filter(({ name }) => only === undefined || sectionOf(name) === only);
        const found = metrics.filter(({ name }) => name.toLowerCase().includes(settings.search.toLowerCase()));
        const shared = { runs, settings, onChange: change };
        const axes = all.map(({ name }) => name).filter(countsEpochs);
        return (
          <section className="curves" aria-label="Curves">
            <CurveBar settings={settings} onChange={change} axes={axes} />
            {metrics.length === 0 && <Empty title="No curves yet">These runs logged no numbers.</Empty>}
            {metrics.length > 0 && found.length === 0 && <Empty title="No metric of this name" />}
            {sectionsOf(found).map(([section, held]) => (
              <details key={section} open={section !== LAST || only === LAST}>
                <summary>
                  {section} <span className="muted">{held.length}</span>
                </summary>
                <Charts metrics={held.filter(({ name }) => !isDull(name))} {...shared} />
                <DullCharts metrics={held.filter(({ name }) => isDull(name))} {...shared} />
              </details>
            ))}
          </section>
        );
      }}
    </Answer>
  );
}

type Metric = MetricList["metrics"][number];

interface ChartsProps {
  readonly metrics: readonly Metric[];
  readonly runs: readonly CurveRun[];
  readonly settings: CurveSettings;
  readonly onChange: ChangeCurveSettings;
}

function Charts({ metrics, runs, settings, onChange }: ChartsProps) {
  return (
    <div className="charts">
      {metrics.map(({ name, points }) =>
        points === 1 ? (
          <ValueCard key={name} metric={name} runs={runs} />
        ) : (
          <CurveCard key={name} metric={name} runs={runs} settings={settings} onChange={onChange} />
        ),
      )}
    </div>
  );
}

/** Charts that are there for who asks, or searches, for them. */
function DullCharts({ metrics, ...shared }: ChartsProps) {
  if (metrics.length === 0) return null;
  return (
    <details className="dull" open={shared.settings.search !== ""}>
      <summary>
        <span className="muted">{metrics.map(({ name }) => shortName(name)).join(", ")}</span>
      </summary>
      <Charts metrics={metrics} {...shared} />
    </details>
  );
}

/** "train/loss" and "system.cpu" stand in the sections train and system. */
const sectionOf = (name: string): string => /^([^/]+)\//.exec(name)?.[1] ?? /^(system)\./.exec(name)?.[1] ?? "others";

function sectionsOf(metrics: readonly Metric[]): [string, Metric[]][] {
  const sections = new Map<string, Metric[]>();
  for (const metric of [...metrics].sort((a, b) => rankInPart(a.name) - rankInPart(b.name))) {
    const section = sectionOf(metric.name);
    sections.set(section, [...(sections.get(section) ?? []), metric]);
  }
  const rank = (section: string): number =>
    section === LAST ? FIRST.length + 1 : FIRST.includes(section) ? FIRST.indexOf(section) : FIRST.length;
  return [...sections].sort(([a], [b]) => rank(a) - rank(b));
}

/** The part that is asked for: a little more than is seen, so that lines go on to the edge. */
const BESIDE = 0.02;

function CurveCard(props: {
  readonly metric: string;
  readonly runs: readonly CurveRun[];
  readonly settings: CurveSettings;
  readonly onChange: ChangeCurveSettings;
}) {
  const { metric, runs, settings, onChange } = props;
  const { axis, smoothing, logarithmic, zoom } = settings;
  const [large, setLarge] = useState(false);
  const { place, seen, width } = useSeen();
  const margin = zoom === undefined ? 0 : BESIDE * (zoom.to - zoom.from);
  const curves = useApi<CurveList>(
    "/api/curves",
    {
      ...{ metric, axis, runs: runs.map(({ id }) => id), rows: Math.max(100, Math.ceil(width)) },
      ...(zoom === undefined ? {} : { from: zoom.from - margin, to: zoom.to + margin }),
    },
    { enabled: seen && width > 0 },
  );
  const { data } = curves;
  const drawn = useMemo(() => (data === undefined ? [] : drawnCurves(data.curves, runs)), [data, runs]);
  return (
    <figure className={large ? "card chart-card large" : "card chart-card"} ref={place}>
      <figcaption>
        <span title={metric}>{shortName(metric)}</span>
        <button
          type="button"
          className="quiet"
          aria-label={large ? `Make ${metric} small` : `Make ${metric} large`}
          onClick={() => setLarge(!large)}
        >
          {large ? "⤡" : "⤢"}
        </button>
      </figcaption>
      <Answer of={curves} height={large ? 2 * HEIGHT : HEIGHT}>
        {() => (
          <CurveChart
            title={metric}
            curves={drawn}
            smoothing={smoothing}
            logarithmic={logarithmic}
            axis={axis}
            zoom={zoom}
            onZoom={(next) => onChange({ zoom: next })}
            height={large ? 2 * HEIGHT : HEIGHT}
          />
        )}
      </Answer>
    </figure>
  );
}

/** A metric with one value: a bar for each run. */
function ValueCard({ metric, runs }: { readonly metric: string; readonly runs: readonly CurveRun[] }) {
  const { place, seen } = useSeen();
  const query = { metric, runs: runs.map(({ id }) => id), rows: 2 };
  const curves = useApi<CurveList>("/api/curves", query, { enabled: seen });
  return (
    <figure className="card chart-card" ref={place}>
      <figcaption>
        <span title={metric}>{shortName(metric)}</span>
      </figcaption>
      <Answer of={curves}>
        {({ curves: held }) => {
          const values = new Map(held.map(({ run, mean }) => [run, mean.at(-1) ?? Number.NaN]));
          const most = Math.max(...[...values.values()].filter(Number.isFinite).map(Math.abs), 1e-300);
          return (
            <ul className="bars">
              {runs.flatMap(({ id, name, color }) => {
                const value = values.get(id);
                if (value === undefined) return [];
                const width = `${Number.isFinite(value) ? (100 * Math.abs(value)) / most : 0}%`;
                return [
                  <li key={id}>
                    <span title={name}>{name}</span>
                    <i>
                      <b style={{ width, background: color }} />
                    </i>
                    <span>{shortNumber(value)}</span>
                  </li>,
                ];
              })}
            </ul>
          );
        }}
      </Answer>
    </figure>
  );
}

const shortName = (metric: string): string => metric.replace(/^(?:[^/]+\/|system\.)/, "");

function drawnCurves(curves: CurveList["curves"], runs: readonly CurveRun[]): DrawnCurve[] {
  const byRun = new Map(curves.map((curve) => [curve.run, curve]));
  const groups = new Map<string, CurveRun[]>();
  for (const run of runs) {
    const key = run.group === undefined ? `run ${run.id}` : `group ${run.group}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].flatMap(([id, members]) => {
    const held = members.flatMap((run) => byRun.get(run.id) ?? []).filter(({ x }) => x.length > 0);
    if (held.length === 0) return [];
    const [{ name, color, group }] = members;
    const one = held.length === 1 ? held[0] : averageCurves(held);
    const label = group === undefined ? name : `${group} (${held.length})`;
    return [{ ...one, id, label, color, isGroup: held.length > 1 }];
  });
}

/** Whether an element was ever in sight, and how wide it is: what nobody looks at is not asked for. */
function useSeen() {
  const place = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState(false);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const sight = new IntersectionObserver(([entry]) => setSeen((before) => before || entry?.isIntersecting === true), {
      rootMargin: "200px",
    });
    // In steps, for each width is another question.
    const size = new ResizeObserver(() => setWidth(100 * Math.ceil((element.clientWidth * devicePixelRatio) / 100)));
    sight.observe(element);
    size.observe(element);
    return () => {
      sight.disconnect();
      size.disconnect();
    };
  }, []);
  return { place, seen, width };
}
