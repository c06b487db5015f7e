// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/probing_answer.h"

namespace timestep {

class ElidedLabel;

/// Where a text that ends with a question had its answer and where it lost it. Of the steps after
/// which it was asked only those count where the text might ask it: whose token is the one before
/// the real question (in `q3=7 a9=1 q3=` the spaces); all of them, where that is the last one
/// alone.
struct AskedEarly
{
    std::shared_ptr<const QuestionFound> found; // never null
    QString question; // text
    QString answer; // label
    std::vector<EarlyAnswer> lstm, attention; // those that count, at least one each
    IndexRange
        lostOver; // the tokens between two of them over which the LSTM lost most; empty: none
    bool mostLostThere = false; // more than half of the whole fall, and it does not come back

    double atFirst() const { return lstm.front().probability; }
    double atLast() const { return lstm.back().probability; }
    double alone() const { return found->lstmAlone.probability; } // with the question alone
    bool known() const { return atFirst() >= 0.5; } // the LSTM had it once
    /// What is right is what it expects after the question wherever that stands: that it gives it
    /// does not tell that it remembers.
    bool answersAnyway() const;

    /// `picture`: of the text that the question is of.
    static AskedEarly of(std::shared_ptr<const QuestionFound> found, const LstmPicture& picture);

private:
    void findLoss();
};

/// The probability of the right answer in both models, if its question were asked after each step:
/// where it got lost.
class AskedEarlyAnswer : public ProbingAnswer
{
    Q_OBJECT
public:
    explicit AskedEarlyAnswer(ProbeJob& job, QObject* parent = nullptr);

    QString title() const override;
    QString purpose() const override;
    QWidget* line() override;
    TokenBars bars() const override;
    QString tooltip(int step) const override;
    void setContext(const TokenContext& context) override;

    QString sentence() const override;

    /// The text is one of single bytes, as those of the recall task are, whose answer the LSTM had
    /// once and can only have read.
    bool asksForRecall() const;

    /// Of the text as it is; nothing where it asks nothing, or while that is being found.
    std::optional<AskedEarly> asked() const;

protected:
    void ask(ProbeRequest& request, bool wanted) const override;
    void showLine() override;
    int readings() const override;
    bool alwaysWanted() const override;

private:
    void findQuestion();

    std::optional<EarlyQuestion> m_question;
    LstmPicturePointer m_questionOf;
    ElidedLabel* m_caption;
};

} // namespace timestep
