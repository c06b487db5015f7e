// SPDX-License-Identifier: GPL-3.0-or-later
// What every source does to its text.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** All files below `folder` whose path matches, in the order of their paths by code units. */
export function filesBelow(folder, matches) {
  const found = [];
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) found.push(...filesBelow(path, matches));
    else if (matches.test(path)) found.push(path);
  }
  return found;
}

export function readText(path) {
  return readFileSync(path, "utf8");
}

/** One paragraph in one line: straight quotes, as people type them, and single spaces. */
export function paragraph(text) {
  return text
    .normalize("NFC")
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\u2011/g, "-")
    .replace(/[\s\u200b\ufeff]+/gu, " ")
    .trim();
}

/** A document of paragraphs, an empty line between two of them; empty ones are left out. */
export function document(paragraphs) {
  return paragraphs.map(paragraph).filter((p) => p !== "").join("\n\n");
}

const entities = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: " " };

/** Text of marked-up text: tags are taken out, entities replaced. */
export function withoutMarkup(text) {
  return text
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&(lt|gt|amp|quot|apos|nbsp);/g, (_, name) => entities[name]);
}
