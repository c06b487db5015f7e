// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/token_answer.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QStackedWidget;

namespace timestep {

class TokenBarsView;
class TokenView;

/// Questions about the tokens as a row of small tabs, and the answer to the one that is asked.
class LstmStrip : public QWidget
{
    Q_OBJECT
public:
    /// `view` must outlive this; `answers` stay with whoever owns them and must outlive it too.
    LstmStrip(TokenView& view, std::vector<TokenAnswer*> answers, QWidget* parent = nullptr);

    TokenBarsView& barsView() { return *m_bars; }
    TokenAnswer& current() const { return *m_answers[static_cast<std::size_t>(m_current)]; }
    /// What is asked and how: "Replace: each in turn by ·the"
    QString choiceText() const;
    /// Shows this answer, unless somebody has chosen one.
    void suggest(const TokenAnswer& answer);
    void setContext(const TokenContext& context);
    bool complete() const;
    /// Its tabs wrap, but that must not make its preferred height the least there may be.
    bool hasHeightForWidth() const override { return false; }

signals:
    void answerChanged(); // another one, or what it says

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void fitTabs();
    void choose(int index);
    void showBars();

    const std::vector<TokenAnswer*> m_answers;
    std::optional<TokenContext> m_context;
    int m_current = 0;
    bool m_chosen = false; // by somebody
    QButtonGroup* m_tabs;
    QWidget* m_tabRow; // as many lines of tabs as it takes
    QStackedWidget* m_lines;
    TokenBarsView* m_bars;
};

} // namespace timestep
