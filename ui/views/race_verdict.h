// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

#include <vector>

namespace timestep {

/// One claim of the argument, and what this machine says of it.
struct VerdictLine
{
    enum class Answer
    {
        Open, // not measured, or nothing certain
        Yes,
        No,
    };

    QString claim; // "32 rows, 2 threads"
    Answer answer = Answer::Open;
    QString answerText; // "yes, both", "not by sub-batches", "both wait"
    QString figures; // what it rests on; where the answer is open, what to do
};

/// The three claims: rows make both parallel; one text is not made so by sub-batches; while a text
/// is being written both wait. Each from measured points of the race against length alone, claiming
/// no more than the 95 % intervals allow.
std::vector<VerdictLine> raceVerdict(const RaceMeasurement& measurement);

} // namespace timestep
