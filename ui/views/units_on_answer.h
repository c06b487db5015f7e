// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/token_answer.h"

namespace timestep {

class ElidedLabel;
class UnitFinder;

/// Where in the text the units are on that were found over the brushed span.
class UnitsOnAnswer : public TokenAnswer
{
    Q_OBJECT
public:
    /// `finder` must outlive this.
    explicit UnitsOnAnswer(UnitFinder& finder, QObject* parent = nullptr);

    QString title() const override;
    QString purpose() const override;
    QWidget* line() override;
    QString sentence() const override;
    TokenBars bars() const override;
    QString tooltip(int step) const override;
    bool complete() const override;
    void setContext(const TokenContext& context) override;
    void setShown(bool) override { }

private:
    void showLine();

    UnitFinder& m_finder;
    LstmPicturePointer m_picture; // null until it is told
    ElidedLabel* m_caption;
};

} // namespace timestep
