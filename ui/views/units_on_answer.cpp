// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/units_on_answer.h"

#include "ui/models/number_text.h"
#include "ui/models/window_labels.h"
#include "ui/views/elided_label.h"
#include "ui/views/unit_finder.h"

namespace timestep {

UnitsOnAnswer::UnitsOnAnswer(UnitFinder& finder, QObject* parent)
    : TokenAnswer(parent)
    , m_finder(finder)
    , m_caption(new ElidedLabel)
{
    m_caption->setProperty("role", "caption");
    connect(&finder, &UnitFinder::foundChanged, this, [this] {
        showLine();
        emit changed();
    });
    showLine();
}

QString UnitsOnAnswer::title() const { return tr("Units on"); }

QString UnitsOnAnswer::purpose() const
{
    return tr("where else the units are on that are on over the brushed tokens");
}

QWidget* UnitsOnAnswer::line() { return m_caption; }

void UnitsOnAnswer::showLine()
{
    const FoundUnits& found = m_finder.found();
    const UnitThreshold& threshold = found.search.threshold;
    m_caption->setFullText(found.units.empty()
            ? QString()
            : tr("how many of these %1 units have %2 %3 %4, token by token")
                  .arg(countNumber(static_cast<qint64>(found.units.size())),
                      lstmLetter(found.search.quantity),
                      threshold.below ? tr("below") : tr("above"),
                      QString::number(double(threshold.value), 'f', 2).replace(u'-', u'−')));
}

QString UnitsOnAnswer::sentence() const
{
    const FoundUnits& found = m_finder.found();
    if (found.search.picture != m_picture)
        return {};
    if (!found.search.span)
        return tr("Brush some tokens: here is where else the units are on that are on there.");
    const QString brushed = windowText(*m_picture->run, *found.search.span);
    const QString condition = QStringLiteral("%1 %2 %3")
                                  .arg(lstmLetter(found.search.quantity),
                                      found.search.threshold.below ? tr("below") : tr("above"),
                                      QString::number(double(found.search.threshold.value), 'f', 2)
                                          .replace(u'-', u'−'));
    if (found.units.empty())
        return tr("No unit of layer %1 has %2 at all of “%3”.")
            .arg(m_picture->layer + 1)
            .arg(condition, brushed);
    int elsewhere = 0;
    for (const IndexRange& place : found.elsewhere)
        elsewhere += place.count();
    const int others = m_picture->tokens() - found.search.span->count();
    return tr("%1 of %2 units of layer %3 have %4 at all of “%5”; half of them or more also at %6 "
              "of the %7 other tokens.")
        .arg(countNumber(static_cast<qint64>(found.units.size())), countNumber(m_picture->units()))
        .arg(m_picture->layer + 1)
        .arg(condition, brushed, countNumber(elsewhere), countNumber(others));
}

TokenBars UnitsOnAnswer::bars() const
{
    TokenBars bars;
    const FoundUnits& found = m_finder.found();
    if (found.search.picture != m_picture)
        return bars;
    if (!found.search.span)
        bars.emptyText = tr("Brush: drag over some tokens in the picture.");
    else if (found.units.empty())
        bars.emptyText = tr("No unit is on at all of the brushed tokens: move the threshold.");
    if (!bars.emptyText.isEmpty())
        return bars;
    bars.series.push_back(
        { ModelKind::Lstm, { found.countsOn.begin(), found.countsOn.end() }, tr("units on"), {} });
    bars.full = double(found.units.size());
    bars.fullText = countNumber(static_cast<qint64>(found.units.size()));
    return bars;
}

QString UnitsOnAnswer::tooltip(int step) const
{
    const FoundUnits& found = m_finder.found();
    if (static_cast<std::size_t>(step) >= found.countsOn.size())
        return {};
    return tr("%1 of these %2 units are on at “%3”")
        .arg(countNumber(found.countsOn[static_cast<std::size_t>(step)]),
            countNumber(static_cast<qint64>(found.units.size())),
            found.search.picture->labels[step]);
}

bool UnitsOnAnswer::complete() const { return m_finder.complete(); }

void UnitsOnAnswer::setContext(const TokenContext& context) { m_picture = context.picture; }

} // namespace timestep

#include "moc_units_on_answer.cpp"
