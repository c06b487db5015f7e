// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/bundled_models.h"
#include "engine/model/open_models.h"
#include "engine/resource_folder.h"
#include "engine/whole_file.h"
#include "tests/engine/biased_lstm.h"
#include "tests/engine/model_figures.h"

#include <QTest>

#include <filesystem>
#include <set>

using namespace timestep;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

fs::path modelsFolder() { return resourceFolder() / "models"; }

json figures()
{
    const fs::path file = modelsFolder() / "figures.json";
    return fs::exists(file) ? json::parse(readWholeFile(file)) : json::array();
}

} // namespace

/// Whether the trained models that come with the program are what they are said to be.
class TestShippedModels : public QObject
{
    Q_OBJECT

private slots:
    void everyModelIsWhole()
    {
        std::set<std::string> listed;
        std::uintmax_t bytes = 0;
        for (const BundledModel& bundled : BundledModels::ofProgram().models()) {
            if (bundled.folder.empty())
                continue;
            listed.insert(bundled.name);
            const ModelPointer model = openBundledModel(bundled, 1);
            QVERIFY2(model->warnings.empty(), bundled.name.c_str());
            QVERIFY2(model->bundled() && !model->untrained(), bundled.name.c_str());
            QVERIFY2(bundled.sentence.ends_with('.'), bundled.name.c_str());
            QVERIFY2(!readWholeFile(bundled.folder / "README.md").empty(), bundled.name.c_str());
            QVERIFY2(!fs::exists(bundled.folder / "vocab.json"), bundled.name.c_str());
            const std::uintmax_t size = fs::file_size(bundled.folder / "model.safetensors");
            const auto halves = 2 * static_cast<std::uintmax_t>(model->parameters());
            QVERIFY2(size > halves && size < halves + halves / 2 + 8192, bundled.name.c_str());
            bytes += size;
        }
        QVERIFY2(bytes <= 12'000'000, std::to_string(bytes).c_str());
        for (const auto& entry : fs::directory_iterator(modelsFolder()))
            QVERIFY2(!entry.is_directory() || listed.contains(entry.path().filename().string()),
                entry.path().c_str());
    }

    /// Whatever differs between the two of a pair, it is not how many numbers they have.
    void pairsHaveEqualParameters()
    {
        const BundledModels& bundled = BundledModels::ofProgram();
        for (const BundledPair& pair : bundled.pairs()) {
            QVERIFY2(pair.sentence.ends_with('.'), pair.name.c_str());
            const std::vector<ModelPointer> models = openModels({ pair.name }, 1);
            const auto lstm = static_cast<double>(models[0]->parameters());
            const auto attention = static_cast<double>(models[1]->parameters());
            QVERIFY2(
                std::abs(lstm - attention) <= 0.05 * std::max(lstm, attention), pair.name.c_str());
        }
    }

    void figuresAreSo_data()
    {
        QTest::addColumn<QByteArray>("figure");
        std::map<std::string, int> rows;
        for (const json& figure : figures()) {
            const std::string name = figure.at("model");
            QTest::addRow("%s %d", name.c_str(), ++rows[name])
                << QByteArray::fromStdString(figure.dump());
        }
        for (const BundledModel& model : BundledModels::ofProgram().models())
            if (!model.folder.empty() && rows[model.name] == 0)
                QTest::addRow("%s has none", model.name.c_str()) << QByteArray();
        if (rows.empty())
            QTest::newRow("there are no models") << QByteArray("{}");
    }
    void figuresAreSo()
    {
        QFETCH(const QByteArray, figure);
        QVERIFY2(!figure.isEmpty(), "a trained model without a figure in figures.json");
        if (figure == "{}")
            QSKIP("no trained models are there");
        const json claimed = json::parse(figure.toStdString());
        const ModelPointer model = openModels({ claimed.at("model") }, 1).front();
        QVERIFY(model->bundled());
        const double computed = computedFigure(model, claimed);
        QVERIFY2(figureAgrees(computed, claimed),
            qPrintable(QStringLiteral("computed %1, claimed %2")
                           .arg(computed, 0, 'f', 5)
                           .arg(claimedFigure(claimed), 0, 'f', 5)));
    }

    /// The check itself: what a model that knows nothing must come to.
    void figuresAreComputed()
    {
        const double even = std::log2(Vocabulary::singleBytes()->size());
        const auto text = [](double bits) {
            return json { { "text", "some bytes" }, { "bits_per_byte", bits },
                { "tolerance", 0.001 } };
        };
        const double computed = computedFigure(biasedLstm(""), text(0));
        QVERIFY(figureAgrees(computed, text(even)));
        QVERIFY(!figureAgrees(computed, text(even + 0.01)));
        QVERIFY(!figureAgrees(computed, text(even - 0.01)));

        // Of 64 answers about as many are a seven as of any digits.
        const json recall
            = { { "recall",
                    { { "min_pairs", 1 }, { "max_pairs", 4 }, { "prompts", 64 }, { "seed", 1 } } },
                  { "share_right", 0.1 }, { "tolerance", 0.1 } };
        const double sevens = computedFigure(biasedLstm("7"), recall);
        QVERIFY2(sevens > 0 && figureAgrees(sevens, recall), std::to_string(sevens).c_str());
        QCOMPARE(computedFigure(biasedLstm("x"), recall), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestShippedModels)
#include "tst_shipped_models.moc"
