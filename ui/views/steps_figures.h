// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/number_text.h"
#include "ui/session/planned_pair.h"

#include <QString>

namespace timestep {

/// What one model's plan comes to on the imagined workers. Times and work in units of the clock.
struct StepsModelFigures
{
    Strategy strategy = Strategy::SubBatch;
    int subBatches = 1; // that this plan really has
    int layers = 1; // in this plan
    int slices = 1; // of the hidden units, or groups of heads
    int chain = 0; // cells that must be done one after the other
    double work = 0;
    double span = 0;
    double parallelism = 0; // work ÷ span
    double finishedAt = 0;
    double busyShare = 0; // of all workers' time until it is finished: 1 where none is ever idle
    double inputShare = 0; // LSTM: of the arithmetic, in input halves
};

/// The numbers that the sentence and the counters are written from.
struct StepsFigures
{
    int steps = 0; // T
    int rows = 1; // B
    int workers = 1; // P
    bool oneLayer = false; // of each model, not all
    bool beingWritten = false; // not given
    bool training = false; // forward and back again, sum and update
    bool brokenLink = false; // of the LSTM; what it would come to with the link whole:
    int chainUnbroken = 0;
    double finishedUnbroken = 0;
    StepsModelFigures lstm;
    StepsModelFigures attention;
};

StepsFigures figuresOf(const PlannedPair& pair);

/// "16.0", "0.04", "1,024.5": one decimal, more where one would show nothing.
QString unitsNumber(double units);
/// "8 units", "1 unit", "0.5 units".
QString unitsText(double units);
/// "64", "7.5".
QString ratioNumber(double ratio);

} // namespace timestep
