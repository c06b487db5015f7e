// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace timestep {

/// In `vocab.json` and `merges.txt` each byte is written as one printable character, so that a
/// space or a half of a character can stand in a line of text. Printable Latin-1 bytes stand for
/// themselves, the other 68 are U+0100, U+0101, … in ascending order (a space is Ġ).

/// The bytes in GPT-2's order, which is that of their ids: the printable ones first.
const std::array<unsigned char, 256>& byteOrder();

/// Bytes -> the characters they are written as.
std::string symbolsOf(std::string_view bytes);

/// The reverse; nothing where `symbols` holds a character that stands for no byte, or is not UTF-8.
std::optional<std::string> bytesOf(std::string_view symbols);

} // namespace timestep
