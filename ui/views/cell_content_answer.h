// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/token_answer.h"

class QToolButton;

namespace timestep {

class ElidedLabel;
class LiveStepMemory;

/// Which steps wrote what is in the cell after the pinned one: as shares of the whole layer, or as
/// the exact terms of one unit, which add up to its cell state.
class CellContentAnswer : public TokenAnswer
{
    Q_OBJECT
public:
    /// `memory` must outlive this.
    explicit CellContentAnswer(LiveStepMemory& memory, QObject* parent = nullptr);

    QString title() const override;
    QString purpose() const override;
    QWidget* line() override { return m_line; }
    QString sentence() const override;
    TokenBars bars() const override;
    QString tooltip(int step) const override;
    bool complete() const override;
    void setContext(const TokenContext& context) override;
    void setShown(bool shown) override;

private:
    void showLine();
    bool ofUnit() const;

    LiveStepMemory& m_memory;
    TokenContext m_context;
    QWidget* m_line;
    ElidedLabel* m_caption;
    QToolButton* m_unit;
};

} // namespace timestep
