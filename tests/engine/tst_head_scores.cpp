// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/stored_affinities.h"
#include "engine/measurement/head_evaluation.h"
#include "engine/model/reference_attention.h"
#include "tests/engine/language_model_cases.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace timestep;

namespace {

constexpr double tolerance = 1e-6;

const LanguageModelCase attentionCase { "attention", ModelKind::Attention, 2, 24, 3, 24, true,
    Positions::Learned, 1, 88, 1 };

/// One head that looks from each position t at the key that `keyOf` names, else at itself.
template <typename KeyOf>
Matrix<float> lookingAt(int tokens, KeyOf keyOf)
{
    Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
    for (int t = 0; t < tokens; ++t) {
        const int key = keyOf(t);
        affinity(t, key >= 0 && key <= t ? key : t) = 1;
    }
    return affinity;
}

Matrix<float> evenlySpread(int tokens)
{
    Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
    for (int t = 0; t < tokens; ++t)
        affinity.row(t).head(t + 1).setConstant(1.0F / static_cast<float>(t + 1));
    return affinity;
}

bool near(double found, double expected)
{
    return std::abs(found - expected) < tolerance * (1 + std::abs(expected));
}

std::shared_ptr<const TokenDocuments> documentOf(std::size_t tokens)
{
    TokenDocuments documents;
    for (std::size_t i = 0; i < tokens; ++i)
        documents.tokens.push_back(static_cast<TokenId>(i));
    documents.ends = { tokens };
    return std::make_shared<const TokenDocuments>(std::move(documents));
}

} // namespace

/// What is said of heads: each score by its definition, on affinities whose answer is known, and on
/// a model as the readable reference computes it.
class TestHeadScores : public QObject
{
    Q_OBJECT

private slots:
    void aMatrixMadeByHand()
    {
        // a b a a: at 2 and 3 the token has been there before.
        const std::vector<TokenId> tokens { 7, 9, 7, 7 };
        Matrix<float> affinity(4, 4);
        affinity << 1, 0, 0, 0, //
            0.25F, 0.75F, 0, 0, //
            0.5F, 0.125F, 0.375F, 0, //
            0.0625F, 0.5F, 0.1875F, 0.25F;
        HeadScores scores(1, 1);
        QVERIFY(scores.add(headJobs, StoredAffinities({ { affinity } }, {}), tokens));

        QCOMPARE(scores.positions(HeadJob::PreviousToken), 3);
        QVERIFY(near(scores.score(HeadJob::PreviousToken, {}), (0.25 + 0.125 + 0.1875) / 3));
        QVERIFY(near(scores.evenSpread(HeadJob::PreviousToken), (1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 3));

        QCOMPARE(scores.positions(HeadJob::FirstToken), 3);
        QVERIFY(near(scores.score(HeadJob::FirstToken, {}), (0.25 + 0.5 + 0.0625) / 3));
        QVERIFY(near(scores.evenSpread(HeadJob::FirstToken), (1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 3));

        // From 2 to 1, which followed the a at 0; from 3 to 1 and, after the a at 2, to itself.
        QCOMPARE(scores.positions(HeadJob::Induction), 2);
        QVERIFY(near(scores.score(HeadJob::Induction, {}), (0.125 + 0.5 + 0.25) / 2));
        QVERIFY(near(scores.evenSpread(HeadJob::Induction), (1 / 3.0 + 2 / 4.0) / 2));

        // n = 2: from 2 to 1 and from 3 to 2.
        QCOMPARE(scores.positions(HeadJob::RepeatedInduction), 2);
        QVERIFY(near(scores.score(HeadJob::RepeatedInduction, {}), (0.125 + 0.1875) / 2));
        QVERIFY(near(scores.evenSpread(HeadJob::RepeatedInduction), (1 / 3.0 + 1 / 4.0) / 2));
    }

    /// An even spread gives nothing to what a window hides.
    void aWindowBoundsTheEvenSpread()
    {
        const std::vector<TokenId> tokens { 7, 9, 7, 7 };
        const AttentionMask mask { true, 2 };
        Matrix<float> affinity = Matrix<float>::Zero(4, 4);
        for (int t = 0; t < 4; ++t) {
            const IndexRange seen = mask.keysSeenBy(t, 4);
            affinity.row(t)
                .segment(seen.begin, seen.count())
                .setConstant(1.0F / static_cast<float>(seen.count()));
        }
        HeadScores scores(1, 1);
        QVERIFY(scores.add(headJobs, StoredAffinities({ { affinity } }, mask), tokens));
        QVERIFY(near(scores.evenSpread(HeadJob::PreviousToken), 0.5));
        QVERIFY(near(scores.evenSpread(HeadJob::FirstToken), 0.5 / 3)); // only 1 sees it
        for (const HeadJob job : headJobs)
            QVERIFY(near(scores.score(job, {}), scores.evenSpread(job)));
    }

    /// Longer than a block of queries. Each head does one job and nothing else.
    void aHeadThatDoesNothingElseScoresOne()
    {
        constexpr int n = 80;
        const std::vector<TokenId> tokens = repeatedRandomTokens(*recallVocabulary(), n, 1, 0);
        const StoredAffinities affinities(
            { { lookingAt(2 * n, [](int t) { return t - 1; }),
                  lookingAt(2 * n, [](int t) { return t - n + 1; }) },
                { lookingAt(2 * n, [](int) { return 0; }), evenlySpread(2 * n) } },
            {});
        HeadScores scores(2, 2);
        QVERIFY(scores.add(headJobs, affinities, tokens));
        const std::pair<HeadJob, HeadIndex> doers[]
            = { { HeadJob::PreviousToken, { 0, 0 } }, { HeadJob::Induction, { 0, 1 } },
                  { HeadJob::RepeatedInduction, { 0, 1 } }, { HeadJob::FirstToken, { 1, 0 } } };
        for (const auto& [job, head] : doers) {
            QCOMPARE(scores.best(job), head);
            QCOMPARE(scores.score(job, head), 1.0);
            QVERIFY(near(scores.score(job, { 1, 1 }), scores.evenSpread(job)));
        }
        // All tokens differ within the sequence, so that on it both measures of induction agree.
        QCOMPARE(scores.positions(HeadJob::Induction), n);
        QCOMPARE(scores.positions(HeadJob::RepeatedInduction), n);
        for (const HeadIndex head : { HeadIndex { 0, 0 }, HeadIndex { 1, 0 }, HeadIndex { 1, 1 } })
            QCOMPARE(scores.score(HeadJob::Induction, head),
                scores.score(HeadJob::RepeatedInduction, head));
    }

    /// By position, not by text: longer texts weigh more.
    void textsAreAveragedByPosition()
    {
        HeadScores scores(1, 1);
        const std::vector<TokenId> two { 1, 2 }, four { 1, 2, 3, 4 };
        const HeadJob jobs[] = { HeadJob::PreviousToken };
        QVERIFY(scores.add(
            jobs, StoredAffinities({ { lookingAt(2, [](int t) { return t - 1; }) } }, {}), two));
        QVERIFY(scores.add(
            jobs, StoredAffinities({ { lookingAt(4, [](int t) { return t; }) } }, {}), four));
        QCOMPARE(scores.positions(HeadJob::PreviousToken), 1 + 3);
        QCOMPARE(scores.score(HeadJob::PreviousToken, {}), 0.25);
        QCOMPARE(scores.positions(HeadJob::Induction), 0); // was not asked for
    }

    void windowsAreSpreadOverAllCorpora()
    {
        // 5 windows, then 1, then 2 of which the last has one token to foretell from.
        const std::vector<OrderedWindows> corpora { { documentOf(51), 10 }, { documentOf(8), 10 },
            { documentOf(12), 10 } };
        using Windows = std::vector<std::vector<TokenId>>;
        const Windows all = spreadWindows(corpora, 100);
        QCOMPARE(all.size(), std::size_t(8));
        QCOMPARE(all[4].front(), 40);
        QCOMPARE(all[4].size(), std::size_t(10));
        QCOMPARE(all[5], (std::vector<TokenId> { 0, 1, 2, 3, 4, 5, 6 }));
        QCOMPARE(all[7], (std::vector<TokenId> { 10 }));
        QCOMPARE(spreadWindows(corpora, 8), all);
        QCOMPARE(spreadWindows(corpora, 1), (Windows { all[4] }));
        QCOMPARE(spreadWindows(corpora, 4), (Windows { all[1], all[3], all[5], all[7] }));
    }

    void randomTokensAreReadTwice()
    {
        const Vocabulary& vocabulary = *recallVocabulary();
        QCOMPARE(repeatedTokens(vocabulary, 43), 21);
        QCOMPARE(repeatedTokens(vocabulary, 10'000), 256); // and not the separator
        const std::vector<TokenId> tokens = repeatedRandomTokens(vocabulary, 256, 5, 0);
        QCOMPARE(tokens.size(), std::size_t(512));
        QVERIFY(std::equal(tokens.begin(), tokens.begin() + 256, tokens.begin() + 256));
        const std::set<TokenId> different(tokens.begin(), tokens.end());
        QCOMPARE(different.size(), std::size_t(256));
        QVERIFY(!different.contains(*vocabulary.endOfText()));
        QCOMPARE(repeatedRandomTokens(vocabulary, 256, 5, 0), tokens);
        QVERIFY(repeatedRandomTokens(vocabulary, 256, 5, 1) != tokens);
        QVERIFY(repeatedRandomTokens(vocabulary, 256, 6, 0) != tokens);
    }

    /// On a model, against the definitions written out on the reference's affinities.
    void aModelsHeadsAreThoseOfTheReference()
    {
        const ModelPointer model = modelOf(attentionCase);
        const HeadTexts texts { .windows
            = { randomBatch(1, 70, 3).tokens, randomBatch(1, 9, 4).tokens },
            .repeated = { repeatedRandomTokens(*model->vocabulary, 44, 2, 0) } };
        const PackedModel packed(model, defaultKernels());
        Executor executor(2);
        std::int64_t told = 0;
        const std::optional<HeadScores> scores = evaluateHeads(
            packed, texts, executor, 0, {}, [&](std::int64_t done, std::int64_t all) {
                QCOMPARE(done, ++told);
                QCOMPARE(all, 3);
            });
        QVERIFY(scores.has_value());
        QCOMPARE(told, 3);
        for (int layer = 0; layer < 2; ++layer)
            for (int head = 0; head < 3; ++head) {
                double previous = 0, first = 0, induction = 0, repeated = 0;
                int positions = 0, seenBefore = 0;
                for (const std::vector<TokenId>& tokens : texts.windows) {
                    const Matrix<double> a = referenceAffinity(*model, tokens, layer, head);
                    for (int t = 1; t < static_cast<int>(tokens.size()); ++t) {
                        ++positions;
                        previous += a(t, t - 1);
                        first += a(t, 0);
                        bool seen = false;
                        for (int followed = 1; followed <= t; ++followed)
                            if (tokens[static_cast<std::size_t>(followed - 1)]
                                == tokens[static_cast<std::size_t>(t)]) {
                                seen = true;
                                induction += a(t, followed);
                            }
                        seenBefore += seen ? 1 : 0;
                    }
                }
                const Matrix<double> a = referenceAffinity(*model, texts.repeated[0], layer, head);
                for (int t = 44; t < 88; ++t)
                    repeated += a(t, t - 43);
                const HeadIndex at { layer, head };
                const auto agree = [&](HeadJob job, double sum, int count) {
                    return scores->positions(job) == count
                        && std::abs(scores->score(job, at) - sum / count) < 1e-5;
                };
                QVERIFY(agree(HeadJob::PreviousToken, previous, positions));
                QVERIFY(agree(HeadJob::FirstToken, first, positions));
                QVERIFY(agree(HeadJob::Induction, induction, seenBefore));
                QVERIFY(agree(HeadJob::RepeatedInduction, repeated, 44));
                QVERIFY(seenBefore > 20 && seenBefore < positions);
            }
    }

    void aStopLeavesNoScores()
    {
        std::stop_source stop;
        stop.request_stop();
        const std::vector<TokenId> tokens { 1, 2 };
        HeadScores scores(1, 1);
        QVERIFY(!scores.add(
            headJobs, StoredAffinities({ { evenlySpread(2) } }, {}), tokens, stop.get_token()));
        const PackedModel packed(modelOf(attentionCase), defaultKernels());
        Executor executor(1);
        QVERIFY(!evaluateHeads(
            packed, { .windows = { tokens }, .repeated = {} }, executor, 0, stop.get_token()));
    }

private:
    static Matrix<double> referenceAffinity(
        const Model& model, std::span<const TokenId> tokens, int layer, int head)
    {
        const auto precise = std::get<AttentionWeights<float>>(model.weights).cast<double>();
        const auto activations = attentionForward<double>(precise, model.shape, tokens, true);
        return activations.blocks[static_cast<std::size_t>(layer)]
            .attention.affinity[static_cast<std::size_t>(head)];
    }
};

QTEST_APPLESS_MAIN(TestHeadScores)
#include "tst_head_scores.moc"
