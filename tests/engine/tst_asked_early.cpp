// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/measurement/asked_early.h"
#include "engine/model/predictions.h"
#include "tests/engine/reading_cases.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace timestep;

namespace {

constexpr int steps = 21;

std::optional<RepeatedEnding> endingOf(std::string_view letters)
{
    return repeatedEnding(std::vector<TokenId>(letters.begin(), letters.end()));
}

QString refusal(Question question, int first)
{
    const PackedModel model(smallModel(ModelKind::Lstm, steps), defaultKernels());
    Executor executor(1);
    try {
        askAfterEachStep({ model, executor }, someIds(steps), question, first, {});
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return QStringLiteral("none");
}

} // namespace

/// What is said of where an answer got lost: what real runs of the shortened texts predict.
class TestAskedEarly : public QObject
{
    Q_OBJECT
private slots:
    void answersAreThoseOfTheShortenedTexts_data() { addReaderRows(); }
    void answersAreThoseOfTheShortenedTexts()
    {
        QFETCH(int, kind);
        QFETCH(bool, causal);
        const PackedModel model(smallModel(ModelKind(kind), steps), defaultKernels());
        Executor executor(2);
        const std::vector<TokenId> ids = someIds(steps);
        constexpr TokenId answer = 71;
        constexpr int length = 3;
        const auto answers
            = askAfterEachStep({ model, executor, causal }, ids, { length, answer }, 4, {}).value();
        QCOMPARE(int(answers.size()), steps - length - 4);
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const EarlyAnswer& found = answers[i];
            QCOMPARE(found.step, 4 + int(i));
            std::vector<TokenId> text(ids.begin(), ids.begin() + found.step + 1);
            text.insert(text.end(), ids.end() - length, ids.end());
            const Matrix<float> logits = logitsAlone(model, text, causal, executor);
            const std::vector<Prediction> ranked
                = bestPredictions(rowOf(logits, int(text.size()) - 1), 257);
            QCOMPARE(found.best, ranked[0].id);
            QCOMPARE(found.bestProbability, ranked[0].probability);
            const Prediction& right = ranked[std::size_t(found.rank - 1)];
            QCOMPARE(right.id, answer);
            QVERIFY(std::abs(found.probability - right.probability) < 1e-12);
        }
        QCOMPARE(answers.back().step, steps - length - 1); // the text itself
    }

    void aloneTheQuestionIsAllThatIsRead_data() { addReaderRows(); }
    void aloneTheQuestionIsAllThatIsRead()
    {
        QFETCH(int, kind);
        QFETCH(bool, causal);
        const PackedModel model(smallModel(ModelKind(kind), steps), defaultKernels());
        Executor executor(1);
        const std::vector<TokenId> ids = someIds(steps);
        const EarlyAnswer found = askAlone({ model, executor, causal }, ids, { 3, 71 }, {}).value();
        const Matrix<float> logits
            = logitsAlone(model, { ids.end() - 3, ids.end() }, causal, executor);
        const std::vector<Prediction> ranked = bestPredictions(rowOf(logits, 2), 257);
        QCOMPARE(found.step, -1);
        QCOMPARE(found.best, ranked[0].id);
        QCOMPARE(ranked[std::size_t(found.rank - 1)].id, 71);
        QVERIFY(
            std::abs(found.probability - ranked[std::size_t(found.rank - 1)].probability) < 1e-12);
    }

    void theLongestRepeatedEndingIsFound()
    {
        const auto two = endingOf("q3=7 a9=1 q3=");
        QVERIFY(two.has_value());
        QCOMPARE(*two, (RepeatedEnding { 3, 0, '7' })); // " q3=" has no space in front at first
        QCOMPARE(endingOf("x q3=7 a9=1 q3="), (RepeatedEnding { 4, 1, '7' }));
        QCOMPARE(endingOf("abXabYab"), (RepeatedEnding { 2, 3, 'Y' })); // the last place
        QCOMPARE(endingOf("abXbYab"), (RepeatedEnding { 2, 0, 'X' })); // but the longest ending
        QCOMPARE(endingOf("aXa"), (RepeatedEnding { 1, 0, 'X' }));
    }

    void nothingIsAskedWhereNothingIsRepeated()
    {
        QVERIFY(!endingOf(""));
        QVERIFY(!endingOf("a"));
        QVERIFY(!endingOf("abc"));
        QVERIFY(!endingOf("aa")); // what followed is the question itself
        QCOMPARE(endingOf("aaa"), (RepeatedEnding { 1, 0, 'a' }));
        QCOMPARE(endingOf("aaaa"), (RepeatedEnding { 1, 1, 'a' }));
    }

    void whatCannotBeAskedIsRefused()
    {
        QCOMPARE(refusal({ 3, 71 }, 0), QStringLiteral("none"));
        QVERIFY(refusal({ 0, 71 }, 0).contains("at least 1"));
        QVERIFY(refusal({ steps, 71 }, 0).contains("leave 1"));
        QVERIFY(refusal({ 3, 71 }, -1).contains("steps 0 to 17"));
        QVERIFY(refusal({ 3, 71 }, 18).contains("steps 0 to 17"));
        QVERIFY(refusal({ 3, 257 }, 0).contains("tokens 0 to 256"));
    }

    void stoppingEndsIt()
    {
        const PackedModel model(smallModel(ModelKind::Lstm, steps), defaultKernels());
        Executor executor(1);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(
            !askAfterEachStep({ model, executor }, someIds(steps), { 3, 71 }, 0, stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(TestAskedEarly)
#include "tst_asked_early.moc"
