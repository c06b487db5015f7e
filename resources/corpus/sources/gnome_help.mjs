// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from "node:path";
import { document, filesBelow, readText, withoutMarkup } from "./text.mjs";

export const name = "gnome-help";
export const prose = true;

function paragraphsOf(page) {
  const body = page
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<(info|screen|code|comment)\b[^>]*>[\s\S]*?<\/\1>/g, "");
  return [...body.matchAll(/<(title|p)\b[^>]*>([\s\S]*?)<\/\1>/g)]
    .map((match) => withoutMarkup(match[2]))
    .filter((text) => !text.includes("://"));
}

/** The pages of the desktop's help, in English, one document each. */
export function documents(packages) {
  const folder = join(packages("gnome-user-docs"), "usr/share/help/C/gnome-help");
  return filesBelow(folder, /\.page$/)
    .map((path) => document(paragraphsOf(readText(path))))
    .filter((text) => text.length >= 200);
}
