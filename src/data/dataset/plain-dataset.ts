/** Data sets as plain values, which can be sent to another thread: texts and what is learned from them. */
import { type PackedTexts, packTexts, unpackTexts } from "../table/text-column.js";
import { createDataset, tableOf } from "./create-dataset.js";
import type { Dataset, Table } from "./dataset.js";
import { labelsTarget, type Target } from "./target.js";

/** A data set without its further columns. */
export interface PlainDataset extends Pick<Table, "target" | "textName" | "textPairName" | "labelName"> {
  readonly source: string;
  readonly notices: readonly string[];
  readonly text: PackedTexts;
  readonly textPair: PackedTexts | undefined;
}

export function plainDataset(dataset: Dataset): PlainDataset {
  const { table, rows } = tableOf(dataset);
  const { textName, textPairName, labelName } = table;
  const { source, notices } = dataset;
  return {
    ...{ source, notices, textName, textPairName, labelName },
    text: packTexts({ column: table.text, rows }),
    textPair: table.textPair && packTexts({ column: table.textPair, rows }),
    target: table.target && selectedTarget(table.target, dataset),
  };
}

/** The data set of plain values; it has the same fingerprint as the one that they are of. */
export function datasetOfPlain(plain: PlainDataset): Dataset {
  const { source, notices, text, textPair, ...table } = plain;
  return createDataset(
    { ...table, text: unpackTexts(text), textPair: textPair && unpackTexts(textPair), columns: [] },
    undefined,
    { source, notices },
  );
}

/** The targets of the data set's rows alone. */
function selectedTarget(target: Target, dataset: Dataset): Target {
  const each = <T>(read: (row: number) => T): T[] => Array.from({ length: dataset.length }, (_, row) => read(row));
  switch (target.kind) {
    case "class":
      return { ...target, ids: Int32Array.from(each(dataset.labelId)) };
    case "labels":
      return labelsTarget(target.names, each(dataset.labelIdsOf));
    case "number":
      return { ...target, values: Float64Array.from(each(dataset.target)) };
  }
}
