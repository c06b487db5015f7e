// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/next_token.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace timestep;

namespace {

const std::vector<float> logits { 1, 3, -2, 3, 2, 0 };

std::vector<TokenId> drawn(const TokenChoice& choice, int count)
{
    std::vector<TokenId> ids;
    for (int place = 0; place < count; ++place)
        ids.push_back(chooseToken(logits, choice, static_cast<std::uint64_t>(place)));
    return ids;
}

} // namespace

class TestNextToken : public QObject
{
    Q_OBJECT

private slots:
    void withoutTemperatureTheMostProbableTiesToTheLowestId()
    {
        for (const TokenId id : drawn({ 0, 7 }, 50))
            QCOMPARE(id, 1);
    }

    void drawsFollowTheTemperature_data()
    {
        QTest::addColumn<double>("temperature");
        for (const double temperature : { 0.25, 0.5, 1.0, 2.0 })
            QTest::addRow("%g", temperature) << temperature;
    }
    void drawsFollowTheTemperature()
    {
        QFETCH(double, temperature);
        constexpr int count = 40000;
        const auto ids = drawn({ temperature, 1 }, count);
        double sum = 0;
        for (const float logit : logits)
            sum += std::exp(logit / temperature);
        for (std::size_t id = 0; id < logits.size(); ++id) {
            const double wanted = std::exp(logits[id] / temperature) / sum;
            const double found
                = static_cast<double>(std::count(ids.begin(), ids.end(), TokenId(id))) / count;
            const double deviation = std::sqrt(wanted * (1 - wanted) / count);
            QVERIFY2(std::abs(found - wanted) < 5 * deviation + 1e-9,
                qPrintable(QStringLiteral("%1: %2, not %3").arg(id).arg(found).arg(wanted)));
        }
    }

    void theSameSeedDrawsTheSame()
    {
        QCOMPARE(drawn({ 1, 5 }, 200), drawn({ 1, 5 }, 200));
        QVERIFY(drawn({ 1, 5 }, 200) != drawn({ 1, 6 }, 200));
    }

    void aPlaceDrawsTheSameWhateverCameBefore()
    {
        QCOMPARE(chooseToken(logits, { 1, 5 }, 123), drawn({ 1, 5 }, 124).back());
    }

    void whatIsAlmostImpossibleIsNeverDrawn_data()
    {
        QTest::addColumn<double>("temperature");
        QTest::newRow("tiny") << 1e-300;
        QTest::newRow("small") << 0.01;
        QTest::newRow("two") << 2.0;
    }
    void whatIsAlmostImpossibleIsNeverDrawn()
    {
        QFETCH(double, temperature);
        const float least = std::numeric_limits<float>::lowest();
        const std::vector<float> sure { least, 5, least, least };
        for (std::uint64_t place = 0; place < 1000; ++place)
            QCOMPARE(chooseToken(sure, { temperature, 1 }, place), 1);
    }
};

QTEST_APPLESS_MAIN(TestNextToken)
#include "tst_next_token.moc"
