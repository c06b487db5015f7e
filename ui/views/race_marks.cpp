// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_marks.h"

#include "engine/measurement/crossover.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

struct Mark
{
    Q_DECLARE_TR_FUNCTIONS(RaceMarks)
};

std::vector<MeasuredMedian> mediansOf(const RaceCurve& curve)
{
    std::vector<MeasuredMedian> medians;
    for (const RaceDot& dot : curve.dots)
        medians.push_back({ dot.x, dot.y, dot.lowerMedian, dot.upperMedian });
    return medians;
}

/// Two significant digits, as much as a straight line between two lengths can tell.
QString roughly(double x)
{
    const double unit = std::pow(10, std::floor(std::log10(x)) - 1);
    return tickText(std::round(x / unit) * unit, RaceUnit::Number);
}

/// Two curves and what is said of them.
struct Rivals
{
    const RaceCurve& first;
    const RaceCurve& second;
    const std::vector<RaceCurve>& all;
    RaceOvertaking overtaking;
    bool several; // more than these two are raced

    bool firstWins(LowerCurve lower) const
    {
        return (lower == LowerCurve::First) == (overtaking != RaceOvertaking::HigherIsFaster);
    }
    QString winner(LowerCurve lower) const
    {
        return nameInSentence(firstWins(lower) ? first : second, all);
    }
    QString loser(LowerCurve lower) const
    {
        return nameInSentence(firstWins(lower) ? second : first, all);
    }
};

/// What holds from a crossover on: "the LSTM is faster".
QString leadText(const Rivals& rivals, LowerCurve lower)
{
    const QString winner = rivals.winner(lower);
    if (rivals.overtaking == RaceOvertaking::LowerIsLess)
        return rivals.several ? Mark::tr("%1 needs less than %2").arg(winner, rivals.loser(lower))
                              : Mark::tr("%1 needs less").arg(winner);
    return rivals.several ? Mark::tr("%1 is faster than %2").arg(winner, rivals.loser(lower))
                          : Mark::tr("%1 is faster").arg(winner);
}

/// What happens somewhere in a range: "the LSTM overtakes".
QString changeText(const Rivals& rivals, LowerCurve lower)
{
    const QString winner = rivals.winner(lower);
    if (rivals.overtaking == RaceOvertaking::LowerIsLess)
        return rivals.several
            ? Mark::tr("%1 comes to need less than %2").arg(winner, rivals.loser(lower))
            : Mark::tr("%1 comes to need less").arg(winner);
    return rivals.several ? Mark::tr("%1 overtakes %2").arg(winner, rivals.loser(lower))
                          : Mark::tr("%1 overtakes").arg(winner);
}

/// `lasting`: until the last x measured they change places no more.
RaceMark markOf(
    const Crossover& crossover, const Rivals& rivals, bool lasting, const QString& xLabel)
{
    RaceMark mark { crossover.x, crossover.from, crossover.to, crossover.untold > 0, {}, {} };
    if (mark.range) {
        const QString from = tickText(mark.from, RaceUnit::Number);
        const QString to = tickText(mark.to, RaceUnit::Number);
        mark.text = Mark::tr("between %1 and %2 %3 %4")
                        .arg(from, to, xLabel, changeText(rivals, crossover.after));
        mark.shortText = Mark::tr("%1 to %2 %3").arg(from, to, xLabel);
        return mark;
    }
    mark.text = (lasting ? Mark::tr("from ≈ %1 %2 on %3") : Mark::tr("from ≈ %1 %2 %3"))
                    .arg(roughly(mark.x), xLabel, leadText(rivals, crossover.after));
    mark.shortText = Mark::tr("≈ %1 %2").arg(roughly(mark.x), xLabel);
    return mark;
}

void addMarks(const Rivals& rivals, const QString& xLabel, std::vector<RaceMark>& marks)
{
    const std::vector<Crossover> crossovers
        = compareCurves(mediansOf(rivals.first), mediansOf(rivals.second)).crossovers;
    for (const Crossover& crossover : crossovers)
        if (crossover.certain)
            marks.push_back(markOf(crossover, rivals, &crossover == &crossovers.back(), xLabel));
}

} // namespace

QString nameInSentence(const RaceCurve& curve, const std::vector<RaceCurve>& among)
{
    const auto alike = std::count_if(among.begin(), among.end(), [&curve](const RaceCurve& other) {
        return other.line == curve.line && !other.planned && !other.baseline && !other.dots.empty();
    });
    if (alike > 1 && !curve.label.isEmpty())
        return curve.label;
    switch (curve.line) {
    case RaceLine::Attention:
    case RaceLine::StoredAffinities:
        return Mark::tr("attention");
    case RaceLine::Lstm:
        return Mark::tr("the LSTM");
    case RaceLine::HiddenSplit:
        return Mark::tr("the LSTM with its hidden units split");
    }
    return {};
}

std::vector<RaceMark> raceMarks(
    const std::vector<RaceCurve>& curves, RaceOvertaking overtaking, const QString& xLabel)
{
    std::vector<RaceMark> marks;
    if (overtaking == RaceOvertaking::NotTold)
        return marks;
    std::vector<const RaceCurve*> raced;
    for (const RaceCurve& curve : curves)
        if (!curve.planned && !curve.baseline && !curve.dots.empty())
            raced.push_back(&curve);
    for (std::size_t first = 0; first < raced.size(); ++first)
        for (std::size_t second = first + 1; second < raced.size(); ++second)
            addMarks({ *raced[first], *raced[second], curves, overtaking, raced.size() > 2 },
                xLabel, marks);
    std::sort(marks.begin(), marks.end(),
        [](const RaceMark& left, const RaceMark& right) { return left.x < right.x; });
    return marks;
}

} // namespace timestep
