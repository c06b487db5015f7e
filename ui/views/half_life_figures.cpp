// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/half_life_figures.h"

#include "ui/models/number_text.h"

#include <QGridLayout>
#include <QLabel>

#include <cmath>

namespace timestep {

namespace {

/// Tokens, of three digits at least where they are few.
QString figureText(double steps)
{
    if (std::isnan(steps))
        return QStringLiteral("–");
    if (std::isinf(steps))
        return QStringLiteral("∞");
    return steps < 9.95 ? QString::number(steps, 'f', 1) : countNumber(std::llround(steps));
}

} // namespace

HalfLifeFigures::HalfLifeFigures(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(10);
    layout->setVerticalSpacing(0);
    auto* heading = new QLabel(tr("Half is forgotten in … tokens"));
    heading->setProperty("role", "heading");
    layout->addWidget(heading, 0, 0, 1, 4);
    const QString purpose = tr("half-life of a unit over this text: −ln 2 ÷ mean(ln f), f its "
                               "forget gate; 10, 50, 90 % of the units forget faster; "
                               "steps where f is forced are left out");
    setToolTip(purpose);
    setAccessibleName(tr("Half-lives of the units"));
    setAccessibleDescription(purpose);
    const std::array names { QStringLiteral("10 %"), QStringLiteral("50 %"), QStringLiteral("90 %"),
        tr("longest") };
    for (int column = 0; column < 4; ++column) {
        const auto index = static_cast<std::size_t>(column);
        auto* name = new QLabel(names[index]);
        name->setProperty("role", "caption");
        layout->addWidget(name, 1, column);
        m_values[index] = new QLabel;
        m_values[index]->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(m_values[index], 2, column);
        layout->setColumnStretch(column, 1);
    }
    setPicture({});
}

void HalfLifeFigures::setPicture(const LstmPicture& picture)
{
    const bool known = picture.tokens() > 0;
    const HalfLifeSummary& summary = picture.halfLife;
    const std::array values { summary.tenth, summary.median, summary.ninetieth, summary.longest };
    for (std::size_t index = 0; index < values.size(); ++index)
        m_values[index]->setText(known ? figureText(values[index]) : QStringLiteral("–"));
    m_values[3]->setToolTip(
        known && !std::isnan(summary.longest) ? tr("unit %1").arg(summary.longestUnit) : QString());
}

} // namespace timestep

#include "moc_half_life_figures.cpp"
