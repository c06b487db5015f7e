// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace timestep {

/// A text as one field of a CSV line (RFC 4180): between quotes where it holds a comma, a quote or
/// a line end, with each quote doubled.
std::string csvField(std::string text);

} // namespace timestep
