// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/affinity_test_run.h"
#include "ui/views/attention_sentence.h"

#include <QTest>

using namespace timestep;

namespace {

using Words = std::vector<std::string>;

AffinityPicturePointer pictureOf(const Words& words, const Matrix<float>& affinity,
    const AttentionMask& mask = {}, const std::string& origin = "models/a")
{
    return firstHeadOf(runWithAffinity(words, affinity, mask, 1, 1, origin));
}

/// A row that reads `share` from one token and shares the rest evenly.
Matrix<float> reading(int tokens, int row, int column, float share, const AttentionMask& mask = {})
{
    const IndexRange readable = mask.keysSeenBy(row, tokens);
    Matrix<float> affinity = Matrix<float>::Identity(tokens, tokens);
    affinity.row(row).setZero();
    affinity.row(row)
        .segment(readable.begin, readable.count())
        .setConstant((1 - share) / float(readable.count() - 1));
    affinity(row, column) = share;
    return affinity;
}

} // namespace

class AttentionSentenceTest : public QObject
{
    Q_OBJECT
private slots:
    void scores()
    {
        QCOMPARE(scoreText(9.4), "9.40");
        QCOMPARE(scoreText(-1.664), "−1.66");
        QCOMPARE(scoreText(-0.001), "0.00");
        QCOMPARE(scoreText(12.34), "12.3");
        QCOMPARE(scoreText(-123.4), "−123");
        // What keeps no scores has none to tell.
        const auto picture = pictureOf({ "a", "b" }, Matrix<float>::Identity(2, 2));
        QVERIFY(affinityStagesText(*picture, 1, 0).isEmpty());
    }

    void sentence_data()
    {
        QTest::addColumn<Words>("words");
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("column");
        QTest::addColumn<float>("share");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        QTest::addColumn<QString>("expected");
        const Words text { "Ann", "has", "the", "red", "key", "and", "the", "red" };
        const QString anyToken = QStringLiteral("; attention reaches any token in one step.");
        QTest::newRow("copies what followed the same token before")
            << text << 7 << 4 << 0.61F << true << 0
            << "This head has found what followed “red” before: “key” (0.61), 3 tokens back, as "
               "easily as one.";
        QTest::newRow("far, mostly")
            << text << 7 << 1 << 0.61F << true << 0
            << "This head reads “red” mostly from “has” (0.61), 6 tokens back" + anyToken;
        QTest::newRow("far, less than half")
            << text << 7 << 1 << 0.4F << true << 0
            << "This head reads “red” most from “has” (0.40), 6 tokens back" + anyToken;
        QTest::newRow("the token before") << text << 5 << 4 << 0.9F << true << 0
                                          << "This head reads “and” mostly from the token before, "
                                             "“key” (0.90).";
        QTest::newRow("itself") << text << 4 << 4 << 0.75F << true << 0
                                << "This head reads “key” mostly from itself (0.75).";
        QTest::newRow("spread")
            << text << 4 << 2 << 0.3F << true << 0
            << "This head spreads the reading of “key” over 5 tokens: none gets "
               "more than 0.30, an even share is 0.20.";
        QTest::newRow("small, yet far above an even share")
            << Words(100, "a") << 99 << 9 << 0.2F << true << 0
            << "This head reads “a” most from “a” (0.20), 90 tokens back, 20 times an even share"
                + anyToken;
        QTest::newRow("no mask, ahead") << text << 2 << 6 << 0.9F << false << 0
                                        << "Mask off, for timing only: this model can now see the "
                                           "answer. This head reads “the” "
                                           "mostly from “the” (0.90), 4 tokens ahead"
                + anyToken;
        QTest::newRow("no mask, the token after") << text << 2 << 3 << 0.9F << false << 0
                                                  << "Mask off, for timing only: this model can "
                                                     "now see the answer. This head reads “the” "
                                                     "mostly from the token after, “red” (0.90).";
        QTest::newRow("a window, far")
            << text << 7 << 4 << 0.4F << true << 5
            << "This head has found what followed “red” before: “key” (0.40), 3 tokens back, as "
               "easily as one.";
        QTest::newRow("a window, farther")
            << text << 7 << 5 << 0.61F << true << 4
            << "This head reads “red” mostly from “and” (0.61), 2 tokens back; attention reaches "
               "any of the 4 tokens of its window in one step.";
        QTest::newRow("a window, spread")
            << text << 7 << 6 << 0.4F << true << 3
            << "This head spreads the reading of “red” over 3 tokens: none gets "
               "more than 0.40, an even share is 0.33.";
        QTest::newRow("a window, no mask")
            << text << 2 << 3 << 0.9F << false << 4
            << "Causal off, for timing only: this model can now see the answer. This head reads "
               "“the” mostly from the token after, “red” (0.90).";
    }

    void sentence()
    {
        QFETCH(Words, words);
        QFETCH(int, row);
        QFETCH(int, column);
        QFETCH(float, share);
        QFETCH(bool, causal);
        QFETCH(int, window);
        QFETCH(QString, expected);
        const AttentionMask mask { causal, window };
        const int tokens = static_cast<int>(words.size());
        const auto picture = pictureOf(words, reading(tokens, row, column, share, mask), mask);
        QCOMPARE(attentionSentence(*picture, row), expected);
    }

    void nothingToRead()
    {
        QCOMPARE(attentionSentence(AffinityPicture(), 0),
            QStringLiteral("Type a text: every token will show from where it reads."));
        const auto empty = pictureOf({}, Matrix<float>());
        QCOMPARE(empty->tokens(), 0);
        QCOMPARE(attentionSentence(*empty, 0), attentionSentence(AffinityPicture(), 0));
        const auto one = pictureOf({ "Ann" }, Matrix<float>::Ones(1, 1));
        QCOMPARE(
            attentionSentence(*one, 0), QStringLiteral("A single token has only itself to read."));
    }

    void untrainedWeightsMeanNothing()
    {
        const Words words { "a", "b", "c" };
        const std::string untrained = "untrained, seed 1";
        const Matrix<float> affinity = reading(3, 2, 0, 0.9F);
        QCOMPARE(attentionSentence(*pictureOf(words, affinity, {}, untrained), 2),
            QStringLiteral("Untrained: the pattern means nothing yet, but 6 of 3 × 3 pairs have "
                           "their number."));
        QCOMPARE(attentionSentence(*pictureOf(words, affinity, { true, 2 }, untrained), 2),
            QStringLiteral("Untrained: the pattern means nothing yet, but 5 of 3 × 3 pairs have "
                           "their number."));
        QCOMPARE(attentionSentence(*pictureOf(words, affinity, { false, 0 }, untrained), 2),
            QStringLiteral(
                "Mask off, for timing only: this model can now see the answer. Untrained: "
                "the pattern means nothing yet, but all 3 × 3 pairs have their number."));
    }

    void cell_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("detail");
        QTest::newRow("back") << 3 << 0 << "“d” copies 0.70 from “a”"
                              << "3 tokens back · an even share is 0.25";
        QTest::newRow("one back") << 3 << 2 << "“d” copies 0.10 from “c”"
                                  << "1 token back · an even share is 0.25";
        QTest::newRow("itself") << 3 << 3 << "“d” copies 0.10 from itself"
                                << "an even share is 0.25";
        QTest::newRow("masked") << 1 << 2 << "“b” may not read “c”: it comes later"
                                << "the mask leaves nothing here, and nothing is computed";
    }

    void cell()
    {
        QFETCH(int, row);
        QFETCH(int, column);
        QFETCH(QString, text);
        QFETCH(QString, detail);
        const auto picture = pictureOf({ "a", "b", "c", "d" }, reading(4, 3, 0, 0.7F));
        QCOMPARE(affinityCellText(*picture, row, column), text);
        QCOMPARE(affinityCellDetail(*picture, row, column), detail);
    }

    void cellsBeyondTheWindow()
    {
        const Words words { "a", "b", "c", "d" };
        const auto picture = pictureOf(words, reading(4, 3, 2, 0.7F, { true, 2 }), { true, 2 });
        QCOMPARE(affinityCellText(*picture, 3, 1),
            QStringLiteral("“d” may not read “b”: its window is 2 tokens"));
        QCOMPARE(affinityCellDetail(*picture, 3, 1),
            QStringLiteral("the mask leaves nothing here, and nothing is computed"));
        QCOMPARE(affinityCellText(*picture, 1, 2),
            QStringLiteral("“b” may not read “c”: it comes later"));
        QCOMPARE(affinityCellDetail(*picture, 3, 2),
            QStringLiteral("1 token back · an even share is 0.50"));
    }

    void shares_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        QTest::newRow("0") << 0.0 << "0.00";
        QTest::newRow("1") << 1.0 << "1.00";
        QTest::newRow("0.614") << 0.614 << "0.61";
        QTest::newRow("0.0984") << 0.0984 << "0.10";
        QTest::newRow("0.0333") << 0.0333 << "0.033";
        QTest::newRow("0.00417") << 0.00417 << "0.0042";
        QTest::newRow("0.0000314") << 0.0000314 << "0.000031";
        QTest::newRow("1e-9") << 1e-9 << "under 0.000001";
    }

    void shares()
    {
        QFETCH(double, share);
        QFETCH(QString, text);
        QCOMPARE(shareText(share), text);
    }
};

QTEST_APPLESS_MAIN(AttentionSentenceTest)
#include "tst_attention_sentence.moc"
