// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/attention_sentence.h"

#include "ui/models/number_text.h"

#include <QCoreApplication>

#include <cmath>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(AttentionSentence)
};

constexpr int MostDecimals = 7;
constexpr double Clear = 0.25; // a share that shows without comparing it with the others

QString quoted(const QString& label) { return QStringLiteral("“%1”").arg(label); }

/// Which token is read, what share of it, and where it lies seen from the row.
QString place(const AffinityPicture& picture, int row, int column)
{
    const QString label = quoted(picture.label(column));
    const QString share = shareText(picture.share(row, column));
    const int back = row - column;
    if (back == 0)
        return Sentence::tr("itself (%1)").arg(share);
    if (back == 1)
        return Sentence::tr("the token before, %1 (%2)").arg(label, share);
    if (back > 1)
        return Sentence::tr("%1 (%2), %3 tokens back").arg(label, share, countNumber(back));
    return back == -1
        ? Sentence::tr("the token after, %1 (%2)").arg(label, share)
        : Sentence::tr("%1 (%2), %3 tokens ahead").arg(label, share, countNumber(-back));
}

/// The token read follows an earlier copy of the row's own token: an induction head at work.
bool followsCopy(const AffinityPicture& picture, int row, int column)
{
    return column > 0 && column < row && picture.id(column - 1) == picture.id(row);
}

QString untrainedSentence(const AffinityPicture& picture)
{
    const qint64 tokens = picture.tokens();
    const QString all = QStringLiteral("%1 × %1").arg(countNumber(tokens));
    const auto seen = qint64(picture.mask.pairs({ 0, picture.tokens() }, picture.tokens()));
    const QString pairs = seen < tokens * tokens
        ? Sentence::tr("%1 of %2 pairs have").arg(countNumber(seen), all)
        : Sentence::tr("all %1 pairs have").arg(all);
    return Sentence::tr("Untrained: the pattern means nothing yet, but %1 their number.")
        .arg(pairs);
}

QString reachText(const AttentionMask& mask)
{
    return mask.window > 0
        ? Sentence::tr("; attention reaches any of the %1 tokens of its window in one step.")
              .arg(countNumber(mask.window))
        : Sentence::tr("; attention reaches any token in one step.");
}

QString readingSentence(const AffinityPicture& picture, int row)
{
    const int column = picture.mostRead(row);
    const double share = picture.share(row, column);
    const int readable = picture.readable(row).count();
    const double even = 1.0 / readable;
    const QString reader = quoted(picture.label(row));
    if (share < 2 * even)
        return Sentence::tr(
            "This head spreads the reading of %1 over %2 tokens: none gets more than %3, an "
            "even share is %4.")
            .arg(reader)
            .arg(countNumber(readable))
            .arg(shareText(share), shareText(even));
    const QString from = place(picture, row, column);
    const bool far = std::abs(row - column) > 1;
    if (share >= Clear && followsCopy(picture, row, column))
        return Sentence::tr("This head has found what followed %1 before: %2%3")
            .arg(reader, from, far ? Sentence::tr(", as easily as one.") : Sentence::tr("."));
    const QString times = share >= Clear
        ? QString()
        : Sentence::tr(", %1 times an even share").arg(countNumber(std::lround(share / even)));
    return Sentence::tr("This head reads %1 %2 %3%4%5")
        .arg(reader, share > 0.5 ? Sentence::tr("mostly from") : Sentence::tr("most from"), from,
            times, far ? reachText(picture.mask) : Sentence::tr("."));
}

} // namespace

QString shareText(double share)
{
    if (share <= 0 || share >= 0.095)
        return QString::number(share, 'f', 2);
    const int decimals = 1 - static_cast<int>(std::floor(std::log10(share)));
    return decimals > MostDecimals ? Sentence::tr("under 0.000001")
                                   : QString::number(share, 'f', decimals);
}

QString attentionSentence(const AffinityPicture& picture, int row)
{
    if (picture.tokens() == 0)
        return Sentence::tr("Type a text: every token will show from where it reads.");
    if (picture.tokens() == 1)
        return Sentence::tr("A single token has only itself to read.");
    const QString sentence
        = picture.untrained ? untrainedSentence(picture) : readingSentence(picture, row);
    if (picture.mask.causal)
        return sentence;
    const QString off
        = picture.mask.window > 0 ? Sentence::tr("Causal off") : Sentence::tr("Mask off");
    return Sentence::tr("%1, for timing only: this model can now see the answer. %2")
        .arg(off, sentence);
}

QString affinityCellText(const AffinityPicture& picture, int row, int column)
{
    const QString reader = quoted(picture.label(row));
    const IndexRange readable = picture.readable(row);
    if (!readable.contains(column)) {
        const bool later = picture.mask.window == 0 || (picture.mask.causal && column > row);
        const QString why = later
            ? Sentence::tr("it comes later")
            : Sentence::tr("its window is %1 tokens").arg(countNumber(picture.mask.window));
        return Sentence::tr("%1 may not read %2: %3")
            .arg(reader, quoted(picture.label(column)), why);
    }
    const QString share = shareText(picture.share(row, column));
    return row == column
        ? Sentence::tr("%1 copies %2 from itself").arg(reader, share)
        : Sentence::tr("%1 copies %2 from %3").arg(reader, share, quoted(picture.label(column)));
}

QString affinityCellDetail(const AffinityPicture& picture, int row, int column)
{
    const int back = row - column;
    const IndexRange readable = picture.readable(row);
    if (!readable.contains(column))
        return picture.scores
            ? Sentence::tr("masked when the text is read; computed here only to be seen")
            : Sentence::tr("the mask leaves nothing here, and nothing is computed");
    const QString even = Sentence::tr("an even share is %1").arg(shareText(1.0 / readable.count()));
    if (back == 0)
        return even;
    const int distance = std::abs(back);
    const QString unit = distance == 1 ? Sentence::tr("token") : Sentence::tr("tokens");
    return back > 0 ? Sentence::tr("%1 %2 back · %3").arg(countNumber(distance), unit, even)
                    : Sentence::tr("%1 %2 ahead · %3").arg(countNumber(distance), unit, even);
}

QString scoreText(double score)
{
    const double size = std::abs(score);
    const int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    const QString digits = numberLocale().toString(size, 'f', decimals);
    return score < 0 && digits.toDouble() != 0 ? QStringLiteral("−") + digits : digits;
}

QString affinityStagesText(const AffinityPicture& picture, int row, int column)
{
    const auto score = picture.score(row, column);
    if (!score)
        return {};
    const int d = picture.headWidth();
    const QString scores
        = Sentence::tr("q·k %1 → ÷√%2 %3")
              .arg(scoreText(*score * std::sqrt(double(d))), QString::number(d), scoreText(*score));
    return picture.readable(row).contains(column)
        ? Sentence::tr("%1 → softmax %2").arg(scores, shareText(picture.share(row, column)))
        : Sentence::tr("%1 → masked: −∞").arg(scores);
}

QString spreadText(const AffinityPicture& picture, int row)
{
    const QString reader = quoted(picture.label(row));
    if (std::isnan(picture.statistics->spread[row]))
        return Sentence::tr("%1 has only itself to read: no spread.").arg(reader);
    return Sentence::tr("%1: spread %2. 0 reads a single token, 1 reads all %3 alike.")
        .arg(reader, numberLocale().toString(picture.statistics->spread[row], 'f', 2),
            countNumber(picture.readable(row).count()));
}

QString receivedText(const AffinityPicture& picture, int column)
{
    return Sentence::tr("%1: received %2 times an even share. 1 is what it would get if every "
                        "token spread its reading evenly.")
        .arg(quoted(picture.label(column)),
            numberLocale().toString(picture.statistics->received[column], 'f', 2));
}

} // namespace timestep
