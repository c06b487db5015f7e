// SPDX-License-Identifier: GPL-3.0-or-later
// Called by build.sh: node build.mjs PACKAGES OUT, where PACKAGES holds each package unpacked.
import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as endlessSky from "./sources/endless_sky.mjs";
import * as factbook from "./sources/factbook.mjs";
import * as gnomeHelp from "./sources/gnome_help.mjs";
import * as mobyDick from "./sources/moby_dick.mjs";
import * as stateOfTheUnion from "./sources/state_of_the_union.mjs";
import * as wesnoth from "./sources/wesnoth.mjs";
import * as wordnet from "./sources/wordnet.mjs";

const sources = [stateOfTheUnion, factbook, endlessSky, wesnoth, gnomeHelp, mobyDick, wordnet];
const separator = "<|endoftext|>\n";
const [packageFolder, out] = process.argv.slice(2);

function packages(name) {
  return join(packageFolder, name.replace("/", "+"));
}

function sha256(text) {
  return createHash("sha256").update(text, "utf8").digest();
}

/** One document in twenty by its own hash, so that a document never changes sides. */
function isHeldOut(text) {
  return sha256(text).readUInt32BE(0) % 20 === 0;
}

function writeWhole(name, texts) {
  const path = join(out, name);
  writeFileSync(`${path}.part`, texts.map((text) => `${text}\n`).join(separator));
  renameSync(`${path}.part`, path);
}

function row(cells) {
  console.log(cells.join("\t"));
}

mkdirSync(join(out, "held-out"), { recursive: true });
const train = [];
const heldOut = [];
const bytes = { prose: 0, all: 0 };
const seen = new Set();
row(["source", "documents", "bytes", "held_out_bytes", "sha256"]);
for (const source of sources) {
  const texts = [];
  for (const text of source.documents(packages)) {
    if (text === "" || seen.has(text)) continue;
    if (text.split("\n").includes(separator.trim())) throw new Error(`${source.name} holds a separator`);
    seen.add(text);
    texts.push(text);
  }
  const size = (list) => list.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
  const kept = texts.filter(isHeldOut);
  row([source.name, texts.length, size(texts), size(kept), sha256(texts.join("\n" + separator)).toString("hex")]);
  bytes.all += size(texts);
  bytes.prose += source.prose ? size(texts) : 0;
  heldOut.push(...kept);
  writeWhole(join("held-out", `${source.name}.txt`), kept);
  train.push(...texts.filter((text) => !isHeldOut(text)));
}
writeWhole("train.txt", train);
writeWhole("held-out.txt", heldOut);
console.log(`${(100 * bytes.prose / bytes.all).toFixed(1)} % of the bytes are running prose`);
