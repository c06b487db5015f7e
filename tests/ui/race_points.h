// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <vector>

/// Points of a race as tests make them up, to see what is said and drawn of them.
namespace timestep::race_points {

struct Timed
{
    int length = 16;
    double lstmMs = 1;
    double attentionMs = 1;
    double lstmFlops = 1e9;
    double attentionFlops = 1e9;
    double spread = 0.05; // of the 95 % interval, either way
    int repeats = 5;
};

inline RacePoint point(RacePicture picture, RaceLine line, int length, int rows, int threads,
    double ms, double flops = 1e9)
{
    RacePoint race { { { picture, line } }, {} };
    race.point.cell.length = length;
    race.point.cell.batch = rows;
    race.point.cell.threads = threads;
    race.point.cell.strategy
        = line == RaceLine::HiddenSplit ? Strategy::HiddenSplit : Strategy::SubBatch;
    race.point.medianMs = ms;
    race.point.lowerQuartileMs = ms * 0.9;
    race.point.upperQuartileMs = ms * 1.2;
    race.point.lowerMedianMs = ms * 0.95;
    race.point.upperMedianMs = ms * 1.05;
    race.point.flops = flops;
    race.point.gflops = flops / (ms * 1e6);
    race.point.peakGflops = 100;
    race.point.repeats = 5;
    return race;
}

inline std::vector<RacePoint> times(RacePicture picture, int rows, const std::vector<Timed>& timed)
{
    std::vector<RacePoint> points;
    for (const Timed& both : timed) {
        points.push_back(
            point(picture, RaceLine::Lstm, both.length, rows, 2, both.lstmMs, both.lstmFlops));
        points.push_back(point(picture, RaceLine::Attention, both.length, rows, 2, both.attentionMs,
            both.attentionFlops));
        for (std::size_t added = points.size() - 2; added < points.size(); ++added) {
            SweepPoint& latest = points[added].point;
            latest.lowerMedianMs = latest.medianMs * (1 - both.spread);
            latest.upperMedianMs = latest.medianMs * (1 + both.spread);
            latest.repeats = both.repeats;
        }
    }
    return points;
}

inline RaceRequest request(int rows)
{
    RaceRequest wanted;
    wanted.rows = rows;
    wanted.threads = 2;
    wanted.threadCounts = { 1, 2 };
    wanted.longest = 4096;
    wanted.repeats = 5;
    return wanted;
}

} // namespace timestep::race_points
