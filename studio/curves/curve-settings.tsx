/** How curves are shown: one setting for all charts of a page, in its address. */
import { SearchField } from "../parts/search-field.js";
import { useAddressState } from "../shell/address-state.js";
import type { Zoom } from "./curve-chart.js";

export interface CurveSettings {
  readonly axis: string;
  readonly smoothing: number;
  readonly logarithmic: boolean;
  readonly zoom: Zoom | undefined;
  /** Part of the names of the metrics that are shown. */
  readonly search: string;
}

export type ChangeCurveSettings = (next: Partial<CurveSettings>) => void;

/** @param usual the axis where none is chosen */
export function useCurveSettings(usual: "step" | "time"): [CurveSettings, ChangeCurveSettings] {
  const [{ axis, smooth, log, zoom, metrics }, change] = useAddressState({
    axis: usual as string,
    smooth: "0",
    log: "",
    zoom: "",
    metrics: "",
  });
  const [from, to] = zoom.split(",").map(Number);
  const settings = {
    axis,
    smoothing: Math.min(0.99, Math.max(0, Number(smooth) || 0)),
    logarithmic: log !== "",
    zoom: zoom !== "" && from < to ? { from, to } : undefined,
    search: metrics,
  };
  return [
    settings,
    (next) =>
      change({
        ...(next.axis === undefined ? {} : { axis: next.axis }),
        ...(next.smoothing === undefined ? {} : { smooth: String(next.smoothing) }),
        ...(next.logarithmic === undefined ? {} : { log: next.logarithmic ? "y" : "" }),
        ...("zoom" in next ? { zoom: next.zoom === undefined ? "" : `${next.zoom.from},${next.zoom.to}` } : {}),
        ...(next.search === undefined ? {} : { metrics: next.search }),
      }),
  ];
}

/** The bar above the charts. */
export function CurveBar(props: {
  readonly settings: CurveSettings;
  readonly onChange: ChangeCurveSettings;
  /** Metrics that may be the horizontal axis. */
  readonly axes: readonly string[];
}) {
  const { settings, onChange, axes } = props;
  return (
    <div className="row curve-bar">
      <SearchField label="Search metrics" value={settings.search} onChange={(next) => onChange({ search: next })} />
      <label className="check">
        Over
        <select value={settings.axis} onChange={(event) => onChange({ axis: event.target.value, zoom: undefined })}>
          {["step", "time", ...axes].map((axis) => (
            <option key={axis} value={axis}>
              {axis.split("/").at(-1)}
            </option>
          ))}
        </select>
      </label>
      <label className="check">
        Smoothing
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={settings.smoothing}
          onChange={(event) => onChange({ smoothing: Number(event.target.value) })}
        />
        <output>{settings.smoothing}</output>
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={settings.logarithmic}
          onChange={(event) => onChange({ logarithmic: event.target.checked })}
        />
        Logarithmic
      </label>
      {settings.zoom !== undefined && (
        <button type="button" onClick={() => onChange({ zoom: undefined })}>
          Show all again
        </button>
      )}
    </div>
  );
}
