// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/run.h"
#include "engine/execution/strategy_choice.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_lstm.h"
#include "engine/model/untrained_model.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/golden_models.h"
#include "tests/engine/whole_matrix.h"

#include <QTest>

#include <limits>
#include <thread>

using namespace timestep;

namespace {

std::vector<Token> tokensOf(const std::vector<TokenId>& ids)
{
    std::vector<Token> tokens;
    for (const TokenId id : ids)
        tokens.push_back({ id, 0, 0 });
    return tokens;
}

std::vector<Token> someTokens(int count)
{
    std::vector<Token> tokens;
    for (int t = 0; t < count; ++t)
        tokens.push_back({ (t * 7 + t * t) % 250, 0, 0 });
    return tokens;
}

ModelPair smallPair() { return untrainedPair(Vocabulary::fromMerges({}), 1); }

ModelRun runOf(const ModelPointer& model, const Kernels& kernels, const std::vector<Token>& tokens,
    const RunSettings& settings, Executor& executor)
{
    std::optional<ModelRun> run
        = runModel(PackedModel(model, kernels), tokens, settings, executor, {});
    return std::move(run.value());
}

std::string messageOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

bool mentions(const std::string& message, const std::string& part)
{
    return message.find(part) != std::string::npos;
}

constexpr double tolerance = 1e-5;

} // namespace

class TestRun : public QObject
{
    Q_OBJECT

private slots:
    void lstmComputesWhatTheTwinComputes_data() { addKernelRows(); }
    void lstmComputesWhatTheTwinComputes()
    {
        const GoldenModel golden = goldenLstm();
        Executor executor(2);
        RunSettings settings;
        settings.record = true;
        const ModelRun run = runOf(std::make_shared<Model>(golden.model), fetchKernels(),
            tokensOf(golden.tokens), settings, executor);
        const auto& expected = golden.expected;
        QVERIFY(worstDifference(run.logits, expected["logits"]) < tolerance);
        for (std::size_t layer = 0; layer < run.recording.cell.size(); ++layer) {
            const GateRecording& gates = run.recording.gates[layer];
            QVERIFY(worstDifference(gates.input, expected["gates"][layer]["input"]) < tolerance);
            QVERIFY(worstDifference(gates.output, expected["gates"][layer]["output"]) < tolerance);
            QVERIFY(
                worstDifference(run.recording.cell[layer], expected["cell"][layer]) < tolerance);
            QVERIFY(worstDifference(run.recording.hidden[layer], expected["hidden"][layer])
                < tolerance);
        }
        QVERIFY(run.recording.affinities == nullptr);
        QVERIFY(run.milliseconds > 0);
    }

    void attentionComputesWhatTheTwinComputes_data() { addKernelRows(); }
    void attentionComputesWhatTheTwinComputes()
    {
        const GoldenModel golden = goldenAttention();
        Executor executor(2);
        for (bool causal : { true, false }) {
            RunSettings settings;
            settings.record = true;
            settings.causal = causal;
            const ModelRun run = runOf(std::make_shared<Model>(golden.model), fetchKernels(),
                tokensOf(golden.tokens), settings, executor);
            const auto& expected = golden.expected[causal ? "causal" : "full"];
            QVERIFY(worstDifference(run.logits, expected["logits"]) < tolerance);
            const Affinities& affinities = *run.recording.affinities;
            QCOMPARE(affinities.layers(), static_cast<int>(expected["affinity"].size()));
            QCOMPARE(affinities.mask().causal, causal);
            for (int layer = 0; layer < affinities.layers(); ++layer)
                for (int head = 0; head < affinities.heads(); ++head)
                    QVERIFY(worstDifference(wholeMatrix(affinities, { layer, head }),
                                expected["affinity"][layer][head])
                        < tolerance);
            QVERIFY(run.recording.cell.empty());
        }
    }

    /// So that a trace shows each step; not a bit of what is computed changes.
    void smallOperationsComputeTheSame_data()
    {
        QTest::addColumn<Strategy>("ofLstm");
        QTest::addColumn<Strategy>("ofAttention");
        QTest::newRow("sub-batch") << Strategy::SubBatch << Strategy::SubBatch;
        QTest::newRow("hidden-split, head") << Strategy::HiddenSplit << Strategy::Head;
        QTest::newRow("layer-wavefront, query-block")
            << Strategy::LayerWavefront << Strategy::QueryBlock;
    }
    void smallOperationsComputeTheSame()
    {
        QFETCH(Strategy, ofLstm);
        QFETCH(Strategy, ofAttention);
        const ModelPair pair = smallPair();
        const std::vector<Token> tokens = someTokens(50);
        Executor executor(2);
        RunSettings settings;
        settings.rows = 3;
        settings.subBatches = 2;
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            const bool lstm = model == pair.lstm;
            settings.strategy = lstm ? ofLstm : ofAttention;
            settings.smallOperations = false;
            const ModelRun run = runOf(model, defaultKernels(), tokens, settings, executor);
            settings.smallOperations = true;
            const ModelRun fine = runOf(model, defaultKernels(), tokens, settings, executor);
            // Heads look at all positions at once.
            const int largest = lstm ? 1 : ofAttention == Strategy::Head ? 50 : 16;
            for (const Operation& operation : fine.plan.operations())
                QVERIFY(operation.steps.count() <= largest);
            QVERIFY(fine.logits == run.logits);
        }
    }

    void untrainedPairAgreesWithTheReference_data() { addKernelRows(); }
    void untrainedPairAgreesWithTheReference()
    {
        const ModelPair pair = smallPair();
        const std::vector<Token> tokens = someTokens(50);
        std::vector<TokenId> ids;
        for (const Token& token : tokens)
            ids.push_back(token.id);
        Executor executor(2);
        const auto compare = [](const Matrix<float>& found, const Matrix<double>& expected) {
            const double worst = (found.cast<double>() - expected).cwiseAbs().maxCoeff();
            QVERIFY2(worst < 2e-5 * std::max(1.0, expected.cwiseAbs().maxCoeff()),
                qPrintable(QString::number(worst)));
        };
        const auto lstm = std::get<LstmWeights<float>>(pair.lstm->weights).cast<double>();
        compare(runOf(pair.lstm, fetchKernels(), tokens, {}, executor).logits,
            lstmLogits<double>(lstm, lstmForward<double>(lstm, ids).back().hidden));
        const auto attention
            = std::get<AttentionWeights<float>>(pair.attention->weights).cast<double>();
        compare(runOf(pair.attention, fetchKernels(), tokens, {}, executor).logits,
            attentionLogits<double>(attention,
                attentionForward<double>(attention, pair.attention->shape, ids, true)
                    .finalNorm.output));
    }

    // What is shown must not depend on how the sliders cut the work.
    void anyCutGivesTheSameLogits()
    {
        const ModelPair pair = smallPair();
        const std::vector<Token> tokens = someTokens(45);
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            const bool lstm = model == pair.lstm;
            Matrix<float> first;
            for (int threads : { 1, 3 }) {
                Executor executor(threads);
                for (Strategy strategy : lstm
                        ? std::vector { Strategy::Auto, Strategy::Sequential, Strategy::SubBatch,
                            Strategy::HiddenSplit, Strategy::LayerWavefront }
                        : std::vector { Strategy::Auto, Strategy::Sequential, Strategy::SubBatch,
                            Strategy::Head, Strategy::QueryBlock })
                    for (int rows : { 1, 5 })
                        for (int subBatches : { 0, 1, 3 }) {
                            RunSettings settings;
                            settings.rows = rows;
                            settings.subBatches = subBatches;
                            settings.strategy = strategy;
                            const ModelRun run
                                = runOf(model, defaultKernels(), tokens, settings, executor);
                            QVERIFY(run.plan.cut().strategy != Strategy::Auto);
                            if (first.size() == 0)
                                first = run.logits;
                            QCOMPARE(run.logits.size(), first.size());
                            QVERIFY(sameBits(run.logits.data(), first.data(),
                                static_cast<std::size_t>(first.size())));
                        }
            }
        }
    }

    void emptyTextGivesNoLogits()
    {
        const ModelPair pair = smallPair();
        Executor executor(2);
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            RunSettings settings;
            settings.record = true;
            const ModelRun run = runOf(model, defaultKernels(), {}, settings, executor);
            QCOMPARE(run.logits.rows(), Eigen::Index { 0 });
            QCOMPARE(run.logits.cols(), Eigen::Index { model->shape.vocabulary });
        }
    }

    void moreRowsThanTokensRepeat()
    {
        const ModelPair pair = smallPair();
        Executor executor(2);
        RunSettings settings;
        settings.rows = 9;
        for (const ModelPointer& model : { pair.lstm, pair.attention })
            QCOMPARE(
                runOf(model, defaultKernels(), someTokens(2), settings, executor).logits.rows(),
                Eigen::Index { 2 });
    }

    void textBeyondTheContextIsRefused()
    {
        GoldenModel golden = goldenAttention();
        golden.model.name = "tiny";
        golden.model.shape.context = 3;
        Executor executor(1);
        const std::string message = messageOf([&] {
            runOf(std::make_shared<Model>(golden.model), defaultKernels(), tokensOf({ 1, 2, 3, 1 }),
                {}, executor);
        });
        for (const char* part : { "4 tokens", "\"tiny\"", "3 at most", "--window" })
            QVERIFY2(mentions(message, part), message.c_str());
    }

    void runBeyondTheBudgetIsRefused()
    {
        const ModelPair pair = smallPair();
        Executor executor(1);
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            RunSettings settings;
            settings.record = true;
            const std::vector<Token> tokens = someTokens(100);
            const ModelRun run = runOf(model, defaultKernels(), tokens, settings, executor);
            QVERIFY(run.peakBytes > 100 * 256 * sizeof(float));

            // What it was estimated to need is what it takes: one byte less is refused.
            settings.memoryBudget = run.peakBytes;
            runOf(model, defaultKernels(), tokens, settings, executor);
            settings.memoryBudget = run.peakBytes - 1;
            const std::string message
                = messageOf([&] { runOf(model, defaultKernels(), tokens, settings, executor); });
            QVERIFY2(mentions(message, std::to_string(run.peakBytes)), message.c_str());
            QVERIFY2(mentions(message, "--memory"), message.c_str());
        }
    }

    void stoppingGivesNoRun()
    {
        const ModelPair pair = smallPair();
        Executor executor(2);
        std::stop_source stopped;
        stopped.request_stop();
        for (const ModelPointer& model : { pair.lstm, pair.attention })
            QVERIFY(!runModel(PackedModel(model, defaultKernels()), someTokens(20), {}, executor,
                stopped.get_token()));
    }

    void stoppingInTheMiddleGivesNoRun()
    {
        const ModelPair pair = smallPair();
        Executor executor(2);
        RunSettings settings;
        settings.rows = 64;
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            std::stop_source source;
            std::jthread stopper([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(30));
                source.request_stop();
            });
            QVERIFY(!runModel(PackedModel(model, kernelsNamed("reference")), someTokens(2000),
                settings, executor, source.get_token()));
        }
    }

    void numbersThatAreNotFiniteAreReported()
    {
        GoldenModel lstm = goldenLstm();
        GoldenModel attention = goldenAttention();
        const float spoilt = std::numeric_limits<float>::infinity();
        std::get<LstmWeights<float>>(lstm.model.weights).layers[0].recurrent(0, 0) = -spoilt;
        std::get<LstmWeights<float>>(lstm.model.weights).layers[0].inputBias(1)
            = std::numeric_limits<float>::quiet_NaN();
        std::get<AttentionWeights<float>>(attention.model.weights).layers[0].projection(0, 0)
            = spoilt;
        Executor executor(1);
        for (GoldenModel* golden : { &lstm, &attention }) {
            golden->model.name = "damaged";
            const std::string message = messageOf([&] {
                runOf(std::make_shared<Model>(golden->model), defaultKernels(),
                    tokensOf(golden->tokens), {}, executor);
            });
            QVERIFY2(mentions(message, "\"damaged\"") && mentions(message, "not finite"),
                message.c_str());
        }
    }

    void traceShowsEveryOperation()
    {
        const ModelPair pair = smallPair();
        Executor executor(2);
        RunSettings settings;
        settings.rows = 4;
        settings.subBatches = 2;
        settings.trace = true;
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            const ModelRun run = runOf(model, defaultKernels(), someTokens(20), settings, executor);
            QCOMPARE(run.trace.spans.size(), run.plan.operations().size());
        }
    }
};

QTEST_APPLESS_MAIN(TestRun)
#include "tst_run.moc"
