// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_sentence.h"

#include "ui/models/next_tokens.h"
#include "ui/models/number_text.h"

#include <QCoreApplication>

#include <cmath>
#include <utility>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(LstmSentence)
};

constexpr double LittleLost = 0.05; // of what was written: not worth a word where it went

QString quoted(const QString& label) { return QStringLiteral("“%1”").arg(label); }

/// "2 tokens", "2.3 tokens" where they are few.
QString tokensText(double steps)
{
    if (std::isinf(steps))
        return Sentence::tr("ever");
    const double shown = steps < 9.95 ? std::round(steps * 10) / 10 : std::round(steps);
    const QString number = shown < 10 ? QString::number(shown) : countNumber(std::llround(shown));
    return shown == 1 ? Sentence::tr("1 token") : Sentence::tr("%1 tokens").arg(number);
}

/// "half of the units forget half within 2 tokens, one keeps half for 140".
QString halfLives(const LstmPicture& picture)
{
    const HalfLifeSummary& summary = picture.halfLife;
    const QString half = std::isinf(summary.median)
        ? Sentence::tr("half of the units never forget half")
        : Sentence::tr("half of the units forget half within %1").arg(tokensText(summary.median));
    return Sentence::tr("%1, one keeps half for %2").arg(half, tokensText(summary.longest));
}

/// The least number of last steps that wrote half of what is in the cell.
int stepsOfHalf(const std::vector<double>& shares)
{
    double sum = 0;
    int steps = 0;
    for (auto share = shares.rbegin(); share != shares.rend() && sum < 0.5; ++share, ++steps)
        sum += *share;
    return steps;
}

QString heldSentence(const StepMemory& memory, const LstmPicture& picture)
{
    const int steps = stepsOfHalf(memory.content.share);
    const QString after = quoted(picture.labels[memory.step]);
    const QString half = steps == 1
        ? Sentence::tr("%1 wrote %2 of what layer %3 holds now")
              .arg(after, percentText(memory.content.share.back()))
              .arg(picture.layer + 1)
        : Sentence::tr("Half of what layer %1 holds after %2 is from the last %3 of %4 tokens")
              .arg(picture.layer + 1)
              .arg(after, countNumber(steps), countNumber(memory.step + 1));
    return Sentence::tr("%1; %2.").arg(half, halfLives(picture));
}

QString keptSentence(const StepMemory& memory, const LstmPicture& picture)
{
    const Retention& retention = memory.retention;
    const QString left = Sentence::tr("Of what %1 wrote into layer %2, %3 is left %4 later")
                             .arg(quoted(picture.labels[memory.step]))
                             .arg(picture.layer + 1)
                             .arg(percentText(retention.kept.back()),
                                 tokensText(picture.tokens() - 1 - memory.step));
    const QString lost = retention.lostAt >= 0 && retention.lost >= LittleLost
        ? Sentence::tr(", most was lost at %1 (%2)")
              .arg(quoted(picture.labels[retention.lostAt]), percentText(retention.lost))
        : QString();
    return Sentence::tr("%1%2; %3.").arg(left, lost, halfLives(picture));
}

/// The labels of some tokens together, without white space at the ends.
QString labelOf(const LstmPicture& picture, IndexRange steps)
{
    QString label;
    for (int step = steps.begin; step < steps.end; ++step)
        label += picture.labels[step];
    while (label.startsWith(u'·'))
        label.remove(0, 1);
    while (label.endsWith(u'·'))
        label.chop(1);
    return quoted(label);
}

/// Where the answer went that was there once.
QString answerSentence(const AskedEarly& asked, const LstmPicture& picture)
{
    const QString answer = quoted(asked.answer);
    const QString first = percentText(asked.atFirst());
    const QString last = percentText(asked.atLast());
    const bool lost = asked.atFirst() - asked.atLast() >= LittleLost && asked.lostOver.count() > 0;
    if (!lost)
        return Sentence::tr("Asked right after it was said, the LSTM gives %1 %2, asked at the end "
                            "%3: what was said is still there.")
            .arg(answer, first, last);
    return Sentence::tr("Asked right after it was said, the LSTM gives %1 %2, asked at the end %3: "
                        "most of it was lost while it read %4.")
        .arg(answer, first, last, labelOf(picture, asked.lostOver));
}

} // namespace

QString lstmSentence(
    const LstmPicture& picture, const StepMemory* memory, const std::optional<AskedEarly>& asked)
{
    if (picture.tokens() == 0)
        return Sentence::tr("Type a text: every token will show what the LSTM writes, keeps and "
                            "forgets.");
    if (picture.untrained())
        return Sentence::tr(
            "Untrained: the forget gates stand near %1, so half of the units forget "
            "half within %2, whatever is read.")
            .arg(double(picture.values(LstmQuantity::Forget).mean()), 0, 'f', 2)
            .arg(tokensText(picture.halfLife.median));
    if (picture.tokens() == 1)
        return Sentence::tr(
            "A single token: all that layer %1 holds was written by it, and nothing "
            "is forgotten yet.")
            .arg(picture.layer + 1);
    if (!memory)
        return {};
    if (asked && asked->known() && memory->step + 1 == picture.tokens())
        return answerSentence(*asked, picture);
    if (memory->content.share.back() == 0 && memory->retention.kept.front() == 0)
        return Sentence::tr("%1 wrote nothing into layer %2; %3.")
            .arg(quoted(picture.labels[memory->step]))
            .arg(picture.layer + 1)
            .arg(halfLives(picture));
    return memory->step + 1 == picture.tokens() ? heldSentence(*memory, picture)
                                                : keptSentence(*memory, picture);
}

} // namespace timestep
