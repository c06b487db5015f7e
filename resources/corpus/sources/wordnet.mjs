// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from "node:path";
import { paragraph, readText } from "./text.mjs";

export const name = "wordnet-examples";
export const prose = false;

const linesInDocument = 50;

/** `word, synonym: definition. Example. Example.` for a meaning that has an example. */
function line(entry) {
  const [fields, gloss] = entry.replace(/`([^']*)'/g, "'$1'").split(" | ");
  const examples = [...(gloss ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1].trim());
  if (examples.length === 0) return [];
  const definition = gloss.slice(0, gloss.indexOf('"')).replace(/[\s;:,]+$/, "");
  const column = fields.split(" ");
  const words = [];
  for (let i = 0; i < parseInt(column[3], 16); ++i)
    words.push(column[4 + 2 * i].replace(/\(\w+\)$/, "").replaceAll("_", " "));
  const sentences = examples.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`));
  return [paragraph(`${words.join(", ")}: ${definition}. ${sentences.join(" ")}`)];
}

/** Meanings with examples of use, in the order of the dictionary. */
export function documents(packages) {
  return ["noun", "verb", "adj", "adv"].flatMap((kind) => {
    const file = join(packages("wordnet-base"), "usr/share/wordnet", `data.${kind}`);
    const lines = readText(file).split("\n").filter((text) => /^\d/.test(text)).flatMap(line);
    const parts = [];
    for (let first = 0; first < lines.length; first += linesInDocument)
      parts.push(lines.slice(first, first + linesInDocument).join("\n"));
    return parts;
  });
}
