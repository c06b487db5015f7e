// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/race_text.h"

#include <QCoreApplication>

#include <string_view>

namespace timestep {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RaceText)
};

} // namespace

QString strategyText(Strategy strategy)
{
    const std::string_view name = strategyName(strategy);
    return QString::fromUtf8(name.data(), qsizetype(name.size()));
}

QString racedText(const RaceRequest& request)
{
    if (request.models.lstm)
        return Text::tr("%1 and %2")
            .arg(QString::fromStdString(request.models.lstm->name),
                QString::fromStdString(request.models.attention->name));
    const QString layers = request.causal ? Text::tr("bare causal layers of width %1, %2 heads")
                                          : Text::tr("bare layers of width %1, %2 heads");
    return layers.arg(request.width).arg(request.heads);
}

QString kernelText(const RaceMeasurement& measurement)
{
    return measurement.points.empty()
        ? QString()
        : QString::fromStdString(measurement.points.front().point.kernel);
}

QString coresText(int cores)
{
    return cores == 1 ? Text::tr("1 core") : Text::tr("%1 cores").arg(cores);
}

} // namespace timestep
