// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_lstm.h"
#include "engine/training/recall_evaluation.h"
#include "engine/training/text_evaluation.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/language_model_cases.h"

#include <QTest>

#include <cmath>

using namespace timestep;

namespace {

constexpr auto lstm = ModelKind::Lstm;
constexpr auto attention = ModelKind::Attention;
constexpr auto table = Positions::Learned;
constexpr auto sinusoids = Positions::Sinusoids;

const std::vector<LanguageModelCase> cases {
    { "one number", lstm, 1, 1, 0, 1, true, sinusoids, 1, 1, 1 },
    { "tied LSTM", lstm, 2, 24, 0, 24, true, sinusoids, 5, 37, 2 },
    { "LSTM with a head of its own", lstm, 3, 33, 0, 17, false, sinusoids, 4, 70, 4 },
    { "tied attention with a table", attention, 2, 24, 3, 24, true, table, 5, 37, 2 },
    { "attention with sinusoids", attention, 1, 20, 2, 20, true, sinusoids, 3, 70, 3 },
    { "attention with a head of its own", attention, 3, 18, 1, 18, false, table, 4, 9, 1 },
};

void addCaseRows()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(cases[i].name) << static_cast<int>(i);
}

const LanguageModelCase& fetchCase()
{
    QFETCH(int, index);
    return cases[static_cast<std::size_t>(index)];
}

/// (T, V), in double precision.
Matrix<double> referenceLogits(const Model& model, std::span<const TokenId> tokens)
{
    if (const auto* weights = std::get_if<LstmWeights<float>>(&model.weights)) {
        const auto precise = weights->cast<double>();
        return lstmLogits(precise, lstmForward<double>(precise, tokens).back().hidden);
    }
    const auto precise = std::get<AttentionWeights<float>>(model.weights).cast<double>();
    return attentionLogits(
        precise, attentionForward<double>(precise, model.shape, tokens, true).finalNorm.output);
}

/// What the textbook makes of a target, and by how much the likeliest token leads the others.
struct Expected
{
    double loss = 0;
    TokenId best = 0;
    double lead = 0;
};

Expected expectedOf(const Matrix<double>& logits, Eigen::Index position, TokenId target)
{
    Matrix<double> row = logits.row(position);
    Expected expected;
    expected.loss = crossEntropy<double>(row, std::span(&target, 1)).sum;
    Eigen::Index best = 0;
    const double largest = row.row(0).maxCoeff(&best);
    expected.best = static_cast<TokenId>(best);
    row(0, best) = -1e9;
    expected.lead = largest - row.maxCoeff();
    return expected;
}

/// Of the counted targets, as an evaluator puts them out. Every fourth target becomes what the
/// model holds likeliest, so that some are right.
std::vector<Expected> makeExpected(const Model& model, TrainingBatch& batch)
{
    std::vector<Expected> all;
    const auto steps = static_cast<std::size_t>(batch.steps);
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) {
        const Matrix<double> logits
            = referenceLogits(model, std::span(batch.tokens).subspan(row * steps, steps));
        for (std::size_t step = 0; step < steps; ++step) {
            TokenId& target = batch.targets[row * steps + step];
            if (target == uncounted)
                continue;
            const auto position = static_cast<Eigen::Index>(step);
            if (step % 4 == 0)
                target = expectedOf(logits, position, target).best;
            all.push_back(expectedOf(logits, position, target));
        }
    }
    return all;
}

std::shared_ptr<const TokenDocuments> textOf(
    const Vocabulary& vocabulary, const std::vector<std::string>& texts)
{
    const std::optional<TextCorpus> corpus
        = tokenizedCorpus(texts, Tokenizer(std::make_shared<Vocabulary>(vocabulary)), 0);
    return corpus->training;
}

std::shared_ptr<const TokenDocuments> someText(const Vocabulary& vocabulary)
{
    return textOf(vocabulary, { "the first text", "another one, which is longer", "x" });
}

} // namespace

class TestEvaluation : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheTextbook_data() { addCaseRows(); }
    void agreesWithTheTextbook()
    {
        const LanguageModelCase& c = fetchCase();
        const ModelPointer model = modelOf(c);
        TrainingBatch batch = randomBatch(c.rows, c.steps, 3);
        const std::vector<Expected> expected = makeExpected(*model, batch);
        for (const Kernels* kernels : availableKernels()) {
            const PackedModel packed(model, *kernels);
            Evaluator evaluator(packed, c.rows, c.steps, 2);
            QCOMPARE(evaluator.bytes(), Evaluator::bytesNeeded(packed, c.rows, c.steps, 2));
            (void)evaluator.run(randomBatch(c.rows, c.steps, 4), {}); // nothing is left over of it
            const std::optional<std::vector<Judgement>> found = evaluator.run(batch, {});
            QVERIFY(found.has_value());
            QCOMPARE(found->size(), expected.size());
            WorstElement worst;
            std::size_t right = 0;
            for (std::size_t i = 0; i < expected.size(); ++i) {
                const Judgement& one = (*found)[i];
                worst.see(static_cast<float>(one.loss), expected[i].loss,
                    1e-5 * (1 + expected[i].loss), "loss of " + std::to_string(i));
                right += one.right ? 1 : 0;
            }
            VERIFY_WORST(worst);
            QVERIFY(right > 0 && (right < expected.size() || expected.size() == 1));
        }
    }

    void tellsWhatIsLikeliest_data() { addCaseRows(); }
    void tellsWhatIsLikeliest()
    {
        const LanguageModelCase& c = fetchCase();
        const ModelPointer model = modelOf(c);
        TrainingBatch batch = randomBatch(c.rows, c.steps, 3);
        const std::vector<Expected> expected = makeExpected(*model, batch);
        const PackedModel packed(model, defaultKernels());
        const auto found = Evaluator(packed, c.rows, c.steps, 1).run(batch, {});
        std::size_t i = 0;
        int clear = 0;
        for (const TokenId target : batch.targets) {
            if (target == uncounted)
                continue;
            if (expected[i].lead > 1e-4) { // beyond what rounding can turn round
                QCOMPARE((*found)[i].right, target == expected[i].best);
                ++clear;
            }
            ++i;
        }
        QVERIFY(clear > 0);
    }

    void isTheSameBitsOnAnyNumberOfThreads_data() { addCaseRows(); }
    void isTheSameBitsOnAnyNumberOfThreads()
    {
        const LanguageModelCase& c = fetchCase();
        const PackedModel packed(modelOf(c), defaultKernels());
        const TrainingBatch batch = randomBatch(c.rows, c.steps, 3);
        const auto one = Evaluator(packed, c.rows, c.steps, 1).run(batch, {});
        for (const int threads : { 2, 3, 7 })
            QVERIFY(Evaluator(packed, c.rows, c.steps, threads).run(batch, {}) == one);
    }

    void stopsAndCanBeginAnew_data() { addCaseRows(); }
    void stopsAndCanBeginAnew()
    {
        const LanguageModelCase& c = fetchCase();
        const PackedModel packed(modelOf(c), defaultKernels());
        const TrainingBatch batch = randomBatch(c.rows, c.steps, 3);
        Evaluator evaluator(packed, c.rows, c.steps, 2);
        const auto before = evaluator.run(batch, {});
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!evaluator.run(randomBatch(c.rows, c.steps, 4), stop.get_token()));
        QVERIFY(evaluator.run(batch, {}) == before);
    }

    void textsBeyondTheContextAreRefused()
    {
        const LanguageModelCase& c = cases[3];
        const PackedModel packed(modelOf(c), defaultKernels());
        QVERIFY_EXCEPTION_THROWN(Evaluator(packed, 2, c.steps + 3, 1), Error);
        QVERIFY_EXCEPTION_THROWN(Evaluator::bytesNeeded(packed, 2, c.steps + 3, 1), Error);
    }

    void theScoreOfATextIsThatOfItsWindows_data()
    {
        QTest::addColumn<int>("rows");
        for (const int rows : { 1, 2, 5 })
            QTest::addRow("%d rows", rows) << rows;
    }
    void theScoreOfATextIsThatOfItsWindows()
    {
        QFETCH(int, rows);
        const ModelPointer model = modelOf(cases[1]);
        const PackedModel packed(model, defaultKernels());
        const auto documents = someText(*model->vocabulary);
        QVERIFY(documents->separator.has_value());
        const OrderedWindows windows(documents, 10);
        Evaluator evaluator(packed, rows, windows.steps(), 2);
        std::int64_t told = 0;
        const std::optional<TextScore> score = evaluateText(
            evaluator, windows, *model->vocabulary, {}, [&](std::int64_t done, std::int64_t all) {
                QVERIFY(done > told);
                QCOMPARE(all, static_cast<std::int64_t>(windows.targets()));
                told = done;
            });
        QVERIFY(score.has_value());
        QCOMPARE(told, static_cast<std::int64_t>(windows.targets()));
        QCOMPARE(score->tokens.targets, told);
        // One token a byte; the first is no target, the separators are no bytes.
        QCOMPARE(score->bytes, static_cast<std::int64_t>(documents->tokens.size()) - 1);

        double loss = 0;
        for (std::size_t window = 0; window < windows.windows(); ++window) {
            const TrainingBatch batch = windows.batch(window, 1);
            const Matrix<double> logits = referenceLogits(*model, batch.tokens);
            loss += crossEntropy<double>(logits, batch.targets).sum;
        }
        QVERIFY(std::abs(score->tokens.loss - loss) < 1e-5 * loss);
        const double mean = loss / static_cast<double>(told);
        QVERIFY(std::abs(score->tokens.meanLoss() - mean) < 1e-5 * mean);
        QVERIFY(std::abs(score->perplexity() / std::exp(mean) - 1) < 1e-4);
        const double bits = loss / std::log(2.0) / static_cast<double>(score->bytes);
        QVERIFY(std::abs(score->bitsPerByte() - bits) < 1e-5 * bits);

        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!evaluateText(evaluator, windows, *model->vocabulary, stop.get_token()));
    }

    /// Each is read as if it were alone.
    void severalTextsAreJudgedByThemselves()
    {
        const ModelPointer model = modelOf(cases[1]);
        const PackedModel packed(model, defaultKernels());
        const std::vector<OrderedWindows> corpora { { textOf(*model->vocabulary, { "short" }), 10 },
            { someText(*model->vocabulary), 10 },
            { textOf(*model->vocabulary, { "a text of more than one window", "b" }), 10 } };
        const MakeEvaluator makeEvaluator = [&](std::int64_t texts, int steps) {
            return std::make_unique<Evaluator>(
                packed, static_cast<int>(std::min<std::int64_t>(texts, 2)), steps, 2);
        };
        std::int64_t told = 0;
        std::int64_t toldOfAll = 0;
        const std::optional<std::vector<TextScore>> scores = evaluateTexts(makeEvaluator, corpora,
            *model->vocabulary, {}, [&](std::int64_t done, std::int64_t all) {
                QVERIFY(done > told);
                told = done;
                toldOfAll = all;
            });
        QVERIFY(scores.has_value());
        QCOMPARE(scores->size(), corpora.size());
        TextScore sum;
        for (std::size_t i = 0; i < corpora.size(); ++i) {
            Evaluator evaluator(packed, 2, corpora[i].steps(), 2);
            const auto alone = evaluateText(evaluator, corpora[i], *model->vocabulary, {});
            const TextScore& found = (*scores)[i];
            QCOMPARE(found.tokens.targets, static_cast<std::int64_t>(corpora[i].targets()));
            QCOMPARE(found.tokens.loss, alone->tokens.loss);
            QCOMPARE(found.tokens.right, alone->tokens.right);
            QCOMPARE(found.bytes, alone->bytes);
            sum.add(found);
        }
        QCOMPARE(sum.tokens.targets, told);
        QCOMPARE(toldOfAll, told);
        const double loss
            = (*scores)[0].tokens.loss + (*scores)[1].tokens.loss + (*scores)[2].tokens.loss;
        const auto bytes
            = static_cast<double>((*scores)[0].bytes + (*scores)[1].bytes + (*scores)[2].bytes);
        QCOMPARE(sum.bitsPerByte(), loss / std::log(2.0) / bytes);

        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!evaluateTexts(makeEvaluator, corpora, *model->vocabulary, stop.get_token()));
    }

    void theScoreOfRecallIsThatOfHeldOutPrompts_data() { theScoreOfATextIsThatOfItsWindows_data(); }
    void theScoreOfRecallIsThatOfHeldOutPrompts()
    {
        QFETCH(int, rows);
        const RecallTask task({ 2, 5 }, 11);
        for (const std::size_t index : { 2U, 4U }) {
            const ModelPointer model = modelOf(cases[index]);
            const PackedModel packed(model, defaultKernels());
            Evaluator evaluator(packed, rows, task.steps(), 2);
            constexpr int prompts = 23;
            const std::optional<RecallScore> score = evaluateRecall(evaluator, task, prompts, {});
            QVERIFY(score.has_value());

            double loss = 0;
            std::map<int, std::int64_t> pairs, distances;
            for (std::uint64_t number = 0; number < prompts; ++number) {
                const RecallPrompt prompt = task.prompt(number, DataSide::HeldOut);
                loss += lossOfAnswer(*model, prompt);
                ++pairs[prompt.pairs];
                ++distances[prompt.distance()];
            }
            QCOMPARE(score->all.targets, prompts);
            QVERIFY(std::abs(score->all.loss - loss) < 1e-5 * loss);
            verifyCounts(score->byPairs, pairs, score->all.right);
            verifyCounts(score->byDistance, distances, score->all.right);
        }
    }

    /// Each cell by itself, prompts of a length together: the numbers are those of each prompt
    /// alone.
    void theScoreOfAGridIsThatOfItsCells_data() { theScoreOfATextIsThatOfItsWindows_data(); }
    void theScoreOfAGridIsThatOfItsCells()
    {
        QFETCH(int, rows);
        const RecallGrid grid({ 1, 3, 4 }, 3, 11);
        for (const std::size_t index : { 2U, 4U }) {
            const ModelPointer model = modelOf(cases[index]);
            const PackedModel packed(model, defaultKernels());
            std::vector<int> steps;
            const MakeEvaluator makeEvaluator = [&](std::int64_t texts, int textSteps) {
                steps.push_back(textSteps);
                const auto used = static_cast<int>(std::min<std::int64_t>(texts, rows));
                return std::make_unique<Evaluator>(packed, used, textSteps, 2);
            };
            std::int64_t told = 0;
            const std::optional<RecallScore> score
                = evaluateRecall(makeEvaluator, grid, {}, [&](std::int64_t done, std::int64_t all) {
                      QVERIFY(done > told);
                      QCOMPARE(all, grid.prompts());
                      told = done;
                  });
            QVERIFY(score.has_value());
            QCOMPARE(told, grid.prompts());
            QCOMPARE(steps, std::vector<int>({ 8, 18, 23 })); // nothing is padded
            QCOMPARE(score->byCell.size(), std::size_t(1 + 3 + 4));

            std::int64_t right = 0;
            for (const auto& [cell, ofCell] : score->byCell) {
                QCOMPARE(ofCell.targets, 3);
                double loss = 0;
                for (std::int64_t number = 0; number < 3; ++number)
                    loss += lossOfAnswer(*model, grid.prompt(cell, number));
                QVERIFY(std::abs(ofCell.loss - loss) < 1e-5 * loss);
                right += ofCell.right;
            }
            QCOMPARE(score->all.targets, grid.prompts());
            QCOMPARE(score->all.right, right);
            verifyCounts(score->byPairs, { { 1, 3 }, { 3, 9 }, { 4, 12 } }, right);
            verifyCounts(score->byDistance, { { 0, 9 }, { 1, 6 }, { 2, 6 }, { 3, 3 } }, right);

            std::stop_source stop;
            stop.request_stop();
            QVERIFY(!evaluateRecall(makeEvaluator, grid, stop.get_token()));
        }
    }

    void onlyModelsOfSingleBytesRecall()
    {
        refuseUnlessRecallModel(*modelOf(cases[1]));
        Model other = *modelOf(cases[1]);
        other.vocabulary = Vocabulary::fromMerges({ { "a", "b" } });
        QVERIFY_EXCEPTION_THROWN(refuseUnlessRecallModel(other), Error);
    }

private:
    static double lossOfAnswer(const Model& model, const RecallPrompt& prompt)
    {
        const auto tokenOf
            = [&](char byte) { return model.vocabulary->byteId(static_cast<unsigned char>(byte)); };
        std::vector<TokenId> tokens;
        for (const char byte : prompt.text)
            tokens.push_back(tokenOf(byte));
        const Matrix<double> logits = referenceLogits(model, tokens);
        return expectedOf(logits, logits.rows() - 1, tokenOf(prompt.answer)).loss;
    }

    static void verifyCounts(const std::map<int, Score>& found,
        const std::map<int, std::int64_t>& expected, std::int64_t right)
    {
        QCOMPARE(found.size(), expected.size());
        for (const auto& [key, count] : expected) {
            QVERIFY(found.contains(key));
            QCOMPARE(found.at(key).targets, count);
            right -= found.at(key).right;
        }
        QCOMPARE(right, 0);
    }
};

QTEST_APPLESS_MAIN(TestEvaluation)
#include "tst_evaluation.moc"
