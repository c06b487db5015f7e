// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_verdict_panel.h"

#include "ui/views/elided_label.h"

#include <QGridLayout>
#include <QLabel>
#include <QStringList>

namespace timestep {

namespace {

QString markOf(VerdictLine::Answer answer)
{
    switch (answer) {
    case VerdictLine::Answer::Yes:
        return QStringLiteral("✓");
    case VerdictLine::Answer::No:
        return QStringLiteral("✗");
    case VerdictLine::Answer::Open:
        break;
    }
    return QStringLiteral("?");
}

} // namespace

QString verdictText(const VerdictLine& line)
{
    const QString told
        = RaceVerdictPanel::tr("%1 %2: %3").arg(markOf(line.answer), line.claim, line.answerText);
    return line.figures.isEmpty() ? told : RaceVerdictPanel::tr("%1 (%2)").arg(told, line.figures);
}

RaceVerdictPanel::RaceVerdictPanel(Size size, QWidget* parent)
    : QWidget(parent)
    , m_size(size)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(1);
    m_grid->setColumnStretch(size == Size::Lines ? 3 : 1, 1);
    setAccessibleName(tr("What this machine says"));
}

void RaceVerdictPanel::addRow()
{
    const bool full = m_size == Size::Full;
    const Row row { new QLabel, new QLabel, new QLabel, full ? new QLabel : new ElidedLabel };
    row.claim->setProperty("role", full ? "secondary" : "caption");
    row.figures->setProperty("role", full ? "secondary" : "caption");
    row.answer->setObjectName(QStringLiteral("verdictAnswer"));
    row.figures->setObjectName(QStringLiteral("verdictFigures"));
    if (full)
        addParagraph(row);
    else
        addLine(row);
    m_rows.push_back(row);
}

void RaceVerdictPanel::addLine(const Row& row)
{
    const int place = static_cast<int>(m_rows.size());
    m_grid->addWidget(row.mark, place, 0);
    m_grid->addWidget(row.claim, place, 1);
    m_grid->addWidget(row.answer, place, 2);
    m_grid->addWidget(row.figures, place, 3);
}

/// Claim, answer and figures below each other, the mark beside them.
void RaceVerdictPanel::addParagraph(const Row& row)
{
    constexpr int Lines = 4;
    const int place = Lines * static_cast<int>(m_rows.size());
    row.mark->setProperty("role", "sentence");
    row.answer->setProperty("role", "sentence");
    row.figures->setWordWrap(true);
    m_grid->addWidget(row.mark, place + 1, 0);
    m_grid->addWidget(row.claim, place, 1);
    m_grid->addWidget(row.answer, place + 1, 1);
    m_grid->addWidget(row.figures, place + 2, 1);
    m_grid->setRowStretch(place + 3, 1);
}

void RaceVerdictPanel::setLines(const std::vector<VerdictLine>& lines)
{
    while (m_rows.size() < lines.size())
        addRow();
    for (std::size_t index = 0; index < m_rows.size(); ++index) {
        const Row& row = m_rows[index];
        const VerdictLine line = index < lines.size() ? lines[index] : VerdictLine {};
        row.mark->setText(markOf(line.answer));
        row.claim->setText(line.claim);
        row.answer->setText(QStringLiteral("<b>%1</b>").arg(line.answerText.toHtmlEscaped()));
        if (auto* elided = qobject_cast<ElidedLabel*>(row.figures))
            elided->setFullText(line.figures);
        else
            row.figures->setText(line.figures);
        row.figures->setAccessibleName(verdictText(line));
    }
    setAccessibleDescription(text());
}

QString RaceVerdictPanel::text() const
{
    QStringList lines;
    for (const Row& row : m_rows)
        lines.append(row.figures->accessibleName());
    return lines.join(QLatin1Char('\n'));
}

} // namespace timestep

#include "moc_race_verdict_panel.cpp"
