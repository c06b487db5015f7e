// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/affinity_test_run.h"
#include "ui/views/head_survey.h"

#include <QSignalSpy>
#include <QTest>

using namespace timestep;

namespace {

constexpr int Layers = 2;
constexpr int Heads = 3;

/// Every token reads all it may evenly.
std::shared_ptr<const Run> evenRun(int tokens)
{
    Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
    for (int row = 0; row < tokens; ++row)
        affinity.row(row).head(row + 1).setConstant(1.0F / float(row + 1));
    return runWithAffinity(std::vector<std::string>(tokens, "word"), affinity, {}, Layers, Heads);
}

/// In the order in which heads have become known.
class Known : public std::vector<HeadIndex>
{
public:
    explicit Known(const HeadSurvey& survey)
    {
        QObject::connect(
            &survey, &HeadSurvey::known, &survey, [this](HeadIndex head) { push_back(head); });
    }
};

} // namespace

class HeadSurveyTest : public QObject
{
    Q_OBJECT
private slots:
    void allHeadsBecomeKnownTheFirstBeforeTheOthers_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::newRow("one token") << 1;
        QTest::newRow("short") << 40;
        QTest::newRow("long") << 700;
    }

    void allHeadsBecomeKnownTheFirstBeforeTheOthers()
    {
        QFETCH(int, tokens);
        HeadSurvey survey;
        const Known known(survey);
        const auto run = evenRun(tokens);
        survey.setRun(run, { 1, 1 });
        QCOMPARE(survey.statistics({ 1, 1 }) != nullptr, tokens < 512);
        QTRY_VERIFY(survey.complete());
        QCOMPARE(known.size(), std::size_t(Layers * Heads));
        QVERIFY(known.front() == HeadIndex({ 1, 1 }));
        for (int layer = 0; layer < Layers; ++layer)
            for (int head = 0; head < Heads; ++head) {
                QVERIFY(std::count(known.begin(), known.end(), HeadIndex { layer, head }) == 1);
                const auto expected = affinityStatistics(*survey.affinities(), { layer, head });
                QCOMPARE(survey.statistics({ layer, head })->received, expected->received);
            }
    }

    void anotherHeadCanBecomeTheFirst()
    {
        HeadSurvey survey;
        const Known known(survey);
        survey.setRun(evenRun(700), { 0, 0 });
        survey.setFirst({ 1, 2 });
        QTRY_VERIFY(survey.complete());
        QCOMPARE(known.size(), std::size_t(Layers * Heads));
        QVERIFY(known.front() == HeadIndex({ 1, 2 }));
    }

    void whatIsKnownOutlastsAPause()
    {
        HeadSurvey survey;
        const auto run = evenRun(40);
        survey.setRun(run, { 0, 1 });
        const auto first = survey.statistics({ 0, 1 });
        survey.pause();
        QTest::qWait(30);
        QVERIFY(!survey.complete());
        survey.setRun(run, { 1, 0 });
        QTRY_VERIFY(survey.complete());
        QCOMPARE(survey.statistics({ 0, 1 }), first);
    }

    void anotherRunBeginsAnew()
    {
        HeadSurvey survey;
        QSignalSpy restarted(&survey, &HeadSurvey::restarted);
        survey.setRun(evenRun(700), { 0, 0 });
        survey.setRun(evenRun(600), { 0, 0 });
        QCOMPARE(restarted.size(), 2);
        QTRY_VERIFY(survey.complete());
        QCOMPARE(survey.statistics({ 1, 2 })->tokens(), std::size_t(600));
        survey.setRun(nullptr, { 0, 0 });
        QCOMPARE(restarted.size(), 3);
        QVERIFY(survey.complete());
        QCOMPARE(survey.affinities(), nullptr);
    }

    void theNearestHead()
    {
        const auto run = evenRun(3);
        QVERIFY(HeadSurvey::nearest(run.get(), { 1, 2 }) == HeadIndex({ 1, 2 }));
        QVERIFY(HeadSurvey::nearest(run.get(), { 7, 7 }) == HeadIndex({ 1, 2 }));
        QVERIFY(!HeadSurvey::nearest(nullptr, {}));
        QVERIFY(!HeadSurvey::nearest(evenRun(0).get(), {}));
    }
};

QTEST_GUILESS_MAIN(HeadSurveyTest)
#include "tst_head_survey.moc"
