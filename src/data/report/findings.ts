/** What a report's numbers mean for training, in sentences. */
import type { DataReport, Finding } from "./data-report.js";
import type { NumberSummary } from "./number-summary.js";

type Facts = Omit<DataReport, "findings">;

const percent = (share: number): string =>
  `${share > 0 && share < 0.001 ? "less than 0.1" : (100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
const rows = (count: number): string => `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;

/** The findings of a report, problems first. */
export function findingsOf(facts: Facts): readonly Finding[] {
  const all = [
    ...labelFindings(facts),
    ...duplicateFindings(facts),
    ...lengthFindings(facts),
    ...textFindings(facts),
    ...classFindings(facts),
    ...partFindings(facts),
  ];
  const order = ["problem", "warning", "note"];
  return all.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function labelFindings(facts: Facts): Finding[] {
  const { labels, rows: total, targetKind } = facts;
  if (labels.numbers !== undefined) return numberFindings(labels.numbers);
  const { names, counts, majorityAccuracy, imbalance } = labels;
  const present = names.filter((_, id) => (counts[id] as number) > 0);
  if (names.length === 0)
    return [{ kind: "note", finding: "There are no labels.", advice: "Name a label column to train on these texts." }];
  if (present.length < 2)
    return [
      {
        kind: "problem",
        finding: `All rows have the label "${present[0]}".`,
        advice: "Check the label column: there is nothing to learn.",
      },
    ];
  const list: Finding[] = [];
  const largest = names[counts.indexOf(Math.max(...counts))] as string;
  const answer = targetKind === "labels" ? "with the most frequent set of classes" : `"${largest}"`;
  const beat = `A model must beat ${percent(majorityAccuracy)} accuracy, which always answering ${answer} reaches.`;
  if (targetKind === "class" && names.length === 2 && imbalance >= 3) {
    const rare = counts.indexOf(Math.min(...counts));
    list.push({
      kind: "warning",
      finding: `Only ${percent((counts[rare] as number) / total)} of the rows are "${names[rare]}".`,
      advice: `${beat} Judge by F1 and the area under the precision-recall curve, and consider class weights.`,
    });
  } else if (imbalance >= 3) {
    list.push({
      kind: "warning",
      finding: `The most frequent class has ${imbalance.toFixed(0)} times the rows of the rarest.`,
      advice: `${beat} Judge by macro F1, and consider class weights or more rows of the rare classes.`,
    });
  } else list.push({ kind: "note", finding: "The classes are of similar size.", advice: beat });
  const rare = names.filter((_, id) => (counts[id] as number) > 0 && (counts[id] as number) < 10);
  if (rare.length > 0)
    list.push({
      kind: "warning",
      finding: `${rare.length} ${rare.length === 1 ? "class has" : "classes have"} fewer than 10 rows (${rare
        .slice(0, 5)
        .map((name) => `"${name}"`)
        .join(", ")}${rare.length > 5 ? ", …" : ""}).`,
      advice: "Bring more rows of them, merge them with others, or leave them out.",
    });
  const missing = names.filter((_, id) => counts[id] === 0);
  if (missing.length > 0)
    list.push({
      kind: "note",
      finding: `No row has the label ${missing
        .slice(0, 5)
        .map((name) => `"${name}"`)
        .join(", ")}.`,
      advice: "A model cannot learn a class that does not occur.",
    });
  return list;
}

function numberFindings({ count, minimum, maximum, mean, deviation }: NumberSummary): Finding[] {
  const [from, to, middle, error] = [minimum, maximum, mean, deviation].map((value) => Number(value.toPrecision(4)));
  return [
    minimum === maximum
      ? {
          kind: "problem",
          finding: `All ${rows(count)} have the number ${from}.`,
          advice: "Check the label column: there is nothing to learn.",
        }
      : {
          kind: "note",
          finding: `The numbers go from ${from} to ${to}.`,
          advice: `A model must get below a root mean squared error of ${error}, which always answering ${middle} reaches.`,
        },
  ];
}

function duplicateFindings({ duplicates, nearDuplicates: near, wordRows, rows: total }: Facts): Finding[] {
  const list: Finding[] = [];
  for (const { part, alsoIn, rows: count, split } of duplicates.acrossParts) {
    list.push({
      kind: "problem",
      finding: `${rows(count)} of ${part} also ${count === 1 ? "stands" : "stand"} in ${alsoIn}.`,
      advice: `${split ? "Drop duplicates before splitting" : `Leave them out of ${alsoIn}`}, or results will look better than they are.`,
    });
  }
  for (const { part, alsoIn, texts } of near.acrossParts) {
    list.push({
      kind: "warning",
      finding: `${texts.toLocaleString("en")} more ${texts === 1 ? "text" : "texts"} of ${part} ${texts === 1 ? "is" : "are"} nearly the same as one of ${alsoIn} (at least 80 % of the words).`,
      advice: "Look at the examples: filled-in templates in both parts flatter results as duplicates do.",
    });
  }
  if (duplicates.contradictory > 0) {
    list.push({
      kind: duplicates.contradictory > total / 100 ? "problem" : "warning",
      finding: `${duplicates.contradictory.toLocaleString("en")} ${duplicates.contradictory === 1 ? "text occurs" : "texts occur"} with different labels.`,
      advice: "Correct them, or resolve them with the cleaning step resolveLabels.",
    });
  }
  if (duplicates.normalized > 0) {
    list.push({
      kind: duplicates.normalized > total / 50 ? "warning" : "note",
      finding: `${rows(duplicates.normalized)} (${percent(duplicates.normalized / total)}) repeat an earlier text, ${duplicates.exact.toLocaleString("en")} of them exactly.`,
      advice:
        "Drop them with the cleaning step dropDuplicates before splitting, unless their frequency means something.",
    });
  }
  if (near.texts > 0) {
    const some = wordRows < total ? ` of the ${rows(wordRows)} looked at` : "";
    list.push({
      kind: near.contradictory > total / 100 ? "warning" : "note",
      finding: `${near.texts.toLocaleString("en")} ${near.texts === 1 ? "text" : "texts"}${some} ${near.texts === 1 ? "is" : "are"} nearly the same as an earlier one, ${near.contradictory.toLocaleString("en")} of them with another label.`,
      advice:
        near.contradictory > 0
          ? "Look at those with another label: one of the two may be wrong."
          : "They teach a model little that is new.",
    });
  }
  return list;
}

function lengthFindings({ tokens: truncation, lengths }: Facts): Finding[] {
  const list: Finding[] = [];
  const words = lengths.find((length) => length.unit === "words");
  if (truncation !== undefined) {
    const over = truncation.shares.find((entry) => entry.limit === 512)?.share ?? 0;
    const shares = truncation.shares.map((entry) => `${percent(entry.share)} at ${entry.limit}`).join(", ");
    list.push({
      kind: over > 0.05 ? "warning" : "note",
      finding: `Truncation cuts ${shares} tokens.`,
      advice:
        truncation.covering95 > 512
          ? `Covering 95 % of the texts would take ${truncation.covering95} tokens, more than the 512 of most BERT models: the beginnings have to do.`
          : `A maxLength of ${truncation.covering95} covers 95 % of the texts.`,
    });
    if (truncation.unknown > 0) {
      list.push({
        kind: truncation.unknownShare > 0.01 ? "warning" : "note",
        finding: `The tokenizer does not know ${percent(truncation.unknownShare)} of the tokens, in ${rows(truncation.unknownRows)}.`,
        advice:
          truncation.unknownShare > 0.01
            ? "Choose a model of this language and script: what is unknown is all the same to it."
            : `${truncation.unknownWords.length === 1 ? "This is" : "These are"} ${truncation.unknownWords
                .slice(0, 3)
                .map(({ word }) => `"${word}"`)
                .join(", ")}${truncation.unknownWords.length > 3 ? " and others" : ""}.`,
      });
    }
  } else if (words !== undefined && words.all.p95 > 300) {
    list.push({
      kind: "note",
      finding: `One text in twenty is longer than ${words.all.p95} words.`,
      advice: "Give a model to count tokens and see how much truncation cuts.",
    });
  }
  if (
    words !== undefined &&
    words.all.count > 0 &&
    words.all.maximum > 50 &&
    words.all.maximum > 20 * Math.max(1, words.all.median)
  ) {
    list.push({
      kind: "note",
      finding: `The longest text has ${words.all.maximum.toLocaleString("en")} words, the median ${words.all.median}.`,
      advice: "Look whether the longest rows are what they should be.",
    });
  }
  return list;
}

function textFindings({ damage, languages, rows: total }: Facts): Finding[] {
  const list = damage
    .filter((entry) => entry.name !== "spaces" && entry.name !== "addresses")
    .map(({ what, rows: count, advice, name }): Finding => {
      const severe = name === "mojibake" || name === "replacement";
      return {
        kind: severe && count > total / 1000 ? "warning" : count > total / 20 ? "warning" : "note",
        finding: `${rows(count)} hold${count === 1 ? "s" : ""} ${what}.`,
        advice: `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`,
      };
    });
  const sure = languages.shares.filter((share) => share.language !== "?");
  const [main] = sure;
  if (main !== undefined) {
    const others = sure.slice(1).reduce((sum, share) => sum + share.rows, 0);
    if (others > 0.1 * languages.looked) {
      list.push({
        kind: "warning",
        finding: `The texts are in several languages (${sure
          .slice(0, 4)
          .map((share) => `${share.language} ${percent(share.rows / languages.looked)}`)
          .join(", ")}).`,
        advice: "Choose a multilingual model.",
      });
    } else if (main.language !== "en") {
      list.push({
        kind: "note",
        finding: `Most texts are in "${main.language}".`,
        advice: "Choose a model of this language or a multilingual one.",
      });
    }
  }
  return list;
}

function classFindings({ alikeClasses: [first], labels }: Facts): Finding[] {
  if (first === undefined || labels.names.length < 3 || first.similarity < 0.8) return [];
  return [
    {
      kind: "note",
      finding: `The classes most alike by their words are "${first.a}" and "${first.b}" (${first.shared.slice(0, 3).join(", ")}).`,
      advice: "Look whether one can tell them apart.",
    },
  ];
}

function partFindings({ comparisons }: Facts): Finding[] {
  return comparisons.map(({ labels, lengths, sentence }) => {
    const alike = labels.alike && lengths.alike;
    return {
      kind: alike ? "note" : "warning",
      finding: sentence,
      advice: alike ? "The split looks fair." : "Split again with stratify, unless the parts are meant to differ.",
    };
  });
}
