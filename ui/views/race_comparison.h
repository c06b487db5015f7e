// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"
#include "ui/views/race_sentence.h"

#include <QString>

#include <optional>
#include <vector>

namespace timestep {

/// The point of one line of a picture at T = `length` on so many threads; null: not measured.
const SweepPoint* racePointOf(const std::vector<RacePoint>& points, RacePicture picture,
    RaceLine line, int length, int threads);

/// The points of a place, in the order of their cells: ascending in what they are drawn against.
std::vector<const SweepPoint*> pointsAt(const std::vector<RacePoint>& points, RacePlace place);

/// Two measured times and what their 95 % intervals allow to say.
struct TimePair
{
    const SweepPoint* before = nullptr;
    const SweepPoint* after = nullptr;

    /// How many times as fast the second is.
    double speedUp() const { return before->medianMs / after->medianMs; }
    bool disturbed() const; // by other programs, either of them
    bool hasIntervals() const; // enough runs of both, that others left alone
    /// The intervals of both medians, of enough runs that others left alone, do not overlap.
    bool certain() const;
    /// Not certain to differ, and the medians are near.
    bool aboutTheSame() const;
};

/// Attention beside the LSTM, in time and in arithmetic.
struct Comparison
{
    const SweepPoint* lstm = nullptr;
    const SweepPoint* attention = nullptr;

    double time() const { return attention->medianMs / lstm->medianMs; }
    double arithmetic() const { return attention->flops / lstm->flops; }
    /// How much longer the LSTM takes for the same arithmetic, and between what it lies.
    double slowness() const { return arithmetic() / time(); }
    double leastSlowness() const;
    double mostSlowness() const;
    bool hasIntervals() const; // of enough runs that others left alone
    bool overlaps() const;
    /// Neither a difference nor about the same.
    bool tooNoisy() const;
    /// The arithmetic explains the times.
    bool explained() const;
};

/// At the longest length that both have been timed at, on the threads that are set.
std::optional<Comparison> longestComparison(
    const RaceRequest& request, const std::vector<RacePoint>& points, RacePicture picture);

/// A line on one thread and on `most`, at the length of the speed-ups. Not set while one of them
/// has too few runs, and on one thread.
std::optional<TimePair> splitOf(const RaceRequest& request, const std::vector<RacePoint>& points,
    RacePicture picture, RaceLine line, int most);

/// A sentence where other programs disturbed one of the points (see mostlyDisturbed()); nulls are
/// none. Empty: none is.
QString disturbedSentence(
    const std::vector<const SweepPoint*>& points, RaceWords words = RaceWords::All);

/// "1.6", "12"
QString timesText(double ratio);
/// "0.74"
QString ratioText(double ratio);

} // namespace timestep
