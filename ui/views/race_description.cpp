// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_description.h"

#include "ui/models/number_text.h"

#include <QCoreApplication>
#include <QStringList>

namespace timestep {

namespace {

struct Description
{
    Q_DECLARE_TR_FUNCTIONS(RaceDescription)
};

/// "12.3 ms": three significant digits.
QString valueText(double value, const RacePlotContent& content)
{
    constexpr int SignificantDigits = 3;
    if (content.yUnit == RaceUnit::Milliseconds)
        return durationText(value, SignificantDigits);
    if (content.yUnit == RaceUnit::Number)
        return Description::tr("%1 %2").arg(numberLocale().toString(value, value < 1000 ? 'g' : 'f',
                                                value < 1000 ? SignificantDigits : 0),
            content.yLabel);
    return tickText(value, content.yUnit);
}

QString pointText(const RaceDot& dot, const RacePlotContent& content)
{
    return Description::tr("%1 at %2 %3")
        .arg(valueText(dot.y, content), tickText(dot.x, RaceUnit::Number), content.xLabel);
}

QString curveText(const RaceCurve& curve, const RacePlotContent& content)
{
    QString name = curve.label.isEmpty() ? nameInSentence(curve, content.curves) : curve.label;
    if (curve.planned)
        name = Description::tr("%1 (plan, not measured)").arg(name);
    const QString first = pointText(curve.dots.front(), content);
    return curve.dots.size() == 1 ? Description::tr("%1: %2").arg(name, first)
                                  : Description::tr("%1: from %2 to %3")
                                        .arg(name, first, pointText(curve.dots.back(), content));
}

} // namespace

QString raceDescription(const RacePlotContent& content)
{
    QStringList sentences;
    for (const RaceCurve& curve : content.curves)
        if (!curve.dots.empty())
            sentences << curveText(curve, content);
    if (sentences.isEmpty())
        return content.emptyText;
    for (const RaceMark& mark : content.marks)
        sentences << mark.text;
    return sentences.join(QStringLiteral(". ")) + QLatin1Char('.');
}

} // namespace timestep
