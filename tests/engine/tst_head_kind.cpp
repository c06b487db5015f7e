// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/stored_affinities.h"
#include "engine/measurement/head_kind.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace timestep;

namespace {

// Words again and again, so that every job has positions.
const std::vector<TokenId> text { 4, 7, 2, 9, 4, 7, 3, 4, 7, 2 };

/// Gives `share` of every row to one key and the rest to all it may see alike.
Matrix<float> reading(double share, const std::function<int(int)>& key)
{
    const auto steps = std::ssize(text);
    Matrix<float> affinity = Matrix<float>::Zero(steps, steps);
    for (int t = 0; t < steps; ++t) {
        affinity.row(t).head(t + 1).setConstant(float((1 - share) / (t + 1)));
        affinity(t, key(t)) += float(share);
    }
    return affinity;
}

int previous(int t) { return std::max(t - 1, 0); }

int followed(int t)
{
    for (int key = t - 1; key >= 0; --key)
        if (text[std::size_t(key)] == text[std::size_t(t)])
            return key + 1;
    return t;
}

HeadFigures figuresOf(const Matrix<float>& affinity, std::span<const TokenId> tokens = text)
{
    HeadFigures sums;
    for (int t = 0; t < std::ssize(tokens); ++t)
        addPosition(sums, tokens, t, { 0, t + 1 }, affinity.row(t).data());
    return meanOf(sums);
}

} // namespace

class TestHeadKind : public QObject
{
    Q_OBJECT
private slots:
    /// The sums of HeadScores, of one head.
    void figuresAreTheScoresOfTheJobs()
    {
        const Matrix<float> affinity = reading(0.3, &followed);
        HeadScores scores(1, 1);
        QVERIFY(scores.add(headJobs, StoredAffinities({ { affinity } }, {}), text));
        const HeadFigures figures = figuresOf(affinity);
        for (const auto& [job, figure] : { std::pair(HeadJob::PreviousToken, figures.previousToken),
                 std::pair(HeadJob::FirstToken, figures.firstToken),
                 std::pair(HeadJob::Induction, figures.induction) }) {
            QCOMPARE(figure.positions, scores.positions(job));
            QVERIFY(std::abs(figure.score - scores.score(job, {})) < 1e-12);
            QVERIFY(std::abs(figure.even - scores.evenSpread(job)) < 1e-12);
        }
    }

    void kind_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("expected"); // −1: none
        QTest::newRow("previous") << 0.3 << 0 << int(HeadKind::PreviousToken);
        QTest::newRow("previous, not clearly") << 0.2 << 0 << -1;
        QTest::newRow("first") << 0.3 << 1 << int(HeadKind::FirstToken);
        QTest::newRow("first, not clearly") << 0.2 << 1 << -1;
        QTest::newRow("what followed") << 0.8 << 2 << int(HeadKind::Induction);
        QTest::newRow("itself") << 0.8 << 3 << -1;
    }

    void kind()
    {
        QFETCH(double, share);
        QFETCH(int, key);
        QFETCH(int, expected);
        const std::function<int(int)> keys[]
            = { &previous, [](int) { return 0; }, &followed, [](int t) { return t; } };
        const auto kind = kindOf(figuresOf(reading(share, keys[key])));
        QCOMPARE(kind ? int(*kind) : -1, expected);
    }

    void anEvenSpreadIsWide()
    {
        HeadFigures figures = figuresOf(reading(0, &previous));
        QVERIFY(std::abs(figures.previousToken.excess()) < 1e-6); // floats
        figures.spread = { 0.95, 1, 9 };
        QVERIFY(kindOf(figures) == HeadKind::Wide);
        figures.spread.score = 0.85;
        QVERIFY(!kindOf(figures));
        // What does a job is of its kind, however widely it reads besides.
        figures = figuresOf(reading(0.3, &previous));
        figures.spread = { 0.95, 1, 9 };
        QVERIFY(kindOf(figures) == HeadKind::PreviousToken);
    }

    /// What followed last time is then nearly all there is, whatever is read.
    void aWordOverAndOverShowsNoInduction()
    {
        const std::vector<TokenId> same(text.size(), 7);
        const HeadFigures figures = figuresOf(reading(1, &previous), same);
        QVERIFY(kindOf(figures) == HeadKind::PreviousToken);
        QVERIFY(!isClear(HeadKind::Induction, figures));
    }

    /// Of three tokens the second and the third have a token before: two positions.
    void fewTokensTellNothing()
    {
        const Matrix<float> affinity = reading(1, &previous);
        QVERIFY(!kindOf(figuresOf(affinity, std::span(text).first(3))));
        QVERIFY(kindOf(figuresOf(affinity, std::span(text).first(4))));
        QVERIFY(!kindOf({}));
    }
};

QTEST_APPLESS_MAIN(TestHeadKind)
#include "tst_head_kind.moc"
