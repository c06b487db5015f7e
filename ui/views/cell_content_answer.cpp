// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/cell_content_answer.h"

#include "ui/models/next_tokens.h"
#include "ui/models/number_text.h"
#include "ui/views/cell_numbers.h"
#include "ui/views/elided_label.h"
#include "ui/views/lstm_sentence.h"
#include "ui/views/step_memory.h"

#include <QHBoxLayout>
#include <QToolButton>

#include <cmath>
#include <utility>

namespace timestep {

namespace {

/// How far back of a step 10, 50 and 90 % of the units have forgotten half: those within one token
/// of each other share a label. The longest may lie before the text.
std::vector<TokenBars::Tick> halfLifeTicks(const HalfLifeSummary& summary, int step)
{
    std::vector<TokenBars::Tick> ticks;
    if (std::isnan(summary.longest))
        return ticks;
    double first = 0; // of those that share a label
    QStringList names;
    const auto endGroup = [&] {
        if (!names.isEmpty())
            ticks.back().label = names.join(u'·') + QStringLiteral(" %");
        names.clear();
    };
    for (const auto& [name, halfLife] : { std::pair("10", summary.tenth),
             std::pair("50", summary.median), std::pair("90", summary.ninetieth) }) {
        if (!std::isfinite(halfLife) || halfLife > step + 0.5)
            break; // before the text, as all that follow
        if (!names.isEmpty() && halfLife - first >= 1)
            endGroup();
        if (names.isEmpty())
            first = halfLife;
        names.append(QString::fromLatin1(name));
        ticks.push_back({ step - halfLife, {} });
    }
    endGroup();
    const bool inText = summary.longest <= step + 0.5;
    const QString longest = std::isinf(summary.longest) ? QStringLiteral("∞")
        : summary.longest < 9.95                        ? QString::number(summary.longest, 'f', 1)
                                 : countNumber(std::llround(summary.longest));
    ticks.push_back({ inText ? step - summary.longest : -1.0,
        (inText ? CellContentAnswer::tr("longest %1") : CellContentAnswer::tr("← longest %1"))
            .arg(longest) });
    return ticks;
}

} // namespace

CellContentAnswer::CellContentAnswer(LiveStepMemory& memory, QObject* parent)
    : TokenAnswer(parent)
    , m_memory(memory)
    , m_context { std::make_shared<LstmPicture>(), 0, {}, {}, {} }
    , m_line(new QWidget)
    , m_caption(new ElidedLabel)
    , m_unit(new QToolButton)
{
    auto* layout = new QHBoxLayout(m_line);
    layout->setContentsMargins(0, 0, 0, 0);
    m_caption->setProperty("role", "caption");
    layout->addWidget(m_caption, 1);
    m_unit->setCheckable(true);
    m_unit->setProperty("small", true);
    layout->addWidget(m_unit);
    connect(&memory, &LiveStepMemory::changed, this, &TokenAnswer::changed);
    connect(m_unit, &QToolButton::toggled, this, [this] {
        showLine();
        emit changed();
    });
    showLine();
}

QString CellContentAnswer::title() const { return tr("Still in c"); }

QString CellContentAnswer::purpose() const
{
    return tr("which steps wrote what is in the cell after the pinned token");
}

bool CellContentAnswer::ofUnit() const { return m_unit->isChecked() && m_context.unit; }

void CellContentAnswer::showLine()
{
    m_unit->setVisible(m_context.unit.has_value());
    m_unit->setText(tr("unit %1").arg(m_context.unit.value_or(0)));
    m_unit->setToolTip(tr("the exact terms of this unit's cell instead of shares of the layer"));
    if (m_context.tokens() == 0)
        return m_caption->setFullText({});
    const QString label = m_context.picture->labels[m_context.step];
    m_caption->setFullText(ofUnit()
            ? tr("what each step has in c of unit %1 after “%2”: i·g × the forget gates since; "
                 "the bars add up to c")
                  .arg(*m_context.unit)
                  .arg(label)
            : tr(
                "who wrote what layer %1 holds after “%2”, as shares; ticks: that far back 10, 50, "
                "90 % of the units have forgotten half")
                  .arg(m_context.picture->layer + 1)
                  .arg(label));
}

QString CellContentAnswer::sentence() const
{
    const auto memory = m_memory.memory(m_context.picture, m_context.step);
    if (!ofUnit() || !memory)
        return cellContentSentence(*m_context.picture, memory.get());
    const int unit = *m_context.unit;
    int most = 0;
    for (int step = 0; step <= m_context.step; ++step)
        if (std::abs(memory->content.written(step, unit))
            > std::abs(memory->content.written(most, unit)))
            most = step;
    const QStringList& labels = m_context.picture->labels;
    return tr("After “%1”, unit %2 holds c = %3; the largest part of it, %4, is from “%5”.")
        .arg(labels[m_context.step])
        .arg(unit)
        .arg(stateText(m_context.picture->value(LstmQuantity::Cell, m_context.step, unit)),
            stateText(memory->content.written(most, unit)), labels[most]);
}

TokenBars CellContentAnswer::bars() const
{
    TokenBars bars;
    if (m_context.tokens() == 0)
        return bars;
    const auto memory = m_memory.memory(m_context.picture, m_context.step);
    TokenBars::Series series;
    series.values.assign(static_cast<std::size_t>(m_context.tokens()), std::nan(""));
    series.name = ofUnit() ? tr("unit %1").arg(*m_context.unit) : tr("share of c");
    const std::vector<double>& halfLives = m_context.picture->halfLives;
    const auto tick = [&](double halfLife, const QString& label) {
        if (std::isfinite(halfLife))
            bars.ticks.push_back({ m_context.step - halfLife, label });
    };
    if (ofUnit()) {
        const double halfLife = halfLives[static_cast<std::size_t>(*m_context.unit)];
        tick(halfLife, tr("half-life %1").arg(halfLifeText(halfLife)));
    } else {
        bars.ticks = halfLifeTicks(m_context.picture->halfLife, m_context.step);
    }
    for (int step = 0; memory && step <= m_context.step; ++step)
        series.values[static_cast<std::size_t>(step)] = ofUnit()
            ? double(memory->content.written(step, *m_context.unit))
            : memory->content.share[static_cast<std::size_t>(step)];
    bars.series.push_back(std::move(series));
    bars.full = bars.roundFull();
    bars.fullText = ofUnit() ? QStringLiteral("±%1").arg(bars.full) : percentText(bars.full);
    return bars;
}

QString CellContentAnswer::tooltip(int step) const
{
    const auto memory = m_memory.memory(m_context.picture, m_context.step);
    if (!memory || step > m_context.step)
        return {};
    const QString label = m_context.picture->labels[step];
    if (ofUnit())
        return tr("“%1” has %2 in c of unit %3")
            .arg(label, stateText(memory->content.written(step, *m_context.unit)))
            .arg(*m_context.unit);
    const auto at = static_cast<std::size_t>(step);
    return tr("“%1” wrote %2 of what is in c; %3 of what it wrote is left")
        .arg(label, percentText(memory->content.share[at]), percentText(memory->content.kept[at]));
}

bool CellContentAnswer::complete() const
{
    return m_context.tokens() == 0 || m_memory.memory(m_context.picture, m_context.step);
}

void CellContentAnswer::setContext(const TokenContext& context)
{
    m_context = context;
    showLine();
}

void CellContentAnswer::setShown(bool) { }

} // namespace timestep

#include "moc_cell_content_answer.cpp"
