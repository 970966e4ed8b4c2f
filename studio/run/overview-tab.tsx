/** What a run came to and what it was made with. */
import { Link } from "wouter";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import { artifactPage } from "../artifacts/artifact-address.js";
import { bytes, moment } from "../parts/numbers.js";
import { ValueList } from "../parts/value-list.js";
import { useReport } from "../report/report-context.js";
import { compareResults } from "../runs/result-order.js";
import { comparePage } from "../runs/run-address.js";
import { RunRemarks } from "../runs/run-remarks.js";

export function OverviewTab({ run }: { readonly run: RunDetails }) {
  const { command, directory, versions, machine, git, data, model } = run.environment;
  const results = Object.entries(run.summary).sort(([a], [b]) => compareResults(a, b));
  const isReport = useReport() !== undefined;
  return (
    <>
      {run.alerts.map(({ time, level, title, text }) => (
        <p key={`${time} ${title}`} className={`alert ${level.toLowerCase()}`}>
          <b>{title}</b> {text}
        </p>
      ))}
      <RunRemarks run={run} />
      <div className="card-columns">
        <ValueList title="Results" values={Object.fromEntries(results)} />
        <ValueList title="Configuration" values={run.config} />
        {data !== undefined && <ValueList title="Data" values={flat(data)} />}
        {model !== undefined && <ValueList title="Model" values={flat(model)} />}
        <ValueList
          title="Made with"
          values={{
            started: moment(run.createdAt),
            directory,
            "git commit": git && `${git.commit.slice(0, 10)}${git.clean ? "" : ", with changes"}`,
            "git branch": git?.branch,
            machine: machine.host,
            processor: `${machine.processor}, ${machine.cores} cores`,
            memory: bytes(machine.memory),
            ...(machine.gpus.length === 0 ? {} : { gpus: machine.gpus.join(", ") }),
            system: `${machine.system} ${machine.architecture}`,
            ...versions,
            ...(run.droppedPoints > 0 ? { "points left out": run.droppedPoints } : {}),
          }}
        >
          <pre className="command">{command.join(" ")}</pre>
        </ValueList>
        {run.artifacts.length > 0 && (
          <section className="card">
            <header>
              <h2>Artifacts</h2>
            </header>
            <ul className="plain">
              {run.artifacts.map(({ name, version, type, how }) => (
                <li key={`${how} ${name} ${version}`}>
                  {how} {type}{" "}
                  {isReport ? (
                    <b>{`${name}:${version}`}</b>
                  ) : (
                    <Link href={artifactPage({ project: run.project, name, version })}>{`${name}:${version}`}</Link>
                  )}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      {!isReport && (
        <p className="muted">
          <Link href={comparePage([run.id])}>Compare with other runs</Link>
        </p>
      )}
    </>
  );
}

/** Values inside values, by names with dots. */
function flat(values: Readonly<Record<string, unknown>>, before = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(flat(value as Record<string, unknown>, `${before}${name}.`))
        : [[`${before}${name}`, value]],
    ),
  );
}
