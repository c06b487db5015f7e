// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/run.h"
#include "engine/execution/text_generation.h"
#include "engine/model/next_token.h"
#include "engine/model/untrained_model.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/golden_models.h"

#include <QTest>

#include <limits>
#include <thread>

using namespace timestep;

namespace {

using PackedPointer = std::shared_ptr<const PackedModel>;

const ModelPair& smallPair()
{
    static const ModelPair pair = untrainedPair(Vocabulary::fromMerges({}), 1);
    return pair;
}

PackedPointer packed(const ModelPointer& model, const Kernels& kernels = defaultKernels())
{
    return std::make_shared<const PackedModel>(model, kernels);
}

ModelPointer windowedModel()
{
    ModelShape shape = smallPair().attention->shape;
    shape.attentionWindow = 21;
    return untrainedModel(shape, Positions::Sinusoids, smallPair().attention->vocabulary, 3);
}

std::vector<PackedPointer> packedPair(const Kernels& kernels)
{
    return { packed(smallPair().lstm, kernels), packed(smallPair().attention, kernels),
        packed(windowedModel(), kernels),
        packed(std::make_shared<const Model>(goldenLstm().model), kernels),
        packed(std::make_shared<const Model>(goldenAttention().model), kernels) };
}

std::vector<TokenId> someTokens(int count, int vocabulary)
{
    std::vector<TokenId> tokens;
    for (int t = 0; t < count; ++t)
        tokens.push_back((t * 7 + t * t) % vocabulary);
    return tokens;
}

/// (T, V) of a text read anew.
Matrix<float> logitsReadAnew(const PackedModel& model, const std::vector<TokenId>& ids)
{
    std::vector<Token> tokens;
    for (const TokenId id : ids)
        tokens.push_back({ id, 0, 0 });
    Executor executor(2);
    return runModel(model, tokens, {}, executor, {}).value().logits;
}

std::vector<TokenId> written(
    const PackedPointer& model, int prompt, int count, const TokenChoice& choice)
{
    TextGeneration generation(model, prompt + count);
    const int vocabulary = model->model()->shape.vocabulary;
    generation.read(someTokens(prompt, vocabulary));
    for (int i = 0; i < count; ++i) {
        const TokenId next = chooseToken(generation.logits(), choice, generation.tokens().size());
        generation.read(std::span(&next, 1));
    }
    return generation.tokens();
}

template <typename Work>
std::string messageOf(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

class TestTextGeneration : public QObject
{
    Q_OBJECT

private slots:
    void itReadsAsIfItHadReadItAllAnew_data() { addKernelRows(); }
    void itReadsAsIfItHadReadItAllAnew()
    {
        // Prompts on both sides of a tile of 64 positions, also across two of its edges at once.
        const std::vector<std::vector<int>> pieces { { 1, 1, 1, 1 }, { 63, 1, 1, 1 },
            { 10, 60, 1, 70, 1 }, { 5, 0, 2 }, { 64, 64, 1 } };
        for (const PackedPointer& model : packedPair(fetchKernels())) {
            const ModelShape& shape = model->model()->shape;
            for (const std::vector<int>& lengths : pieces) {
                int total = 0;
                for (const int length : lengths)
                    total += length;
                if (shape.context > 0 && total > shape.context)
                    continue;
                const auto tokens = someTokens(total, shape.vocabulary);
                const Matrix<float> anew = logitsReadAnew(*model, tokens);
                TextGeneration generation(model, total);
                for (const int length : lengths) {
                    const std::size_t begin = generation.tokens().size();
                    QCOMPARE(generation.read(std::span(tokens).subspan(
                                 begin, static_cast<std::size_t>(length))),
                        Outcome::Finished);
                    const auto row = static_cast<Eigen::Index>(generation.tokens().size()) - 1;
                    QVERIFY2(sameBits(anew.row(row).data(), generation.logits().data(),
                                 static_cast<std::size_t>(anew.cols())),
                        qPrintable(QStringLiteral("%1, token %2 of %3")
                                       .arg(QString::fromStdString(model->model()->name))
                                       .arg(row)
                                       .arg(total)));
                }
                QCOMPARE(generation.tokens(), tokens);
                QCOMPARE(generation.room(), 0);
            }
        }
    }

    void moreRoomChangesNothing()
    {
        for (const ModelPointer& plain : { smallPair().lstm, smallPair().attention }) {
            const PackedPointer model = packed(plain);
            const auto tokens = someTokens(5, 250);
            TextGeneration narrow(model, 5), wide(model, 800);
            narrow.read(tokens);
            wide.read(tokens);
            QVERIFY(sameBits(narrow.logits().data(), wide.logits().data(), narrow.logits().size()));
        }
    }

    void withoutTemperatureItWritesWhatIsMostProbable()
    {
        for (const ModelPointer& model : { smallPair().lstm, smallPair().attention }) {
            const PackedPointer weights = packed(model);
            const std::vector<TokenId> text = written(weights, 4, 30, { 0, 1 });
            const Matrix<float> anew = logitsReadAnew(*weights, text);
            for (Eigen::Index t = 3; t + 1 < anew.rows(); ++t) {
                Eigen::Index best = 0;
                anew.row(t).maxCoeff(&best);
                QCOMPARE(text[static_cast<std::size_t>(t) + 1], static_cast<TokenId>(best));
            }
        }
    }

    void aSeedWritesTheSameText()
    {
        for (const ModelPointer& model : { smallPair().lstm, smallPair().attention }) {
            const PackedPointer weights = packed(model);
            QCOMPARE(written(weights, 4, 40, { 1, 3 }), written(weights, 4, 40, { 1, 3 }));
            QVERIFY(written(weights, 4, 40, { 1, 3 }) != written(weights, 4, 40, { 1, 4 }));
        }
    }

    void theContextIsNotExceeded()
    {
        const ModelPointer golden = std::make_shared<const Model>(goldenAttention().model);
        const int context = golden->shape.context;
        QVERIFY(context > 0);
        const std::string message = messageOf([&] { TextGeneration(packed(golden), context + 1); });
        QVERIFY2(message.find(std::to_string(context) + " tokens at most") != std::string::npos,
            message.c_str());
        QCOMPARE(TextGeneration(packed(golden), context).room(), context);
    }

    void tooMuchMemoryIsRefused()
    {
        const std::string message
            = messageOf([&] { TextGeneration(packed(smallPair().attention), 4000, 1 << 20); });
        QVERIFY2(message.find("--memory") != std::string::npos, message.c_str());
    }

    void numbersThatAreNotFiniteAreReported()
    {
        GoldenModel golden = goldenLstm();
        auto& weights = std::get<LstmWeights<float>>(golden.model.weights);
        weights.layers[0].inputBias(1) = std::numeric_limits<float>::quiet_NaN();
        golden.model.name = "damaged";
        TextGeneration generation(packed(std::make_shared<const Model>(golden.model)), 3);
        const std::string message = messageOf([&] {
            generation.read(std::vector<TokenId> { 1, 2 });
        });
        QVERIFY2(message.find("\"damaged\"") != std::string::npos, message.c_str());
    }

    void stoppedItSaysSo()
    {
        std::stop_source stop;
        stop.request_stop();
        for (const ModelPointer& model : { smallPair().lstm, smallPair().attention }) {
            TextGeneration generation(packed(model), 20);
            QCOMPARE(generation.read(someTokens(10, 250), stop.get_token()), Outcome::Cancelled);
        }
    }

    void stoppedWhileItReadsItSaysSo()
    {
        for (const ModelPointer& model : { smallPair().lstm, smallPair().attention }) {
            TextGeneration generation(packed(model, kernelsNamed("reference")), 8000);
            std::stop_source source;
            std::jthread stopper([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(30));
                source.request_stop();
            });
            QCOMPARE(
                generation.read(someTokens(8000, 250), source.get_token()), Outcome::Cancelled);
        }
    }
};

QTEST_APPLESS_MAIN(TestTextGeneration)
#include "tst_text_generation.moc"
