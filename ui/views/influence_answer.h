// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/influence_sentence.h"
#include "ui/views/token_answer.h"

class QComboBox;
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
    QString sentence() const override;
    TokenBars bars() const override;
    QString tooltip(int step) const override;
    bool complete() const override;
    void setContext(const TokenContext& context) override;
    void setShown(bool shown) override;

private:
    void showLine();
    void showTarget();
    bool ready() const; // of this text
    InfluenceText text() const; // where it is ready
    TokenBars::Series seriesOf(const ModelInfluence& influence, ModelKind kind) const;

    Session& m_session;
    InfluenceJob* m_job;
    TokenContext m_context;
    QWidget* m_line;
    QComboBox* m_target;
    ElidedLabel* m_caption;
    QPushButton* m_compute;
};

} // namespace timestep
