// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_figures_panel.h"

#include "ui/models/number_text.h"
#include "ui/views/fonts.h"
#include "ui/views/theme.h"

#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>

namespace timestep {

namespace {

void setColor(QLabel* label, const QColor& color)
{
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, color);
    label->setPalette(palette);
}

} // namespace

TrainingFiguresPanel::TrainingFiguresPanel(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_threshold(new QDoubleSpinBox)
    , m_lstmHead(new QLabel(tr("LSTM")))
    , m_attentionHead(new QLabel(tr("Attention")))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setVerticalSpacing(1);
    m_grid->setHorizontalSpacing(12);
    m_grid->setColumnStretch(0, 1);
    m_threshold->setRange(0.001, 20);
    m_threshold->setDecimals(3);
    m_threshold->setSingleStep(0.1);
    m_threshold->setValue(1);
    m_threshold->setLocale(numberLocale());
    m_threshold->setProperty("small", true);
    m_threshold->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_threshold->setAccessibleName(tr("Loss whose time is told"));
    m_threshold->setToolTip(tr("type it, or drag the dashed line"));
    m_grid->addWidget(m_lstmHead, 0, 1, Qt::AlignRight);
    m_grid->addWidget(m_attentionHead, 0, 2, Qt::AlignRight);
    connect(
        m_threshold, &QDoubleSpinBox::valueChanged, this, &TrainingFiguresPanel::thresholdChanged);
    applyTheme();
}

double TrainingFiguresPanel::threshold() const { return m_threshold->value(); }

void TrainingFiguresPanel::setThreshold(double loss) { m_threshold->setValue(loss); }

void TrainingFiguresPanel::addLine()
{
    const int row = static_cast<int>(m_lines.size()) + 1;
    Line line { new QLabel, new QLabel, new QLabel };
    m_grid->addWidget(line.name, row, 0);
    m_grid->addWidget(line.lstm, row, 1, Qt::AlignRight);
    m_grid->addWidget(line.attention, row, 2, Qt::AlignRight);
    m_lines.push_back(line);
    m_grid->setRowStretch(row, 0);
    m_grid->setRowStretch(row + 1, 1); // what is left over is below
}

void TrainingFiguresPanel::show(const std::vector<TrainingFigure>& figures)
{
    const bool grows = m_lines.size() < figures.size();
    while (m_lines.size() < figures.size())
        addLine();
    if (grows)
        applyTheme();
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const Line& line = m_lines[i];
        const bool used = i < figures.size();
        for (QLabel* label : { line.name, line.lstm, line.attention })
            label->setVisible(used);
        if (!used)
            continue;
        const TrainingFigure& figure = figures[i];
        const bool heading = figure.kind == TrainingFigure::Kind::Heading;
        line.name->setText(
            heading ? QStringLiteral("<b>%1</b>").arg(figure.name.toHtmlEscaped()) : figure.name);
        line.lstm->setText(figure.lstm);
        line.attention->setText(figure.attention);
        line.lstm->setAccessibleName(tr("LSTM, %1").arg(figure.name));
        line.attention->setAccessibleName(tr("attention, %1").arg(figure.name));
        for (QLabel* label : { line.name, line.lstm, line.attention })
            label->setToolTip(figure.tip);
        if (figure.kind == TrainingFigure::Kind::Threshold && !m_threshold->parentWidget()) {
            m_grid->removeWidget(line.name);
            auto* row = new QHBoxLayout;
            row->setSpacing(6);
            row->addWidget(line.name);
            row->addWidget(m_threshold);
            row->addStretch(1);
            m_grid->addLayout(row, static_cast<int>(i) + 1, 0);
        }
    }
}

void TrainingFiguresPanel::applyTheme()
{
    m_appliesTheme = true;
    const Theme& theme = Theme::of(palette());
    const QFont small = smallFont(font());
    QFont bold = small;
    bold.setBold(true);
    m_lstmHead->setFont(bold);
    m_attentionHead->setFont(bold);
    setColor(m_lstmHead, theme.lstm.text);
    setColor(m_attentionHead, theme.attention.text);
    m_threshold->setFont(small);
    m_threshold->setFixedWidth(
        QFontMetrics(small).horizontalAdvance(QStringLiteral("00.0000")) + 14);
    for (const Line& line : m_lines) {
        for (QLabel* label : { line.name, line.lstm, line.attention })
            label->setFont(small);
        setColor(line.name, theme.secondaryText);
        setColor(line.lstm, theme.text);
        setColor(line.attention, theme.text);
    }
    m_appliesTheme = false;
}

void TrainingFiguresPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    const bool look = event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange;
    if (look && !m_appliesTheme)
        applyTheme();
}

} // namespace timestep

#include "moc_training_figures_panel.cpp"
