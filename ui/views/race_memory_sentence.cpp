// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/state_bytes.h"
#include "engine/measurement/timed_passes.h"
#include "ui/models/number_text.h"
#include "ui/session/race_plan.h"
#include "ui/views/race_question_sentences.h"

#include <QCoreApplication>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(RaceSentence)
};

QString bytes(std::size_t count) { return bytesText(static_cast<double>(count)); }

} // namespace

QString memorySentence(const RaceMeasurement& measurement, RaceWords words)
{
    const RaceRequest& request = measurement.request;
    const int length = raceLengths(request).back();
    const auto shape = [&](RaceLine line, SweepCell::Pass pass) {
        RaceRequest counted = request;
        counted.pass = pass;
        return shapeOf(raceCell(counted, line, length, request.rows));
    };
    const auto reading = SweepCell::Pass::Inference;
    const auto training = SweepCell::Pass::Training;
    const PlanShape attention = shape(RaceLine::Attention, reading);
    if (words == RaceWords::Few)
        return Sentence::tr("After %1 of %2 tokens the LSTM keeps %3, whatever the length, "
                            "attention %4. In training %5 and %6: both grow.")
            .arg(rowsText(request.rows), countNumber(length),
                bytes(stateBytes(shape(RaceLine::Lstm, reading))), bytes(stateBytes(attention)),
                bytes(stateBytes(shape(RaceLine::Lstm, training))),
                bytes(stateBytes(shape(RaceLine::Attention, training))));
    return Sentence::tr("After %1 of %2 tokens the LSTM keeps %3 to go on, whatever the length, "
                        "and attention %4 of keys and values; its affinities would take %5 if they "
                        "were stored. A training step keeps %6 and %7: both grow with the length.")
        .arg(rowsText(request.rows), countNumber(length),
            bytes(stateBytes(shape(RaceLine::Lstm, reading))), bytes(stateBytes(attention)),
            bytes(storedAffinityBytes(attention)),
            bytes(stateBytes(shape(RaceLine::Lstm, training))),
            bytes(stateBytes(shape(RaceLine::Attention, training))));
}

} // namespace timestep
