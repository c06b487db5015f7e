// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

namespace timestep {

/// What differs in the settings, and how the times of both models compare with the baseline's at
/// the largest length (rows, sub-batches) that both have: "Against the baseline (4 sub-batches
/// instead of 1): at 1,024 tokens, 32 rows: LSTM 1.9 times as fast, attention about the same."
/// Claims no more than the 95 % intervals allow, and nothing of fewer than 5 runs. Bytes are
/// counted, and compared as they are.
QString baselineSentence(const RaceMeasurement& baseline, const RaceMeasurement& now);

} // namespace timestep
