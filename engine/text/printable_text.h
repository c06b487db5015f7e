// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace timestep {

/// Bytes as the JSON shows them: each byte that is not part of valid UTF-8 as \xNN (upper-case
/// hex), a backslash doubled. The result is valid UTF-8, and no two byte strings give the same.
std::string printableText(std::string_view bytes);

/// The bytes that are shown so; not set where no bytes are.
std::optional<std::string> bytesOfPrintableText(std::string_view shown);

} // namespace timestep
