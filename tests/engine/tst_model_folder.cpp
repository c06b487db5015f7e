// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/model/model_folder.h"
#include "engine/model/safetensors.h"
#include "engine/whole_file.h"
#include "tests/engine/golden_models.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <functional>
#include <map>

using namespace timestep;

namespace {

namespace fs = std::filesystem;

Model smallLstm() { return withByteVocabulary(goldenLstm().model); }
Model smallAttention() { return withByteVocabulary(goldenAttention().model); }

Model untied(Model model)
{
    auto& attention = std::get<AttentionWeights<float>>(model.weights);
    attention.head.setRandom(attention.embedding.rows(), attention.embedding.cols());
    model.shape.tied = false;
    return model;
}

Model tied(Model model)
{
    auto& lstm = std::get<LstmWeights<float>>(model.weights);
    model.shape.embedding = model.shape.width;
    model.shape.tied = true;
    lstm.embedding.setRandom(model.shape.vocabulary, model.shape.width);
    lstm.layers[0].input.setRandom(4 * model.shape.width, model.shape.width);
    lstm.head.resize(0, 0);
    return model;
}

Model withSinusoids(Model model)
{
    std::get<AttentionWeights<float>>(model.weights).positions.resize(0, 0);
    model.shape.context = 16384;
    return model;
}

template <typename Scalar>
bool same(const LstmWeights<Scalar>& a, const LstmWeights<Scalar>& b)
{
    return a.embedding == b.embedding && a.head == b.head && a.headBias == b.headBias
        && std::ranges::equal(a.layers, b.layers, [](const auto& x, const auto& y) {
               return x.input == y.input && x.recurrent == y.recurrent && x.inputBias == y.inputBias
                   && x.recurrentBias == y.recurrentBias;
           });
}

template <typename Scalar>
bool same(const AttentionWeights<Scalar>& a, const AttentionWeights<Scalar>& b)
{
    return a.embedding == b.embedding && a.positions == b.positions && a.head == b.head
        && a.finalNormGain == b.finalNormGain && a.finalNormBias == b.finalNormBias
        && std::ranges::equal(a.layers, b.layers, [](const auto& x, const auto& y) {
               return x.attentionNormGain == y.attentionNormGain
                   && x.attentionNormBias == y.attentionNormBias
                   && x.queryKeyValue == y.queryKeyValue
                   && x.queryKeyValueBias == y.queryKeyValueBias && x.projection == y.projection
                   && x.projectionBias == y.projectionBias
                   && x.feedForwardNormGain == y.feedForwardNormGain
                   && x.feedForwardNormBias == y.feedForwardNormBias && x.expand == y.expand
                   && x.expandBias == y.expandBias && x.contract == y.contract
                   && x.contractBias == y.contractBias;
           });
}

bool sameWeights(const Model& a, const Model& b)
{
    if (const auto* lstm = std::get_if<LstmWeights<float>>(&a.weights))
        return same(*lstm, std::get<LstmWeights<float>>(b.weights));
    return same(
        std::get<AttentionWeights<float>>(a.weights), std::get<AttentionWeights<float>>(b.weights));
}

/// The tensors of a folder, to be changed and written back.
class Tensors
{
public:
    struct Tensor
    {
        std::vector<std::uint64_t> shape;
        std::vector<float> numbers;
    };

    std::map<std::string, Tensor> byName;

    void add(const std::string& name, std::vector<std::uint64_t> shape)
    {
        std::uint64_t size = 1;
        for (const std::uint64_t each : shape)
            size *= each;
        byName[name] = { std::move(shape), std::vector<float>(size, 0.5F) };
    }

    void rename(const std::function<std::string(const std::string&)>& newName)
    {
        std::map<std::string, Tensor> renamed;
        for (auto& [name, tensor] : byName)
            renamed[newName(name)] = std::move(tensor);
        byName = std::move(renamed);
    }

    void write(const fs::path& file) const
    {
        std::vector<NamedTensor> tensors;
        for (const auto& [name, tensor] : byName)
            tensors.push_back({ name, tensor.shape, tensor.numbers });
        writeSafetensors(file, tensors);
    }
};

/// Of the small models: their names and shapes as the documentation of the format lists them.
Tensors lstmTensors()
{
    Tensors tensors; // V 258, E 3, H 4, 2 layers
    tensors.add("embedding.weight", { 258, 3 });
    for (const auto& [suffix, inputs] : { std::pair("_l0", 3U), std::pair("_l1", 4U) }) {
        tensors.add(std::string("lstm.weight_ih") + suffix, { 16, inputs });
        tensors.add(std::string("lstm.weight_hh") + suffix, { 16, 4 });
        tensors.add(std::string("lstm.bias_ih") + suffix, { 16 });
        tensors.add(std::string("lstm.bias_hh") + suffix, { 16 });
    }
    tensors.add("head.weight", { 258, 4 });
    tensors.add("head.bias", { 258 });
    return tensors;
}

Tensors attentionTensors()
{
    Tensors tensors; // V 258, D 6, 2 layers, context 5
    tensors.add("wte.weight", { 258, 6 });
    tensors.add("wpe.weight", { 5, 6 });
    for (const std::string block : { "h.0.", "h.1." }) {
        for (const char* name : { "ln_1.weight", "ln_1.bias", "attn.c_proj.bias", "ln_2.weight",
                 "ln_2.bias", "mlp.c_proj.bias" })
            tensors.add(block + name, { 6 });
        tensors.add(block + "attn.c_attn.weight", { 6, 18 });
        tensors.add(block + "attn.c_attn.bias", { 18 });
        tensors.add(block + "attn.c_proj.weight", { 6, 6 });
        tensors.add(block + "mlp.c_fc.weight", { 6, 24 });
        tensors.add(block + "mlp.c_fc.bias", { 24 });
        tensors.add(block + "mlp.c_proj.weight", { 24, 6 });
    }
    tensors.add("ln_f.weight", { 6 });
    tensors.add("ln_f.bias", { 6 });
    return tensors;
}

constexpr const char* lstmConfig = R"({"model_type": "lstm", "vocab_size": 258,
    "embedding_size": 3, "hidden_size": 4, "num_layers": 2})";
constexpr const char* attentionConfig = R"({"model_type": "gpt2", "vocab_size": 258,
    "n_positions": 5, "n_embd": 6, "n_layer": 2, "n_head": 2, "activation_function": "gelu_new",
    "layer_norm_epsilon": 1e-05})";

QString replaced(const char* config, const char* before, const char* after)
{
    return QString(config).replace(before, after);
}

} // namespace

class TestModelFolder : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_folder;

    void write(const QString& config, const Tensors& tensors) const
    {
        Vocabulary::fromMerges({})->save(m_folder);
        writeWholeFile(m_folder / "config.json", config.toStdString());
        tensors.write(m_folder / "model.safetensors");
    }

    QString errorOfLoading() const
    {
        try {
            loadModel(m_folder);
        } catch (const Error& error) {
            return error.what();
        }
        return "no error";
    }

private slots:
    void init()
    {
        m_folder = fs::path(m_temporary.path().toStdString()) / "some-model";
        fs::remove_all(m_folder);
        fs::create_directory(m_folder);
    }

    void whatIsSavedIsLoaded_data()
    {
        QTest::addColumn<ModelPointer>("model");
        const auto row = [](const char* name, Model model) {
            QTest::newRow(name) << std::make_shared<const Model>(std::move(model));
        };
        row("lstm", smallLstm());
        row("tied lstm", tied(smallLstm()));
        row("attention", smallAttention());
        row("untied attention", untied(smallAttention()));
        row("attention with sinusoids", withSinusoids(smallAttention()));
    }
    void whatIsSavedIsLoaded()
    {
        QFETCH(const ModelPointer, model);
        fs::remove(m_folder); // to be made
        saveModel(*model, m_folder);
        QCOMPARE(std::distance(fs::directory_iterator(m_folder), {}), 4);
        const ModelPointer loaded = loadModel(m_folder);
        QCOMPARE(loaded->shape, model->shape);
        QVERIFY(sameWeights(*loaded, *model));
        QVERIFY(*loaded->vocabulary == *model->vocabulary);
        QCOMPARE(loaded->parameters(), model->parameters());
        QCOMPARE(loaded->warnings.size(), 0U);
        QCOMPARE(loaded->name, std::string("some-model"));
        QCOMPARE(fs::path(loaded->origin), fs::canonical(m_folder));
        QVERIFY(!loaded->untrained());
    }

    /// What is in half precision already stays as it is, whichever way it is saved.
    void halvesAreSavedAndLoaded_data() { whatIsSavedIsLoaded_data(); }
    void halvesAreSavedAndLoaded()
    {
        QFETCH(const ModelPointer, model);
        saveModel(*model, m_folder, NumberFormat::F16);
        const auto size = fs::file_size(m_folder / "model.safetensors");
        const ModelPointer rounded = loadModel(m_folder);
        QCOMPARE(rounded->shape, model->shape);
        saveModel(*rounded, m_folder);
        QVERIFY(fs::file_size(m_folder / "model.safetensors")
            >= size + 2 * static_cast<std::uintmax_t>(model->parameters()) - 16);
        QVERIFY(sameWeights(*loadModel(m_folder), *rounded));
    }

    void foldersThatOthersWrite_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<Tensors>("tensors");
        QTest::addColumn<qint64>("parameters");
        const qint64 lstm = 258 * 3 + 16 * (3 + 4 + 2) + 16 * (4 + 4 + 2) + 258 * 4 + 258;
        const qint64 attention = 258 * 6 + 5 * 6 + 2 * (12 * 36 + 13 * 6) + 2 * 6;
        QTest::newRow("lstm") << QString(lstmConfig) << lstmTensors() << lstm;
        QTest::newRow("gpt2") << QString(attentionConfig) << attentionTensors() << attention;

        Tensors prefixed = attentionTensors();
        prefixed.rename([](const std::string& name) { return "transformer." + name; });
        prefixed.add("transformer.h.0.attn.bias", { 1, 1, 5, 5 });
        prefixed.add("transformer.h.1.attn.masked_bias", {});
        QTest::newRow("transformer. and masks")
            << QString(attentionConfig) << prefixed << attention;

        Tensors withHead = prefixed;
        withHead.add("lm_head.weight", { 258, 6 });
        QTest::newRow("untied head") << QString(attentionConfig) << withHead << attention + 258 * 6;

        QTest::newRow("keys of other programs, nested and null")
            << replaced(attentionConfig, R"("n_head": 2)",
                   R"("n_head": 2, "n_inner": null, "n_ctx": 5, "task_specific_params":
                   {"text-generation": {"do_sample": true, "max_length": [50, [1]]}})")
            << attentionTensors() << attention;

        Tensors both = lstmTensors();
        both.add("embedding.weight", { 258, 4 });
        both.add("lstm.weight_ih_l0", { 16, 4 });
        QTest::newRow("tied lstm under both names") << replaced(lstmConfig,
            R"("embedding_size": 3)", R"("embedding_size": 4, "tie_word_embeddings": true)")
                                                    << both << qint64(258 * 4 + 2 * 16 * 10 + 258);
    }
    void foldersThatOthersWrite()
    {
        QFETCH(const QString, config);
        QFETCH(const Tensors, tensors);
        QFETCH(const qint64, parameters);
        write(config, tensors);
        const ModelPointer model = loadModel(m_folder / ""); // with a slash at the end too
        QCOMPARE(model->parameters(), parameters);
        QCOMPARE(model->name, std::string("some-model"));
        QCOMPARE(model->warnings.size(), 0U);
    }

    void windowsAreReadAndWritten_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("window");
        QTest::newRow("absent") << "" << 0;
        QTest::newRow("null") << R"(, "sliding_window": null)" << 0;
        QTest::newRow("1") << R"(, "sliding_window": 1)" << 1;
        QTest::newRow("longer than the context") << R"(, "sliding_window": 4096)" << 4096;
    }
    void windowsAreReadAndWritten()
    {
        QFETCH(const QString, key);
        QFETCH(const int, window);
        write(replaced(attentionConfig, R"("n_head": 2)", qPrintable(R"("n_head": 2)" + key)),
            attentionTensors());
        const ModelPointer model = loadModel(m_folder);
        QCOMPARE(model->shape.attentionWindow, window);
        saveModel(*model, m_folder);
        QCOMPARE(loadModel(m_folder)->shape, model->shape);
        const std::string written = readWholeFile(m_folder / "config.json");
        QCOMPARE(written.find("sliding_window") != std::string::npos, window > 0);
    }

    /// PyTorch keeps the gates' matrices (out x in), GPT-2 its own (in x out): not to be mixed up.
    void numbersKeepTheirPlaces()
    {
        Tensors tensors = attentionTensors();
        tensors.byName["h.1.attn.c_attn.weight"].numbers[1 * 18 + 17] = 42;
        write(attentionConfig, tensors);
        const auto attention = std::get<AttentionWeights<float>>(loadModel(m_folder)->weights);
        QCOMPARE(attention.layers[1].queryKeyValue(1, 17), 42.0F);

        tensors = lstmTensors();
        tensors.byName["lstm.weight_ih_l0"].numbers[15 * 3 + 2] = 43;
        write(lstmConfig, tensors);
        const auto lstm = std::get<LstmWeights<float>>(loadModel(m_folder)->weights);
        QCOMPARE(lstm.layers[0].input(15, 2), 43.0F);
    }

    void unknownTensorsAreNamedInAWarning()
    {
        Tensors tensors = lstmTensors();
        tensors.add("lstm.weight_hr_l0", { 2, 4 });
        tensors.add("h.0.attn.bias", { 1 }); // a mask of another kind of model
        write(lstmConfig, tensors);
        const ModelPointer model = loadModel(m_folder);
        QCOMPARE(model->warnings.size(), 1U);
        QVERIFY(model->warnings[0].find("lstm.weight_hr_l0") != std::string::npos);
    }

    void countlessUnknownTensorsAreCounted()
    {
        Tensors tensors = lstmTensors();
        for (int i = 0; i < 50; ++i)
            tensors.add("more." + std::to_string(i), { 1 });
        write(lstmConfig, tensors);
        const ModelPointer model = loadModel(m_folder);
        QCOMPARE(model->warnings.size(), 6U);
        QVERIFY(model->warnings.back().find("45 more") != std::string::npos);
    }

    void wrongConfigsAreRefused_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("says");
        const auto gpt2
            = [](const char* name, const char* before, const char* after, const char* says) {
                  QTest::newRow(name) << replaced(attentionConfig, before, after) << says;
              };
        const auto lstm
            = [](const char* name, const char* before, const char* after, const char* says) {
                  QTest::newRow(name) << replaced(lstmConfig, before, after) << says;
              };
        QTest::newRow("empty") << ""
                               << "not valid JSON";
        QTest::newRow("broken") << R"({"model_type": )"
                                << "not valid JSON";
        QTest::newRow("a list") << "[]"
                                << "not a JSON object";
        QTest::newRow("deep") << QString(R"({"a": )") + QString("[").repeated(900'000)
                              << "nested deeper";
        QTest::newRow("long") << "{" + QString(" ").repeated(1 << 20) << "expected at most 1048576";
        gpt2("another model", R"("gpt2")", R"("llama")",
            R"(expected "gpt2" or "lstm", found "llama")");
        gpt2("no kind", R"("model_type": "gpt2",)", "", "\"model_type\": expected");
        gpt2("a key twice", R"("n_head": 2)", R"("n_head": 2, "n_head": 3)",
            "n_head is there twice");
        gpt2("missing key", R"("n_head": 2,)", "", "\"n_head\": expected a whole number");
        gpt2("no heads", R"("n_head": 2)", R"("n_head": 0)", "found 0");
        gpt2("heads that do not divide", R"("n_head": 2)", R"("n_head": 4)",
            "\"n_head\": expected a divisor of \"n_embd\", 6, found 4");
        gpt2("negative width", R"("n_embd": 6)", R"("n_embd": -6)", "found -6");
        gpt2("huge width", R"("n_embd": 6)", R"("n_embd": 4294967302)", "found 4294967302");
        gpt2("width a text", R"("n_embd": 6)", R"("n_embd": "6")", "found \"6\"");
        gpt2("broken width", R"("n_embd": 6)", R"("n_embd": 6.5)", "found 6.5");
        gpt2("no layers", R"("n_layer": 2)", R"("n_layer": 0)", "\"n_layer\"");
        gpt2("a million layers", R"("n_layer": 2)", R"("n_layer": 1000000)", "\"n_layer\"");
        gpt2("no positions", R"("n_positions": 5)", R"("n_positions": 0)", "\"n_positions\"");
        gpt2("relu", "gelu_new", "relu",
            R"("activation_function": expected "gelu_new", found "relu")");
        gpt2("narrow MLP", R"("n_head": 2)", R"("n_head": 2, "n_inner": 12)",
            "expected 24, found 12");
        gpt2("negative epsilon", "1e-05", "-1e-05", "\"layer_norm_epsilon\"");
        gpt2("infinite epsilon", "1e-05", "1e999", "not valid JSON");
        gpt2("unknown positions", R"("n_head": 2)",
            R"("n_head": 2, "position_embedding_type": "rotary")", "found \"rotary\"");
        gpt2("no window", R"("n_head": 2)", R"("n_head": 2, "sliding_window": 0)",
            "\"sliding_window\": expected a whole number from 1 to 16777216, found 0");
        gpt2("negative window", R"("n_head": 2)", R"("n_head": 2, "sliding_window": -4)",
            "\"sliding_window\": expected a whole number");
        gpt2("broken window", R"("n_head": 2)", R"("n_head": 2, "sliding_window": 2.5)",
            "found 2.5");
        gpt2("window a text", R"("n_head": 2)", R"("n_head": 2, "sliding_window": "4")",
            "found \"4\"");
        gpt2("fewer rows than ids", "258", "256", "expected at least 257");
        lstm("missing width", R"("hidden_size": 4,)", "", "\"hidden_size\"");
        lstm("tie that is no truth value", R"("num_layers": 2)",
            R"("num_layers": 2, "tie_word_embeddings": 1)", "expected true or false, found 1");
        lstm("tied with unequal sizes", R"("num_layers": 2)",
            R"("num_layers": 2, "tie_word_embeddings": true)", "\"embedding_size\": expected 4");
        gpt2("another width than the tensors'", R"("n_embd": 6)", R"("n_embd": 8)",
            "tensor wte.weight: expected shape [258, 8], found [258, 6]");
        gpt2("more layers than tensors", R"("n_layer": 2)", R"("n_layer": 4096)",
            "tensor h.2.ln_1.weight: expected shape [6], found no such tensor");
        lstm("more layers than there are", R"("num_layers": 2)", R"("num_layers": 3)",
            "tensor lstm.weight_ih_l2: expected shape [16, 4], found no such tensor");
    }
    void wrongConfigsAreRefused()
    {
        QFETCH(const QString, config);
        QFETCH(const QString, says);
        write(config, config.contains("lstm") ? lstmTensors() : attentionTensors());
        const QString said = errorOfLoading();
        QVERIFY2(said.contains(says), qPrintable("said: " + said));
        QVERIFY2(said.contains(QString::fromStdString(m_folder.string())), qPrintable(said));
        QVERIFY2(!said.contains('\n'), qPrintable(said));
    }

    void everyTensorIsAskedFor_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<Tensors>("tensors");
        QTest::newRow("lstm") << QString(lstmConfig) << lstmTensors();
        QTest::newRow("gpt2") << QString(attentionConfig) << attentionTensors();
    }
    void everyTensorIsAskedFor()
    {
        QFETCH(const QString, config);
        QFETCH(const Tensors, tensors);
        for (const auto& [name, tensor] : tensors.byName) {
            Tensors missing = tensors;
            missing.byName.erase(name);
            write(config, missing);
            const QString wanted = "tensor " + QString::fromStdString(name) + ": expected shape [";
            QVERIFY2(errorOfLoading().contains(wanted), qPrintable(errorOfLoading()));

            Tensors reshaped = tensors;
            reshaped.byName[name].shape.insert(reshaped.byName[name].shape.begin(), 1);
            write(config, reshaped);
            QVERIFY2(errorOfLoading().contains(wanted), qPrintable(errorOfLoading()));
        }
    }

    void tensorUnderTwoNamesIsRefused()
    {
        Tensors tensors = attentionTensors();
        tensors.add("transformer.ln_f.bias", { 6 });
        write(attentionConfig, tensors);
        QVERIFY2(
            errorOfLoading().contains("ln_f.bias is there twice"), qPrintable(errorOfLoading()));
    }

    void tiedHeadWithOtherNumbersIsRefused()
    {
        Tensors tensors = lstmTensors();
        tensors.add("embedding.weight", { 258, 4 });
        tensors.add("lstm.weight_ih_l0", { 16, 4 });
        tensors.byName["head.weight"].numbers[7] = 8;
        write(replaced(lstmConfig, R"("embedding_size": 3)",
                  R"("embedding_size": 4, "tie_word_embeddings": true)"),
            tensors);
        QVERIFY2(errorOfLoading().contains("tensor head.weight"), qPrintable(errorOfLoading()));
    }

    void missingFilesAreNamed_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file : { "config.json", "model.safetensors", "vocab.json", "merges.txt" })
            QTest::newRow(file) << file;
    }
    void missingFilesAreNamed()
    {
        QFETCH(const QString, file);
        write(lstmConfig, lstmTensors());
        fs::remove(m_folder / file.toStdString());
        QVERIFY2(errorOfLoading().contains(file + ": no such file; a model folder holds "),
            qPrintable(errorOfLoading()));
    }

    void noFolderIsNamed()
    {
        fs::remove_all(m_folder);
        QVERIFY2(errorOfLoading().contains("some-model"), qPrintable(errorOfLoading()));
    }

    void savingWhereNothingCanBeWrittenIsAnError()
    {
        writeWholeFile(m_folder / "file", "");
        QVERIFY_EXCEPTION_THROWN(saveModel(smallLstm(), m_folder / "file"), Error);
    }
};

QTEST_APPLESS_MAIN(TestModelFolder)
#include "tst_model_folder.moc"
