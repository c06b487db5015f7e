# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes cases.json: what GPT-2's own way of working gives for odd texts, with the vocabulary beside this file.

Use: python3 make_cases.py      Needs the Python package `regex`. Nothing of Timestep is used.
"""
import json
import random
from pathlib import Path

import regex

here = Path(__file__).parent
ids = json.loads((here / "vocab.json").read_text(encoding="utf-8"))
lines = (here / "merges.txt").read_text(encoding="utf-8").split("\n")[1:-1]
ranks = {tuple(line.split(" ")): rank for rank, line in enumerate(lines)}
pattern = regex.compile(r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""")


def symbols():
    """GPT-2's bytes_to_unicode."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}


symbol = symbols()


def merged(word):
    """GPT-2's bpe: all occurrences of the pair of lowest rank, from left to right, until there is none."""
    pieces = [symbol[byte] for byte in word]
    while len(pieces) > 1:
        best = min(zip(pieces, pieces[1:]), key=lambda pair: ranks.get(pair, len(ranks)))
        if best not in ranks:
            break
        result = []
        while pieces:
            n = 2 if tuple(pieces[:2]) == best else 1
            result.append("".join(pieces[:n]))
            pieces = pieces[n:]
        pieces = result
    return pieces


def tokens(data):
    """Bytes that are not valid UTF-8 stand apart, one token each; to what is before them they are no white space."""
    text = data.decode("utf-8", "surrogateescape")  # such a byte becomes one of U+DC80 to U+DCFF
    found = []
    for run in regex.finditer(r"[\udc80-\udcff]+|[^\udc80-\udcff]+", text):
        if "\udc80" <= run[0][0] <= "\udcff":
            found += [symbol[byte] for byte in run[0].encode("utf-8", "surrogateescape")]
            continue
        seen = run[0] + text[run.end() : run.end() + 1]  # one character more for the lookahead
        at = 0
        while at < len(run[0]):
            end = min(pattern.match(seen, at).end(), len(run[0]))
            found += merged(run[0][at:end].encode("utf-8"))
            at = end
    return found


parts = [b" ", b"  ", b"\n", b"\t", b"\r\n", b"\x0b", b"\x1c", b"\x00", b"'s", b"'t", b"'re", b"'ve", b"'m", b"'ll", b"'d", b"'S", b"'",
         b"the", b"The", b" and", b"freedom", b"whenever", b"eeee", b"7", b"2026", b".", b"?!", b"-", b"<|endoftext|>", b"\xff", b"\xc3",
         b"\xed\xa0\x80", b"\xe2\x82", b"\xc0\x80", b"\xf4\x90\x80\x80"]
parts += [text.encode() for text in ("\x85", "\xa0", "\u2028", "\u3000", "\u200b", "\ufeff", "é", "e\u0301", "👩‍👩‍👧", "🇪🇺", "שלום", "مرحبا", "中文", "²", "Ⅷ", "½", "—")]
random.seed(20)
texts = [b"", b" ", b"   ", bytes(range(256)), *parts]
texts += [b"".join(random.choice(parts) for _ in range(random.randrange(2, 24))) for _ in range(150)]
cases = []
for data in texts:
    pieces = tokens(data)
    assert sum(map(len, pieces)) == len(data)
    cases.append({"text": data.hex(), "ids": [ids[piece] for piece in pieces], "lengths": [len(piece) for piece in pieces]})
rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(here / "cases.json").write_text(f"[\n{rows}\n]\n")
