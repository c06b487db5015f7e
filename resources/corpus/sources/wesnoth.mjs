// SPDX-License-Identifier: GPL-3.0-or-later
import { document, filesBelow, readText, withoutMarkup } from "./text.mjs";

export const name = "wesnoth-campaigns";
export const prose = true;

const literal = '_?\\s*"(?:[^"]|"")*"';
const told = new RegExp(`\\b(?:story|message)\\s*=\\s*(${literal}(?:\\s*\\+\\s*${literal})*)`, "g");

function paragraphsOf(script) {
  const withoutComments = script.replace(/^\s*#.*$/gm, "");
  return [...withoutComments.matchAll(told)]
    .map((match) =>
      [...match[1].matchAll(new RegExp(literal, "g"))]
        .map((part) => part[0].replace(/^_?\s*"|"$/g, "").replaceAll('""', '"'))
        .join(""))
    .map((text) => withoutMarkup(text.replace(/^[^"\n]{0,60}\^/, "")))
    .filter((text) => !/[${}|]/.test(text) && /[a-z]/.test(text));
}

/** What is told and said in each scenario of the campaigns, one document each. */
export function documents(packages) {
  const campaigns = ["did", "dm", "dw", "ei", "httt", "l", "low", "nr", "sof", "sota", "sotbe",
    "thot", "trow", "tsg", "ttb", "utbs"];
  return campaigns
    .flatMap((campaign) => filesBelow(packages(`wesnoth-1.16-${campaign}`), /\.cfg$/))
    .map((path) => document(paragraphsOf(readText(path))))
    .filter((text) => text.length >= 500);
}
