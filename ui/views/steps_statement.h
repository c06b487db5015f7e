// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_picture.h"

#include <QString>

#include <span>
#include <vector>

namespace timestep {

/// What an operation says of itself at some time, a line each.
struct StepsStatement
{
    QString state; // "step 15 “red” waits for step 14, and so on: 8 more units"
    QString needs; // "needs its input half and step 14"
    QString unblocks; // "unblocks step 16"

    QString text() const; // all lines
};

/// `labels` are those of row 0's tokens (T or none); only the strip with row 0 names them.
/// `relations` are the operation's own.
StepsStatement statementOf(const StepsModel& model, std::span<const QString> labels, int operation,
    const StepsRelations& relations, double time);

/// The same for the steps first … last of a strip, drawn as one cell.
StepsStatement statementOfSteps(
    const StepsModel& model, int strip, int firstStep, int lastStep, double time);

/// The whole picture at some time, for who does not see it: "Plan at 12.0 units. LSTM: 4
/// sub-batches of 24 steps; of 192 operations 96 are done, 4 run, 92 wait for others, 0 for a free
/// worker. …"
QString summaryOf(const StepsPicture& picture, double time);

/// What the tiers of a model's cells are and what they wait for, for the line beside its name.
QString explanationOf(const StepsModel& model);
/// The same where there is little room: what the tiers are.
QString shortExplanationOf(const StepsModel& model);

/// "layer 1" for layer 0.
QString layerText(int layer);

/// "rows 0–7", "row 3".
QString rowsText(const IndexRange& rows);

/// Operations in words, as seen from one of them: "its input half and step 14".
QString operationsText(const StepsModel& model, const std::vector<int>& operations, int seenFrom);

} // namespace timestep
