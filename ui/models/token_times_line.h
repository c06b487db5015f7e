// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace timestep {

/// What reading a token took, from measured times in ms (some): the median of them.
/// "0.08 ms a token".
QString tokenTimeText(const std::vector<double>& milliseconds);

/// The same as a bare number: "0.08".
QString tokenTimeNumber(const std::vector<double>& milliseconds);

/// The first with how many there are and how they spread.
QString tokenTimeDetail(const std::vector<double>& milliseconds);

} // namespace timestep
