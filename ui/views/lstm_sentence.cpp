// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_sentence.h"

#include "ui/models/next_tokens.h"
#include "ui/models/number_text.h"
#include "ui/models/window_labels.h"

#include <QCoreApplication>

#include <algorithm>
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
    if (std::isnan(summary.median))
        return Sentence::tr("all forget gates were forced");
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

/// Whose bar of those up to the step is the longest.
QString largestShare(const StepMemory& memory, const LstmPicture& picture)
{
    const std::vector<double>& share = memory.content.share;
    const auto largest = std::max_element(share.begin(), share.end());
    return Sentence::tr("%1 from %2")
        .arg(percentText(*largest), quoted(picture.labels[largest - share.begin()]));
}

/// What the bars show: who wrote what the cell holds after a step.
QString heldText(const StepMemory& memory, const LstmPicture& picture)
{
    const int steps = stepsOfHalf(memory.content.share);
    const QString after = quoted(picture.labels[memory.step]);
    if (steps == 1)
        return Sentence::tr("%1 wrote %2 of what layer %3 holds after it")
            .arg(after, percentText(memory.content.share.back()))
            .arg(picture.layer + 1);
    return Sentence::tr(
        "Half of what layer %1 holds after %2 is from the last %3 of %4 tokens, the largest share, "
        "%5")
        .arg(picture.layer + 1)
        .arg(
            after, countNumber(steps), countNumber(memory.step + 1), largestShare(memory, picture));
}

/// What became later of what a step wrote.
QString keptText(const StepMemory& memory, const LstmPicture& picture)
{
    const Retention& retention = memory.retention;
    const QString left = Sentence::tr("of what it wrote itself, %1 is left %2 later")
                             .arg(percentText(retention.kept.back()),
                                 tokensText(picture.tokens() - 1 - memory.step));
    if (retention.lostAt < 0 || retention.lost < LittleLost)
        return left;
    return Sentence::tr("%1, the largest loss, %2, at token %3 %4")
        .arg(left, percentText(retention.lost),
            countNumber(picture.run->window.begin + retention.lostAt + 1),
            quoted(picture.labels[retention.lostAt]));
}

QString whenFirstAsked(const AskedEarly& asked, const LstmPicture& picture)
{
    const int step = asked.lstm.front().step;
    const int since = step - asked.found->request.first;
    return since <= 1 ? Sentence::tr("Asked right after it was said")
                      : Sentence::tr("Asked after %1, %2 after it was said")
                            .arg(quoted(picture.labels[step]), tokensText(since));
}

} // namespace

QString cellContentSentence(const LstmPicture& picture, const StepMemory* memory)
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
    if (memory->content.share.back() == 0 && memory->retention.kept.front() == 0)
        return Sentence::tr("%1 wrote nothing into layer %2; %3.")
            .arg(quoted(picture.labels[memory->step]))
            .arg(picture.layer + 1)
            .arg(halfLives(picture));
    return Sentence::tr("%1; %2.").arg(heldText(*memory, picture),
        memory->step + 1 == picture.tokens() ? halfLives(picture) : keptText(*memory, picture));
}

QString askedEarlySentence(const AskedEarly& asked, const LstmPicture& picture)
{
    const QString answer = quoted(asked.answer);
    const QString first = percentText(asked.atFirst());
    const QString last = percentText(asked.atLast());
    const QString alone = percentText(asked.alone());
    if (asked.answersAnyway())
        return Sentence::tr("Asked at the end, the LSTM gives %1 %2, but it does so without having "
                            "read it: %3 with “%4” alone.")
            .arg(answer, last, alone, asked.question);
    const QString when = whenFirstAsked(asked, picture);
    if (!asked.known())
        return Sentence::tr("%1, the LSTM gives %2 only %3, asked at the end %4; with “%5” alone "
                            "%6.")
            .arg(when, answer, first, last, asked.question, alone);
    if (asked.atFirst() - asked.atLast() < LittleLost || asked.lostOver.count() <= 0)
        return Sentence::tr("%1, the LSTM gives %2 %3, asked at the end %4: what was said is still "
                            "there (with “%5” alone %6).")
            .arg(when, answer, first, last, asked.question, alone);
    const QString where = asked.mostLostThere ? Sentence::tr("most of it was lost while it read %1")
                                              : Sentence::tr("it fell most while it read %1");
    return Sentence::tr("%1, the LSTM gives %2 %3, asked at the end %4 (with “%5” alone %6): %7.")
        .arg(when, answer, first, last, asked.question, alone,
            where.arg(quoted(windowText(*picture.run, asked.lostOver))));
}

} // namespace timestep
