// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"
#include "ui/session/race_plan.h"

#include <vector>

namespace timestep {

/// A request of two threads on two cores, short enough to look at.
inline RaceRequest exampleRequest(RaceQuestion question)
{
    RaceRequest request;
    request.question = question;
    request.rows = 8;
    request.subBatches = 4;
    request.threads = 2;
    request.threadCounts = { 1, 2 };
    request.longest = 64;
    request.repeats = 25;
    request.cores = 2;
    return request;
}

/// Sizes of a pair, without weights.
inline ModelPair examplePair()
{
    const auto model = [](const char* name, ModelKind kind, int width, int heads) {
        auto made = std::make_shared<Model>();
        made->name = name;
        made->shape.kind = kind;
        made->shape.layers = 2;
        made->shape.width = made->shape.embedding = width;
        made->shape.heads = heads;
        made->shape.vocabulary = 512;
        return made;
    };
    return { model("lstm-tiny", ModelKind::Lstm, 96, 0),
        model("attention <tiny>", ModelKind::Attention, 64, 4) };
}

/// A point of a cell that took `ms`, with a 95 % interval of 2 % either way.
inline RacePoint examplePoint(const RaceCell& cell, std::size_t index, double ms, int repeats = 25)
{
    RacePoint race { cell.places, {} };
    SweepPoint& point = race.point;
    point.index = index;
    point.cell = cell.cell;
    point.kernel = "avx2";
    point.repeats = repeats;
    point.medianMs = ms;
    point.minMs = ms * 0.9;
    point.p90Ms = ms * 1.2;
    point.lowerQuartileMs = ms * 0.95;
    point.upperQuartileMs = ms * 1.1;
    point.lowerMedianMs = ms * 0.98;
    point.upperMedianMs = ms * 1.02;
    point.disturbed = 1;
    point.flops = 2.5e9;
    point.gflops = point.flops / (ms * 1e6);
    point.peakGflops = 180.25;
    point.readGBps = 11.5;
    point.parameters = 74496;
    point.stateBytes = 12288;
    point.peakBytes = 65536;
    point.speedUpBound = 2;
    point.maxError = 3.1e-7;
    return race;
}

inline Machine exampleMachine()
{
    return { "Example CPU @ 3.00GHz", 2, std::size_t(8) << 30, "Debian GNU/Linux 12 (bookworm)",
        "Linux 6.1.0 x86_64", "0.1.0", "GCC 12.2.0" };
}

/// Every cell of the request measured: the LSTM takes `lstmMs` for 16 tokens of a row, attention
/// `attentionMs`.
inline RaceMeasurement exampleRace(
    const RaceRequest& request, double lstmMs = 3, double attentionMs = 1)
{
    RaceMeasurement race;
    race.request = request;
    race.machine = exampleMachine();
    race.lines = {
        { RacePicture::SpeedUpOfRows, RaceLine::Lstm, 8, 16, { { 1, 1 }, { 2, 2 }, { 4, 3.75 } },
            16 },
        { RacePicture::SpeedUpOfOne, RaceLine::Attention, 1, 16, { { 1, 1 }, { 2, 1.9 } }, 12.5 },
    };
    for (const RaceCell& cell : raceCells(request)) {
        const bool attention = cell.places.front().line == RaceLine::Attention;
        const double ms = (attention ? attentionMs : lstmMs) * cell.cell.length / 16
            * cell.cell.batch / cell.cell.threads;
        race.points.push_back(examplePoint(cell, race.points.size(), ms));
    }
    return race;
}

} // namespace timestep
