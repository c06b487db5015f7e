// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/probing_answer.h"

class QComboBox;
class QLineEdit;

namespace timestep {

class ElidedLabel;

/// What a replaced token changes in both models, in bits: the pinned one at every position, or each
/// in turn at the pinned one.
class ReplacementAnswer : public ProbingAnswer
{
    Q_OBJECT
public:
    explicit ReplacementAnswer(ProbeJob& job, QObject* parent = nullptr);

    QString title() const override;
    QString purpose() const override;
    QWidget* line() override { return m_line; }
    QString sentence() const override;
    TokenBars bars() const override;
    QString tooltip(int step) const override;

protected:
    void ask(ProbeRequest& request, bool wanted) const override;
    void showLine() override;
    int readings() const override;

private:
    struct Change // bits, of each step
    {
        std::vector<double> lstm, attention;
    };
    bool eachInTurn() const;
    std::optional<TokenId> token() const;
    std::string_view bytesAt(int step) const;
    QString replacedBy() const; // label
    std::optional<Change> change() const; // what is asked for, if it is there

    QWidget* m_line;
    QComboBox* m_way;
    QLineEdit* m_typed;
    ElidedLabel* m_caption;
};

/// What stands in the place of a token until somebody types something else: another digit for a
/// digit, another letter for a letter, else a common word.
std::string usualReplacement(std::string_view original);

} // namespace timestep
