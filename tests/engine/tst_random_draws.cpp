// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/random_draws.h"

#include <QTest>

#include <map>
#include <vector>

using namespace timestep;

/// What a resumed training relies on: the same choices again, and fair ones.
class TestRandomDraws : public QObject
{
    Q_OBJECT

private slots:
    /// The same on every machine: the numbers come from SplitMix64 written anew in Python.
    void numbersFollowFromTheSeedAlone_data()
    {
        QTest::addColumn<DrawPurpose>("purpose");
        QTest::addColumn<std::vector<std::uint64_t>>("wanted");
        using Numbers = std::vector<std::uint64_t>;
        QTest::newRow("prompt") << DrawPurpose::RecallPrompt
                                << Numbers { 9, 22, 182, 674461351514518490 };
        QTest::newRow("epoch") << DrawPurpose::TextEpoch
                               << Numbers { 1, 76, 944, 722130866025595704 };
    }
    void numbersFollowFromTheSeedAlone()
    {
        QFETCH(DrawPurpose, purpose);
        QFETCH(std::vector<std::uint64_t>, wanted);
        RandomDraws draws(7, purpose, 3);
        std::vector<std::uint64_t> found;
        for (const std::uint64_t limit : { 10ULL, 100ULL, 1000ULL, 1000000000000000000ULL })
            found.push_back(draws.below(limit));
        QCOMPARE(found, wanted);
    }

    void differBySeedAndNumber()
    {
        const std::uint64_t most = ~0ULL;
        const std::uint64_t number = RandomDraws(7, DrawPurpose::TextEpoch, 3).below(most);
        QVERIFY(RandomDraws(8, DrawPurpose::TextEpoch, 3).below(most) != number);
        QVERIFY(RandomDraws(7, DrawPurpose::TextEpoch, 4).below(most) != number);
    }

    /// 6,000 orders of three things: 1,000 of each kind are expected, with a deviation of 29.
    void shufflesFairly()
    {
        RandomDraws draws(1, DrawPurpose::TextEpoch, 0);
        std::map<std::vector<std::uint32_t>, int> orders;
        for (int round = 0; round < 6000; ++round)
            ++orders[shuffled(3, draws)];
        QCOMPARE(orders.size(), 6U);
        for (const auto& [order, times] : orders)
            QVERIFY2(times > 850 && times < 1150, qPrintable(QString::number(times)));
    }

    void shufflesFewOrNone()
    {
        RandomDraws draws(1, DrawPurpose::TextEpoch, 0);
        QCOMPARE(shuffled(0, draws), std::vector<std::uint32_t> {});
        QCOMPARE(shuffled(1, draws), std::vector<std::uint32_t> { 0 });
    }
};

QTEST_APPLESS_MAIN(TestRandomDraws)
#include "tst_random_draws.moc"
