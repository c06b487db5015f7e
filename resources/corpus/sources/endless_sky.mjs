// SPDX-License-Identifier: GPL-3.0-or-later
import { document, filesBelow, paragraph, readText } from "./text.mjs";

export const name = "endless-sky";
export const prose = true;

const told = /^(mission|conversation|planet|event|outfit|ship|person|start)\b/;

function indentOf(line) {
  return line.length - line.trimStart().length;
}

/** The story as one player meets it: of the answers to choose from, the first is taken. */
function paragraphsOf(block) {
  const paragraphs = [];
  let choice = -1; // indent of the `choice` whose answers these are
  let answered = false;
  for (const line of block.split("\n")) {
    if (line.trim() === "") continue;
    if (indentOf(line) <= choice) choice = -1;
    if (line.trim() === "choice") {
      choice = indentOf(line);
      answered = false;
      continue;
    }
    const text = line.match(/^\s*(?:description |spaceport |dialog |log .*?)?`([^`]*)`\s*$/)
      ?? line.match(/^\s*description "([^"]*)"\s*$/);
    if (text === null || (choice >= 0 && answered)) continue;
    answered = choice >= 0;
    // Names in angle brackets are filled in by the game; an answer in brackets is a command.
    const isTold = !/[<>]/.test(text[1]) && !/^\s*\(.*\)\s*$/.test(text[1]);
    if (isTold && /[.!?]['"]?$/.test(paragraph(text[1]))) paragraphs.push(text[1]);
  }
  return paragraphs;
}

/** Takes out what an earlier document says in the same words. */
function withoutRepeats(seen) {
  return (paragraphs) => paragraphs.filter((text) => {
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew || text.length < 40;
  });
}

/** The missions, places and things of the game that are told at some length, one document each. */
export function documents(packages) {
  return filesBelow(packages("endless-sky-data"), /\/data\/[^/]*\.txt$/)
    .flatMap((path) => readText(path).replace(/^#.*$/gm, "").split(/\n(?=\S)/))
    .filter((block) => told.test(block))
    .map(paragraphsOf)
    .map(withoutRepeats(new Set()))
    .map(document)
    .filter((text) => text.length >= 200);
}
