// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_strip.h"

#include "ui/views/flow_layout.h"
#include "ui/views/picture_controls.h"
#include "ui/views/token_bars_view.h"

#include <QButtonGroup>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace timestep {

LstmStrip::LstmStrip(TokenView& view, std::vector<TokenAnswer*> answers, QWidget* parent)
    : QWidget(parent)
    , m_answers(std::move(answers))
    , m_tabs(new QButtonGroup(this))
    , m_tabRow(new QWidget)
    , m_lines(new QStackedWidget)
    , m_bars(new TokenBarsView(view))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    auto* tabs = new FlowLayout;
    tabs->setContentsMargins(0, 0, 0, 0);
    tabs->setSpacing(3);
    m_tabRow->setLayout(tabs);
    for (std::size_t index = 0; index < m_answers.size(); ++index) {
        TokenAnswer* answer = m_answers[index];
        auto* tab = new QToolButton;
        tab->setText(answer->title());
        tab->setToolTip(answer->purpose());
        tab->setAccessibleDescription(answer->purpose());
        tab->setCheckable(true);
        tab->setProperty("small", true);
        m_tabs->addButton(tab, static_cast<int>(index));
        tabs->addWidget(tab);
        m_lines->addWidget(answer->line());
        connect(answer, &TokenAnswer::changed, this, [this, answer] {
            if (answer == &current())
                showBars();
        });
    }
    m_tabs->button(0)->setChecked(true);
    m_lines->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    layout->addWidget(m_tabRow);
    layout->addWidget(m_lines);
    layout->addWidget(m_bars, 1);
    m_bars->setTooltips([this](int step) { return current().tooltip(step); });
    connect(m_tabs, &QButtonGroup::idClicked, this, [this](int index) {
        m_chosen = true;
        choose(index);
    });
    showBars();
}

QString LstmStrip::choiceText() const
{
    const QString chosen = chosenIn(*current().line());
    return chosen.isEmpty() ? current().title() : tr("%1: %2").arg(current().title(), chosen);
}

void LstmStrip::suggest(const TokenAnswer& answer)
{
    if (m_chosen)
        return;
    const auto place = std::find(m_answers.begin(), m_answers.end(), &answer);
    choose(static_cast<int>(place - m_answers.begin()));
}

void LstmStrip::choose(int index)
{
    if (index == m_current)
        return;
    current().setShown(false);
    m_current = index;
    m_tabs->button(index)->setChecked(true);
    m_lines->setCurrentIndex(index);
    if (isVisible())
        current().setShown(true);
    showBars();
}

void LstmStrip::setContext(const TokenContext& context)
{
    if (m_context == context)
        return; // the pointer has moved, no more
    m_context = context;
    for (TokenAnswer* answer : m_answers)
        answer->setContext(context);
    showBars();
}

bool LstmStrip::complete() const { return current().complete(); }

void LstmStrip::fitTabs() { m_tabRow->setFixedHeight(m_tabRow->layout()->heightForWidth(width())); }

void LstmStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitTabs();
}

void LstmStrip::showEvent(QShowEvent* event)
{
    fitTabs();
    current().setShown(true);
    QWidget::showEvent(event);
}

void LstmStrip::hideEvent(QHideEvent* event)
{
    current().setShown(false);
    QWidget::hideEvent(event);
}

void LstmStrip::showBars()
{
    m_bars->setBars(current().bars());
    m_bars->setAccessibleName(tr("%1: %2").arg(current().title(), current().purpose()));
    emit answerChanged();
}

} // namespace timestep

#include "moc_lstm_strip.cpp"
