// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"
#include "ui/views/race_sentence.h"

#include <QString>

namespace timestep {

// The sentences of the questions, from what has been measured, without "so far". Empty while there
// is too little.

/// Times and arithmetic of both at the longest length that both have, and whether the one explains
/// the other.
QString lengthSentence(const RaceMeasurement& measurement, bool begins);
QString briefLengthSentence(const RaceMeasurement& measurement);

/// What many rows do to latency and throughput, and, of all words, what one core makes of one row
/// and of many.
QString manyRowsSentence(const RaceMeasurement& measurement, RaceWords words);

/// In how many sub-batches each was fastest, and how much that brought.
QString subBatchesSentence(const RaceMeasurement& measurement, RaceWords words);

/// What must be kept, by formula, of the longest texts that are measured. Needs no measuring.
QString memorySentence(const RaceMeasurement& measurement, RaceWords words);

} // namespace timestep
