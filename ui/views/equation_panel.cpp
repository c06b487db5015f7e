// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/equation_panel.h"

#include "ui/views/fonts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

namespace timestep {

namespace {

constexpr int EquationLines = 5;

} // namespace

EquationPanel::EquationPanel(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_why(new QLabel)
    , m_lines(new QLabel)
{
    setAccessibleName(tr("The cell equation with its numbers"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    auto* title = new QHBoxLayout;
    m_title->setProperty("role", "heading");
    m_why->setProperty("role", "caption");
    title->addWidget(m_title);
    title->addStretch(1);
    title->addWidget(m_why);
    layout->addLayout(title);
    m_lines->setTextFormat(Qt::PlainText);
    m_lines->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_lines->setObjectName(QStringLiteral("cellEquation"));
    layout->addWidget(m_lines);
    fitFont();
    clear();
}

void EquationPanel::setCell(const LstmPicture& picture, int step, int unit, const QString& why)
{
    m_title->setText(tr("Unit %1 at “%2”").arg(unit).arg(picture.labels[step]));
    m_why->setText(why);
    m_lines->setText(
        cellEquation(CellNumbers::of(picture, step, unit)).join(QChar(QChar::LineFeed)));
    setAccessibleDescription(m_lines->text());
}

void EquationPanel::clear()
{
    m_title->setText(tr("The cell"));
    m_why->clear();
    m_lines->setText(QStringLiteral("c = f · c₋₁ + i · g\nh = o · tanh c"));
}

QString EquationPanel::text() const { return m_lines->text(); }

void EquationPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        fitFont();
    QWidget::changeEvent(event);
}

/// The numbers must not widen the column, nor move what is below them.
void EquationPanel::fitFont()
{
    m_lines->setFont(smallFont(monospaceFont(font())));
    m_lines->setMinimumHeight(EquationLines * QFontMetrics(m_lines->font()).lineSpacing());
}

} // namespace timestep

#include "moc_equation_panel.cpp"
