// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_memory_curves.h"

#include "engine/measurement/state_bytes.h"
#include "engine/measurement/timed_passes.h"
#include "ui/models/number_text.h"
#include "ui/session/race_plan.h"

#include <QCoreApplication>

namespace timestep {

namespace {

struct Memory
{
    Q_DECLARE_TR_FUNCTIONS(RaceCurves)
};

QString formulaName(RaceLine line, bool training)
{
    switch (line) {
    case RaceLine::Lstm:
        return training ? Memory::tr("LSTM: gates and states of every step")
                        : Memory::tr("LSTM: its state, whatever the length");
    case RaceLine::Attention:
        return training ? Memory::tr("attention: activations")
                        : Memory::tr("attention: keys and values");
    case RaceLine::StoredAffinities:
        return Memory::tr("attention, if its affinities were stored");
    case RaceLine::HiddenSplit:
        break;
    }
    return {};
}

std::size_t bytesOf(const PlanShape& shape, RaceLine line)
{
    return stateBytes(shape)
        + (line == RaceLine::StoredAffinities ? storedAffinityBytes(shape) : 0);
}

RaceCurve formula(const RaceRequest& request, RaceLine line)
{
    const bool training = request.pass == SweepCell::Pass::Training;
    const RaceLine model = line == RaceLine::StoredAffinities ? RaceLine::Attention : line;
    RaceCurve curve { line, true, formulaName(line, training), {} };
    for (int length = ShortestRaceLength; length <= LongestFormulaLength; length *= 2) {
        const std::size_t bytes
            = bytesOf(shapeOf(raceCell(request, model, length, request.rows)), line);
        const QString text = Memory::tr("%1: %2 bytes at %3 tokens, by formula")
                                 .arg(curve.label, countNumber(qint64(bytes)), countNumber(length));
        const auto height = static_cast<double>(bytes);
        RaceDot dot;
        dot.x = length;
        dot.y = dot.lower = dot.upper = dot.lowerMedian = dot.upperMedian = height;
        dot.joined = true;
        dot.text = text;
        curve.dots.push_back(std::move(dot));
    }
    return curve;
}

} // namespace

std::vector<RaceCurve> memoryFormulas(const RaceRequest& request, RacePicture picture)
{
    RaceRequest counted = request;
    counted.pass = picture == RacePicture::TrainingMemory ? SweepCell::Pass::Training
                                                          : SweepCell::Pass::Inference;
    return { formula(counted, RaceLine::Lstm), formula(counted, RaceLine::Attention),
        formula(counted, RaceLine::StoredAffinities) };
}

} // namespace timestep
