// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_figures.h"

#include "engine/measurement/statistics.h"
#include "ui/models/number_text.h"
#include "ui/views/loss_curves.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

struct Figures
{
    Q_DECLARE_TR_FUNCTIONS(TrainingFigures)
};

constexpr std::size_t mostTimed = 101; // the latest steps, so that the figure follows the machine

QString significant(double value, int digits)
{
    if (value > 0 && value < 1e-3)
        return QString::number(value, 'g', digits)
            .replace(QStringLiteral("e-0"), QStringLiteral("e-"));
    return numberLocale().toString(value, 'g', digits);
}

QString msText(double ms)
{
    return Figures::tr("%1 ms").arg(ms < 100 ? significant(ms, 3) : countNumber(qRound64(ms)));
}

QString percent(double share) { return Figures::tr("%1 %").arg(significant(100 * share, 2)); }

/// "7e-7"
QString powerText(double value)
{
    int power = static_cast<int>(std::floor(std::log10(value)));
    int digit = qRound(value / std::pow(10, power));
    if (digit == 10) {
        digit = 1;
        ++power;
    }
    return QStringLiteral("%1e%2").arg(digit).arg(power);
}

QString none() { return QStringLiteral("–"); }

template <typename Value, typename Format>
QString orNone(const std::optional<Value>& value, Format format)
{
    return value ? format(*value) : none();
}

/// Adds lines of which each model has its part.
class Table
{
public:
    explicit Table(const TrainingResult& result)
        : m_result(result)
    {
    }

    template <typename Text>
    void add(const QString& name, const QString& tip, Text text,
        TrainingFigure::Kind kind = TrainingFigure::Kind::Line)
    {
        m_lines.push_back({ kind, name, text(m_result.lstm), text(m_result.attention), tip });
    }
    void head(const QString& name, const QString& tip)
    {
        m_lines.push_back({ TrainingFigure::Kind::Heading, name, {}, {}, tip });
    }
    std::vector<TrainingFigure> take() { return std::move(m_lines); }

private:
    const TrainingResult& m_result;
    std::vector<TrainingFigure> m_lines;
};

void addSteps(Table& table, const TrainingResult& result, double threshold)
{
    const auto measure = [&result](const TrainingProgress& progress) {
        return trainingMeasures(progress, result);
    };
    table.add(Figures::tr("loss"),
        Figures::tr("mean of the last %1 steps, nats").arg(lossMeanSteps),
        [](const TrainingProgress& progress) {
            return orNone(
                lossNow(progress.points), [](double loss) { return significant(loss, 3); });
        });
    table.add(
        Figures::tr("reached"),
        Figures::tr(
            "when the mean of %1 steps was so low for the first time; the seconds are those "
            "of the model's own steps. To compare ways of sharing out, choose one and start anew")
            .arg(lossMeanSteps),
        [&, threshold](const TrainingProgress& progress) {
            return orNone(lossReached(progress.points, threshold), [&](const LossReached& reached) {
                // Reached in another way than is chosen now, it says nothing of this one.
                const TrainingPoint& point
                    = progress.points[static_cast<std::size_t>(reached.steps - 1)];
                return point.course == result.courseNumber
                    ? Figures::tr("step %1, %2 s")
                          .arg(countNumber(reached.steps), significant(reached.seconds, 2))
                    : Figures::tr("before the change");
            });
        },
        TrainingFigure::Kind::Threshold);
    table.add(Figures::tr("a step"),
        Figures::tr("median of the latest steps, at most %1; those with a trace are left out")
            .arg(mostTimed),
        [&](const TrainingProgress& progress) {
            return orNone(measure(progress).msPerStep, msText);
        });
    table.add(Figures::tr("tokens a second"), Figures::tr("rows × tokens of a row ÷ that time"),
        [&](const TrainingProgress& progress) {
            return orNone(measure(progress).tokensPerSecond,
                [](double tokens) { return countNumber(qRound64(tokens)); });
        });
    const bool averages = result.course.way == TrainingWay::AveragedCopies;
    table.add(Figures::tr("bytes moved a step"),
        averages
            ? Figures::tr("what is read and written to make the copies one, shared out over the "
                          "%1 steps between two averages; computed from the plan")
                  .arg(result.course.averageEvery)
            : Figures::tr("in a step, only because several workers have a part in it; computed "
                          "from the plan"),
        [&](const TrainingProgress& progress) {
            const double steps = averages ? result.course.averageEvery : 1;
            return orNone(measure(progress).consolidation, [steps](const Consolidation& moved) {
                return bytesText(static_cast<double>(moved.bytesMoved) / steps);
            });
        });
    const bool waits
        = result.course.way == TrainingWay::HiddenUnits || result.course.way == TrainingWay::Layers;
    table.add(averages ? Figures::tr("share of an averaging step")
            : waits    ? Figures::tr("waiting, summing")
                       : Figures::tr("summing"),
        Figures::tr(
            "share of the workers' time in a step: summing or averaging; of a model that is "
            "split, waiting for each other. Mean over steps with a trace"),
        [&](const TrainingProgress& progress) {
            return orNone(measure(progress).consolidation,
                [](const Consolidation& moved) { return percent(moved.share); });
        });
    if (averages)
        table.add(Figures::tr("copies apart"),
            Figures::tr("the farthest copy's distance from their mean, relative to the mean's "
                        "length, before they were averaged last"),
            [&](const TrainingProgress& progress) {
                return orNone(measure(progress).copiesApart, percent);
            });
}

QString differing(const GradientDifference& difference)
{
    return difference.differing == 0 ? QStringLiteral("0") : countNumber(difference.differing);
}

QString arrivalText(const std::vector<int>& arrival)
{
    constexpr std::size_t most = 8;
    QStringList order;
    for (std::size_t i = 0; i < std::min(arrival.size(), most); ++i)
        order.append(QString::number(arrival[i]));
    return order.join(QLatin1Char(' '))
        + (arrival.size() > most ? QStringLiteral(" …") : QString());
}

void addCheck(Table& table, const TrainingResult& result)
{
    if (!currentTrial(result.lstm, result.course))
        return;
    const auto withTrial = [&result](auto text) {
        return [&result, text](const TrainingProgress& progress) {
            const TrainingTrial* trial = currentTrial(progress, result.course);
            return trial ? text(*trial) : none();
        };
    };
    table.add(Figures::tr("Gradients that differ, of"),
        Figures::tr("the gradients of one batch computed in other ways and compared number by "
                    "number, in any bit"),
        withTrial(
            [](const TrainingTrial& trial) { return countNumber(trial.check.oneThread.numbers); }),
        TrainingFigure::Kind::Heading);
    table.add(Figures::tr("on one thread"), Figures::tr("the same parts, one after the other"),
        withTrial([](const TrainingTrial& trial) { return differing(trial.check.oneThread); }));
    const auto withSize = [](const GradientDifference& difference) {
        return difference.differing == 0
            ? differing(difference)
            : Figures::tr("%1, ≤ %2").arg(differing(difference), powerText(difference.largest));
    };
    table.add(Figures::tr("batch unsplit"),
        Figures::tr("the whole batch in one piece: sums are grouped differently. ≤: the largest "
                    "difference, relative to the largest gradient"),
        withTrial([&](const TrainingTrial& trial) { return withSize(trial.check.unsplit); }));
    table.add(Figures::tr("summed as they came"),
        Figures::tr(
            "the sub-batches' gradients summed in the order in which they arrived, which is "
            "another each time"),
        withTrial(
            [&](const TrainingTrial& trial) { return withSize(trial.check.inOrderOfArrival); }));
    table.add(Figures::tr("last layer's order"),
        Figures::tr(
            "sub-batches, counted from 0, as the last layer's gradients came; each layer has "
            "an order of its own. Where only the first two change places, the sum is the "
            "same"),
        withTrial([](const TrainingTrial& trial) {
            return trial.check.arrival.size() > 1 ? arrivalText(trial.check.arrival) : none();
        }));
}

QString wayName(ComparedWay way, const TrainingCourse& course)
{
    switch (way) {
    case ComparedWay::OneThread:
        return Figures::tr("one piece, one thread");
    case ComparedWay::SubBatches:
        return Figures::tr("%1 sub-batches").arg(std::min(course.subBatches, course.rows));
    case ComparedWay::HiddenUnits:
        return Figures::tr("by hidden units");
    case ComparedWay::Layers:
        return Figures::tr("by layers");
    }
    return {};
}

QString wayText(const TrainingTrial& trial, ComparedWay way)
{
    const TimedWay* timed = timedWay(trial, way);
    if (!timed)
        return none();
    if (way == ComparedWay::OneThread)
        return msText(timed->medianMs);
    return Figures::tr("%1, × %2")
        .arg(msText(timed->medianMs),
            numberLocale().toString(
                timedWay(trial, ComparedWay::OneThread)->medianMs / timed->medianMs, 'f', 2));
}

void addWays(Table& table, const TrainingResult& result)
{
    const TrainingTrial* lstm = currentTrial(result.lstm, result.course);
    if (!lstm)
        return;
    table.head(result.course.threads == 1
            ? Figures::tr("The same step on one thread")
            : Figures::tr("The same step on %1 threads").arg(result.course.threads),
        Figures::tr(
            "timed in turns, %1 runs each: the median, and how many times as fast as in one "
            "piece on one thread")
            .arg(lstm->ways.front().repeats));
    for (const TimedWay& timed : lstm->ways) {
        table.add(wayName(timed.way, result.course), {}, [&](const TrainingProgress& progress) {
            const TrainingTrial* trial = currentTrial(progress, result.course);
            return trial ? wayText(*trial, timed.way) : none();
        });
    }
}

} // namespace

TrainingMeasures trainingMeasures(const TrainingProgress& progress, const TrainingResult& result)
{
    TrainingMeasures measures;
    std::vector<double> times;
    double share = 0;
    int traced = 0;
    const bool averages = result.course.way == TrainingWay::AveragedCopies;
    for (auto point = progress.points.rbegin();
         point != progress.points.rend() && point->course == result.courseNumber; ++point) {
        const TrainingStep& step = point->step;
        if (step.copiesApart && !measures.copiesApart)
            measures.copiesApart = step.copiesApart;
        if (!point->traced && times.size() < mostTimed)
            times.push_back(step.seconds * 1e3);
        if (step.consolidation && (!averages || step.copiesApart)) {
            if (traced == 0)
                measures.consolidation = step.consolidation;
            share += step.consolidation->share;
            ++traced;
        }
    }
    if (traced > 0)
        measures.consolidation->share = share / traced;
    if (!times.empty()) {
        measures.msPerStep = quantile(times, 0.5);
        measures.tokensPerSecond = 1e3 * result.course.rows * result.steps / *measures.msPerStep;
    }
    return measures;
}

const TrainingTrial* currentTrial(const TrainingProgress& progress, const TrainingCourse& course)
{
    const bool current = progress.trial && splitsAlike(progress.trial->course, course);
    return current ? &*progress.trial : nullptr;
}

const TimedWay* timedWay(const TrainingTrial& trial, ComparedWay way)
{
    const auto found = std::find_if(trial.ways.begin(), trial.ways.end(),
        [way](const TimedWay& timed) { return timed.way == way; });
    return found == trial.ways.end() ? nullptr : &*found;
}

std::vector<TrainingFigure> trainingFigures(const TrainingResult& result, double threshold)
{
    Table table(result);
    addSteps(table, result, threshold);
    addCheck(table, result);
    addWays(table, result);
    return table.take();
}

} // namespace timestep
