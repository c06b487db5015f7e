// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_figures.h"

#include <QCoreApplication>

#include <cmath>

namespace timestep {

namespace {

StepsModelFigures figuresOfModel(const PlannedModel& model, const PlannedPair& pair)
{
    const Cut& cut = model.plan.cut();
    StepsModelFigures figures;
    figures.strategy = cut.strategy;
    figures.subBatches = cut.subBatches;
    figures.layers = model.plan.shape().layers;
    figures.slices = cut.slices;
    figures.chain = model.chain;
    figures.work = model.summary.work / pair.unitFlops;
    figures.span = model.summary.span / pair.unitFlops;
    figures.parallelism = model.summary.parallelism;
    figures.finishedAt = model.schedule.length / pair.unitFlops;
    if (figures.finishedAt > 0)
        figures.busyShare = figures.work / (figures.finishedAt * pair.workers);
    double input = 0;
    for (const Operation& operation : model.plan.operations())
        input += operation.kind == OperationKind::InputHalf ? operation.flops : 0;
    if (model.summary.work > 0)
        figures.inputShare = input / model.summary.work;
    return figures;
}

/// Decimals at which a number that is not zero shows a digit: 1, or more below a twentieth.
int decimals(double number)
{
    const double size = std::abs(number);
    return size > 0 && size < 0.05 ? int(std::ceil(-std::log10(size))) : 1;
}

} // namespace

StepsFigures figuresOf(const PlannedPair& pair)
{
    StepsFigures figures;
    figures.steps = pair.lstm.plan.shape().steps;
    figures.rows = pair.rows;
    figures.workers = pair.workers;
    figures.oneLayer = pair.layer >= 0;
    figures.beingWritten = pair.lstm.plan.shape().beingWritten;
    figures.training = pair.lstm.plan.shape().training;
    figures.brokenLink = pair.lstm.plan.shape().brokenLink > 0;
    figures.chainUnbroken = pair.chainUnbroken;
    figures.finishedUnbroken = pair.lengthUnbroken / pair.unitFlops;
    figures.lstm = figuresOfModel(pair.lstm, pair);
    figures.attention = figuresOfModel(pair.attention, pair);
    return figures;
}

QString unitsNumber(double units) { return numberLocale().toString(units, 'f', decimals(units)); }

QString ratioNumber(double ratio)
{
    QString number = numberLocale().toString(ratio, 'f', decimals(ratio));
    if (number.endsWith(QLatin1String(".0")))
        number.chop(2);
    return number;
}

QString unitsText(double units)
{
    const QString number = ratioNumber(units);
    return number == QLatin1String("1")
        ? QCoreApplication::translate("Steps", "1 unit")
        : QCoreApplication::translate("Steps", "%1 units").arg(number);
}

} // namespace timestep
