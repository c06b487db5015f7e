// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/reference_attention_gradients.h"
#include "engine/model/reference_lstm_gradients.h"
#include "engine/training/gradient_norm.h"
#include "engine/training/model_training.h"
#include "engine/training/random_draws.h"
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/language_model_cases.h"

#include <QTest>

#include <cmath>
#include <cstring>
#include <optional>

using namespace timestep;

namespace {

constexpr auto lstm = ModelKind::Lstm;
constexpr auto attention = ModelKind::Attention;
constexpr auto table = Positions::Learned;
constexpr auto sinusoids = Positions::Sinusoids;

const std::vector<LanguageModelCase> cases {
    { "one number", lstm, 1, 1, 0, 1, true, sinusoids, 1, 1, 1 },
    { "tied LSTM", lstm, 2, 24, 0, 24, true, sinusoids, 5, 37, 2 },
    { "LSTM with a head of its own", lstm, 1, 33, 0, 17, false, sinusoids, 4, 21, 4 },
    { "three layers", lstm, 3, 16, 0, 40, false, sinusoids, 7, 19, 3 },
    { "tied attention with a table", attention, 2, 24, 3, 24, true, table, 5, 37, 2 },
    { "attention with sinusoids", attention, 1, 20, 2, 20, true, sinusoids, 3, 70, 3 },
    { "attention with a head of its own", attention, 3, 18, 1, 18, false, table, 4, 9, 1 },
};

Cut cutFor(const LanguageModelCase& c, Strategy strategy = Strategy::SubBatch, int chunk = 8)
{
    Cut cut = cutOf(strategy, c.subBatches, chunk);
    cut.rowsTogether = 1;
    return cut;
}

constexpr std::uint64_t dropoutSeed = 5;

PlanShape shapeOf(const LanguageModelCase& c, double dropout)
{
    PlanShape shape = trainingShape(*modelOf(c), c.rows, c.steps);
    shape.dropout = dropout > 0;
    return shape;
}

/// A model with all that a training step of it takes.
struct Step
{
    PlanShape shape;
    Plan plan;
    std::unique_ptr<TrainedParameters> parameters;
    MemoryAccount account;
    AdamW optimizer;
    ModelTraining training;
    TrainingBatch batch;
    Executor executor;

    Step(const LanguageModelCase& c, int threads, const Kernels& kernels = defaultKernels(),
        double largestNorm = 0, double dropout = 0)
        : Step(c, cutFor(c), threads, kernels, largestNorm, dropout)
    {
    }

    Step(const LanguageModelCase& c, const Cut& cut, int threads,
        const Kernels& kernels = defaultKernels(), double largestNorm = 0, double dropout = 0)
        : shape(shapeOf(c, dropout))
        , plan(makePlan(shape, cut))
        , parameters(trainedParameters(*modelOf(c), shape))
        , optimizer(static_cast<std::size_t>(parameters->layout().size()))
        , training(plan,
              { .parameters = parameters.get(),
                  .optimizer = &optimizer,
                  .kernels = &kernels,
                  .largestNorm = largestNorm,
                  .dropout = { dropout, dropoutSeed } },
              threads, account)
        , batch(randomBatch(c.rows, c.steps, 3))
        , executor(threads)
    {
    }

    void run(double learningRate)
    {
        training.begin(batch, optimizer.nextStep(learningRate));
        QCOMPARE(executor.run(plan, training, {}), Outcome::Finished);
    }

    std::vector<float> values() const
    {
        return { parameters->values().begin(), parameters->values().end() };
    }
};

/// What the last step of `step` dropped of a row, asked for number by number.
DropoutFactor dropoutOf(const Step& step, double share, int row)
{
    if (share == 0)
        return {};
    Dropout dropout(share, row, kernelsNamed("reference"));
    dropout.begin(RandomDraws(
        dropoutSeed, DrawPurpose::Dropout, static_cast<std::uint64_t>(step.optimizer.state().steps))
                      .bits());
    return [dropout](int place, int position, int unit) {
        float factor = 1;
        dropout.apply(place, 0, position, { unit, unit + 1 }, &factor, &factor);
        return static_cast<double>(factor);
    };
}

template <typename Weights>
std::pair<double, Weights> textbook(
    const Weights& weights, const Model& model, const Step& step, double dropoutShare)
{
    Weights gradients = zeroGradients(weights);
    const double scale = 1.0 / static_cast<double>(step.batch.counted);
    const auto width = static_cast<std::size_t>(step.batch.steps);
    double loss = 0;
    for (std::size_t row = 0; row < static_cast<std::size_t>(step.batch.rows); ++row) {
        const std::span tokens = std::span(step.batch.tokens).subspan(row * width, width);
        const std::span targets = std::span(step.batch.targets).subspan(row * width, width);
        const DropoutFactor dropout = dropoutOf(step, dropoutShare, static_cast<int>(row));
        if constexpr (std::is_same_v<Weights, LstmWeights<double>>)
            loss += addGradients(weights, tokens, targets, scale, gradients, dropout);
        else
            loss += addGradients(
                weights, model.shape, tokens, targets, true, scale, gradients, dropout);
    }
    return { loss * scale, gradients };
}

/// The gradients found, in the shapes of a model's weights.
Model gradientsAsModel(const LanguageModelCase& c, const Step& step)
{
    Model found = *modelOf(c);
    const auto reader = trainedParameters(found, step.shape);
    const std::vector<float> gradients = step.training.gradients();
    std::copy(gradients.begin(), gradients.end(), reader->values().begin());
    found.weights = reader->weights();
    return found;
}

struct Comparison
{
    double worst = 0; // relative to the largest of each tensor
    QString where;

    template <typename Found, typename Expected>
    void add(const char* name, const Found& found, const Expected& expected)
    {
        if (expected.size() == 0) {
            worst = found.size() == 0 ? worst : 1e9;
            return;
        }
        const double largest = expected.cwiseAbs().maxCoeff();
        const double error = (found.template cast<double>() - expected).cwiseAbs().maxCoeff()
            / std::max(largest, 1e-30);
        if (!(error <= worst)) {
            worst = error;
            where = QString::fromLatin1(name);
        }
    }

    void add(const LstmWeights<float>& found, const LstmWeights<double>& expected)
    {
        add("embedding", found.embedding, expected.embedding);
        add("head", found.head, expected.head);
        add("head bias", found.headBias, expected.headBias);
        for (std::size_t l = 0; l < expected.layers.size(); ++l) {
            add("input", found.layers[l].input, expected.layers[l].input);
            add("recurrent", found.layers[l].recurrent, expected.layers[l].recurrent);
            add("bias", found.layers[l].inputBias, expected.layers[l].inputBias);
        }
    }

    void add(const AttentionWeights<float>& found, const AttentionWeights<double>& expected)
    {
        add("embedding", found.embedding, expected.embedding);
        add("positions", found.positions, expected.positions);
        add("head", found.head, expected.head);
        add("final gain", found.finalNormGain, expected.finalNormGain);
        add("final bias", found.finalNormBias, expected.finalNormBias);
        for (std::size_t l = 0; l < expected.layers.size(); ++l) {
            const auto& f = found.layers[l];
            const auto& e = expected.layers[l];
            add("attention gain", f.attentionNormGain, e.attentionNormGain);
            add("attention bias", f.attentionNormBias, e.attentionNormBias);
            add("queries, keys, values", f.queryKeyValue, e.queryKeyValue);
            add("their bias", f.queryKeyValueBias, e.queryKeyValueBias);
            add("projection", f.projection, e.projection);
            add("projection bias", f.projectionBias, e.projectionBias);
            add("feed-forward gain", f.feedForwardNormGain, e.feedForwardNormGain);
            add("feed-forward bias", f.feedForwardNormBias, e.feedForwardNormBias);
            add("expand", f.expand, e.expand);
            add("expand bias", f.expandBias, e.expandBias);
            add("contract", f.contract, e.contract);
            add("contract bias", f.contractBias, e.contractBias);
        }
    }
};

void addCaseRows(std::optional<ModelKind> only = {})
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases.size(); ++i)
        if (!only || cases[i].kind == *only)
            QTest::newRow(cases[i].name) << static_cast<int>(i);
}

/// Each without and with dropout.
void addDropoutRows(std::optional<ModelKind> only = {})
{
    QTest::addColumn<int>("index");
    QTest::addColumn<double>("dropout");
    for (std::size_t i = 0; i < cases.size(); ++i)
        if (!only || cases[i].kind == *only)
            for (const double dropout : { 0.0, 0.3 })
                QTest::addRow("%s, dropout %g", cases[i].name, dropout)
                    << static_cast<int>(i) << dropout;
}

double fetchDropout()
{
    QFETCH(double, dropout);
    return dropout;
}

const LanguageModelCase& fetchCase()
{
    QFETCH(int, index);
    return cases[static_cast<std::size_t>(index)];
}

} // namespace

class TestModelTraining : public QObject
{
    Q_OBJECT

private slots:
    void gradientsAgreeWithTheTextbook_data() { addDropoutRows(); }
    void gradientsAgreeWithTheTextbook()
    {
        const LanguageModelCase& c = fetchCase();
        const ModelPointer model = modelOf(c);
        for (const Kernels* kernels : availableKernels()) {
            Step step(c, 2, *kernels, 0, fetchDropout());
            QCOMPARE(step.account.peakBytes(), ModelTraining::bytesNeeded(step.plan, 2));
            step.run(0); // twice, so that nothing is left over
            step.run(0);
            const Model found = gradientsAsModel(c, step);
            std::visit(
                [&](const auto& weights) {
                    using Weights = std::decay_t<decltype(weights)>;
                    const auto [loss, expected]
                        = textbook(weights.template cast<double>(), *model, step, fetchDropout());
                    Comparison comparison;
                    comparison.add(std::get<Weights>(found.weights), expected);
                    QVERIFY2(comparison.worst < 3e-5,
                        qPrintable(comparison.where + ' ' + QString::number(comparison.worst)));
                    QVERIFY(std::abs(step.training.loss() - loss) < 1e-5 * loss);
                },
                model->weights);
        }
    }

    void isTheSameBitsOnAnyNumberOfThreads_data() { addDropoutRows(); }
    void isTheSameBitsOnAnyNumberOfThreads()
    {
        const LanguageModelCase& c = fetchCase();
        Step one(c, 1, defaultKernels(), 0.5, fetchDropout());
        Step three(c, 3, defaultKernels(), 0.5, fetchDropout());
        for (int step = 0; step < 3; ++step) {
            one.run(1e-2);
            three.run(1e-2);
            QVERIFY(sameBits(three.values().data(), one.values().data(), one.values().size()));
            QCOMPARE(three.training.loss(), one.training.loss());
            QCOMPARE(three.training.gradientNorm(), one.training.gradientNorm());
        }
    }

    void isTheSameBitsHoweverAnLstmIsCut_data() { addDropoutRows(lstm); }
    void isTheSameBitsHoweverAnLstmIsCut()
    {
        const LanguageModelCase& c = fetchCase();
        Step expected(c, 1, defaultKernels(), 0, fetchDropout());
        for (int step = 0; step < 2; ++step)
            expected.run(1e-2);
        for (const Strategy strategy :
            { Strategy::SubBatch, Strategy::HiddenSplit, Strategy::LayerWavefront }) {
            for (const int chunk : { 1, 8, 100 }) {
                Step cut(c, cutFor(c, strategy, chunk), 3, defaultKernels(), 0, fetchDropout());
                QCOMPARE(cut.account.peakBytes(), ModelTraining::bytesNeeded(cut.plan, 3));
                for (int step = 0; step < 2; ++step)
                    cut.run(1e-2);
                QVERIFY(
                    sameBits(cut.values().data(), expected.values().data(), cut.values().size()));
                QCOMPARE(cut.training.gradientNorm(), expected.training.gradientNorm());
                QVERIFY(std::abs(cut.training.loss() - expected.training.loss()) < 1e-12);
            }
        }
    }

    void splittingDropsTheSameNumbers_data() { addCaseRows(); }
    void splittingDropsTheSameNumbers()
    {
        const LanguageModelCase& c = fetchCase();
        if (c.width == 1)
            QSKIP("of two numbers a step may well drop none");
        const auto gradientsOf = [&](int subBatches, double dropout) {
            LanguageModelCase split = c;
            split.subBatches = std::min(subBatches, c.rows);
            Step step(split, 2, defaultKernels(), 0, dropout);
            step.run(0);
            return step.training.gradients();
        };
        const auto apart = [](const std::vector<float>& a, const std::vector<float>& b) {
            double largest = 0;
            double worst = 0;
            for (std::size_t i = 0; i < a.size(); ++i) {
                largest = std::max(largest, std::abs(static_cast<double>(a[i])));
                worst = std::max(worst, std::abs(static_cast<double>(a[i]) - b[i]));
            }
            return worst / largest;
        };
        const std::vector<float> whole = gradientsOf(1, 0.3);
        for (const int subBatches : { 2, 3 })
            QVERIFY(apart(whole, gradientsOf(subBatches, 0.3)) < 1e-5);
        QVERIFY(apart(whole, gradientsOf(1, 0)) > 1e-2);
    }

    void everyStepDropsOthers_data() { addCaseRows(); }
    void everyStepDropsOthers()
    {
        const LanguageModelCase& c = fetchCase();
        if (c.width == 1)
            QSKIP("two steps may well drop the same of two numbers");
        Step step(c, 2, defaultKernels(), 0, 0.3);
        step.run(0); // nothing else changes
        const double first = step.training.loss();
        step.run(0);
        QVERIFY(std::abs(step.training.loss() - first) > 1e-4);
    }

    void whatIsReadAfterAStepIsWhatASavedModelComputes_data() { addCaseRows(); }
    void whatIsReadAfterAStepIsWhatASavedModelComputes()
    {
        const LanguageModelCase& c = fetchCase();
        Step step(c, 2);
        step.run(1e-2);
        Model saved = *modelOf(c);
        saved.weights = step.parameters->weights();
        Step again(c, 2);
        again.parameters = trainedParameters(saved, again.shape);
        QVERIFY(sameBits(again.values().data(), step.values().data(), step.values().size()));

        // The weights that the second step reads were packed by the first one's update; those of a
        // model that was saved and read again are packed anew.
        step.run(1e-2);
        MemoryAccount account;
        ModelTraining fresh(again.plan,
            { .parameters = again.parameters.get(), .kernels = &defaultKernels() }, 2, account);
        fresh.begin(again.batch, {});
        again.executor.run(again.plan, fresh, {});
        QCOMPARE(fresh.loss(), step.training.loss());
        QCOMPARE(fresh.gradientNorm(), step.training.gradientNorm());
    }

    void updatesAsTheOptimizerAloneWould()
    {
        const LanguageModelCase& c = cases[1];
        Step step(c, 2, defaultKernels(), 0.5);
        std::vector<float> values = step.values();
        AdamW alone(values.size());
        step.run(1e-2);
        const std::vector<float> gradients = step.training.gradients();
        const double norm = step.training.gradientNorm();
        QVERIFY(norm > 0.5); // so that there is something to clip
        double squares = 0;
        for (const float gradient : gradients)
            squares += static_cast<double>(gradient) * gradient;
        QVERIFY(std::abs(norm - std::sqrt(squares)) < 1e-9 * norm);
        std::vector<ParameterArray> arrays;
        for (const TrainedTensor& tensor : step.parameters->tensors())
            arrays.push_back({ std::span(values).subspan(tensor.begin, tensor.size()),
                std::span(gradients).subspan(tensor.begin, tensor.size()), tensor.decays });
        const AdamWStep next = alone.nextStep(1e-2, *clippingFactor(norm, 0.5));
        alone.update(arrays, 0, values.size(), next);
        QVERIFY(sameBits(step.values().data(), values.data(), values.size()));
        QVERIFY(alone.state() == step.optimizer.state());
    }

    void learnsABatchByHeart_data() { addCaseRows(); }
    void learnsABatchByHeart()
    {
        const LanguageModelCase& c = fetchCase();
        Step step(c, 2, defaultKernels(), 1);
        step.run(0.01);
        const double first = step.training.loss();
        for (int i = 0; i < 30; ++i)
            step.run(0.01);
        QVERIFY2(step.training.loss() < 0.9 * first,
            qPrintable(QStringLiteral("%1 after %2").arg(step.training.loss()).arg(first)));
    }

    void whereAGradientIsNoNumberNothingIsUpdated()
    {
        Step step(cases[1], 2);
        step.parameters->values()[0] = std::numeric_limits<float>::quiet_NaN();
        step.parameters->packAll();
        const std::vector<float> before = step.values();
        step.run(1e-2);
        QVERIFY(!std::isfinite(step.training.gradientNorm()));
        QVERIFY(
            std::memcmp(step.values().data(), before.data(), before.size() * sizeof(float)) == 0);
    }
};

QTEST_APPLESS_MAIN(TestModelTraining)
#include "tst_model_training.moc"
