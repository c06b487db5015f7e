// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/token_answer.h"

class QPushButton;

namespace timestep {

class ElidedLabel;
class InfluenceJob;
class Session;

/// Which tokens sway what both models expect after the pinned one: shares, and the raw norms.
class InfluenceAnswer : public TokenAnswer
{
    Q_OBJECT
public:
    explicit InfluenceAnswer(Session& session, QObject* parent = nullptr);

    QString title() const override;
    QString purpose() const override;
    QWidget* line() override { return m_line; }
    TokenBars bars() const override;
    QString tooltip(int step) const override;
    bool complete() const override;
    void setContext(const TokenContext& context) override;
    void setShown(bool shown) override;

private:
    void showLine();

    InfluenceJob* m_job;
    TokenContext m_context;
    QWidget* m_line;
    ElidedLabel* m_caption;
    QPushButton* m_compute;
};

} // namespace timestep
