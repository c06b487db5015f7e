// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/broken_link.h"
#include "engine/measurement/prediction_change.h"
#include "tests/engine/reading_cases.h"

#include <QTest>

#include <algorithm>

using namespace timestep;

namespace {

constexpr int steps = 11;

struct Fixture
{
    std::vector<BrokenLinkEffect> effects(IndexRange range)
    {
        return effectsOfBrokenLinks(
            model, tokensOf(ids), right, range, RunSettings {}, executor, {})
            .value();
    }

    std::vector<TokenId> ids = someIds(steps);
    Executor executor { 2 };
    PackedModel model { smallModel(ModelKind::Lstm, steps), defaultKernels() };
    Matrix<float> right = logitsAlone(model, ids, true, executor);
};

TokenId likeliest(std::span<const float> logits)
{
    return TokenId(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

} // namespace

class TestBrokenLink : public QObject
{
    Q_OBJECT
private slots:
    /// In all layers at once a step knows nothing of what precedes: as the only one of a text.
    void withoutAnyLinkAStepReadsItsTokenAlone()
    {
        Fixture f;
        const auto effects = f.effects({ 1, steps });
        QCOMPARE(effects.size(), std::size_t(steps - 1));
        for (int step = 1; step < steps; ++step) {
            const Matrix<float> alone = logitsAlone(
                f.model, std::span(f.ids).subspan(std::size_t(step), 1), true, f.executor);
            const BrokenLinkEffect& effect = effects[std::size_t(step - 1)];
            QCOMPARE(effect.bits, divergenceBits(rowOf(f.right, step), rowOf(alone, 0)));
            QVERIFY(effect.bits > 0);
            QCOMPARE(
                effect.otherBest, likeliest(rowOf(f.right, step)) != likeliest(rowOf(alone, 0)));
        }
    }

    void nothingIsSaidWhenStopped()
    {
        Fixture f;
        std::stop_source stopped;
        stopped.request_stop();
        QVERIFY(!effectsOfBrokenLinks(
            f.model, tokensOf(f.ids), f.right, { 1, steps }, {}, f.executor, stopped.get_token()));
    }

    void anotherBestTokenCountsMoreThanBits()
    {
        QCOMPARE(
            mostHarmful(std::vector<BrokenLinkEffect> { { 2, false }, { 1, true }, { 1, true } }),
            std::size_t { 1 });
        QCOMPARE(mostHarmful(std::vector<BrokenLinkEffect> { { 1, false }, { 2, false } }),
            std::size_t { 1 });
    }
};

QTEST_GUILESS_MAIN(TestBrokenLink)
#include "tst_broken_link.moc"
