// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_comparison.h"

#include <QCoreApplication>

#include <algorithm>

namespace timestep {

namespace {

/// Time and arithmetic go together where their ratio is certain to lie nearer to 1 than this.
constexpr double SameWithin = 1.25;

} // namespace

const SweepPoint* racePointOf(const std::vector<RacePoint>& points, RacePicture picture,
    RaceLine line, int length, int threads)
{
    const auto found = std::find_if(points.begin(), points.end(), [&](const RacePoint& race) {
        return race.isAt({ picture, line }) && race.point.cell.length == length
            && race.point.cell.threads == threads;
    });
    return found == points.end() ? nullptr : &found->point;
}

std::vector<const SweepPoint*> pointsAt(const std::vector<RacePoint>& points, RacePlace place)
{
    std::vector<const SweepPoint*> found;
    for (const RacePoint& race : points)
        if (race.isAt(place))
            found.push_back(&race.point);
    return found;
}

bool TimePair::disturbed() const { return mostlyDisturbed(*before) || mostlyDisturbed(*after); }

bool TimePair::hasIntervals() const
{
    return hasMedianInterval(*before) && hasMedianInterval(*after) && !disturbed();
}

bool TimePair::certain() const
{
    return hasIntervals()
        && (before->upperMedianMs < after->lowerMedianMs
            || after->upperMedianMs < before->lowerMedianMs);
}

bool TimePair::aboutTheSame() const
{
    return hasIntervals() && !certain() && speedUp() < SameWithin && speedUp() > 1 / SameWithin;
}

double Comparison::leastSlowness() const
{
    return arithmetic() * lstm->lowerMedianMs / attention->upperMedianMs;
}

double Comparison::mostSlowness() const
{
    return arithmetic() * lstm->upperMedianMs / attention->lowerMedianMs;
}

bool Comparison::hasIntervals() const
{
    return hasMedianInterval(*lstm) && hasMedianInterval(*attention) && !mostlyDisturbed(*lstm)
        && !mostlyDisturbed(*attention);
}

bool Comparison::overlaps() const
{
    return lstm->lowerMedianMs <= attention->upperMedianMs
        && attention->lowerMedianMs <= lstm->upperMedianMs;
}

bool Comparison::tooNoisy() const
{
    return overlaps() && (time() >= SameWithin || time() <= 1 / SameWithin);
}

bool Comparison::explained() const
{
    return leastSlowness() > 1 / SameWithin && mostSlowness() < SameWithin;
}

std::optional<Comparison> longestComparison(
    const RaceRequest& request, const std::vector<RacePoint>& points, RacePicture picture)
{
    std::optional<Comparison> best;
    for (const RacePoint& race : points) {
        if (!race.isAt({ picture, RaceLine::Lstm }))
            continue;
        const SweepPoint* attention = racePointOf(
            points, picture, RaceLine::Attention, race.point.cell.length, request.threads);
        if (attention && (!best || best->lstm->cell.length < race.point.cell.length))
            best = Comparison { &race.point, attention };
    }
    return best;
}

std::optional<TimePair> splitOf(const RaceRequest& request, const std::vector<RacePoint>& points,
    RacePicture picture, RaceLine line, int most)
{
    const RaceLine alone = line == RaceLine::HiddenSplit ? RaceLine::Lstm : line;
    const TimePair pair { racePointOf(points, picture, alone, request.speedUpLength, 1),
        racePointOf(points, picture, line, request.speedUpLength, most) };
    if (!pair.before || !pair.after || most == 1 || !hasMedianInterval(*pair.before)
        || !hasMedianInterval(*pair.after))
        return std::nullopt;
    return pair;
}

QString disturbedSentence(const std::vector<const SweepPoint*>& points, RaceWords words)
{
    const bool disturbed = std::any_of(points.begin(), points.end(),
        [](const SweepPoint* point) { return point && mostlyDisturbed(*point); });
    if (!disturbed)
        return {};
    return words == RaceWords::Few
        ? QCoreApplication::translate("RaceComparison", "Disturbed: run again.")
        : QCoreApplication::translate("RaceComparison",
            "Other programs had the cores meanwhile: run again on a quiet machine.");
}

QString timesText(double ratio) { return QString::number(ratio, 'f', ratio < 9.95 ? 1 : 0); }

QString ratioText(double ratio) { return QString::number(ratio, 'f', 2); }

} // namespace timestep
