// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/bundled_models.h"
#include "engine/model/open_models.h"
#include "engine/resource_folder.h"
#include "engine/text/utf8.h"
#include "engine/whole_file.h"
#include "tests/engine/biased_lstm.h"
#include "tests/engine/sample_claims.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <set>
#include <string>

using namespace timestep;
using nlohmann::json;

/// What the Samples menu relies on: the index lists the texts that are there, each with a title and
/// a sentence, for pairs that are there; and the models do what is claimed of them.
class tst_Samples : public QObject
{
    Q_OBJECT

private slots:
    void indexListsEveryText();
    void claimsAreSo_data();
    void claimsAreSo();
    void claimsAreChecked_data();
    void claimsAreChecked();
};

void tst_Samples::indexListsEveryText()
{
    const std::filesystem::path folder = resourceFolder() / "samples";
    std::set<std::string> listed;
    for (const auto& sample : json::parse(readWholeFile(folder / "index.json"))) {
        const std::string file = sample["file"];
        QVERIFY2(listed.insert(file).second, file.c_str());
        QVERIFY2(!sample["title"].get<std::string>().empty(), file.c_str());
        QVERIFY2(sample["purpose"].get<std::string>().ends_with('.'), file.c_str());
        QVERIFY2(!sample.contains("pair")
                || BundledModels::ofProgram().pair(sample["pair"].get<std::string>()),
            file.c_str());
        const std::string text = readWholeFile(folder / file);
        QVERIFY2(!text.empty() && text.back() != '\n', file.c_str());
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = characterLength(std::string_view(text).substr(at));
            QVERIFY2(length > 0, file.c_str());
            at += length;
        }
    }
    std::set<std::string> present;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".txt")
            present.insert(entry.path().filename().string());
    }
    QVERIFY(listed == present);
}

void tst_Samples::claimsAreSo_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QByteArray>("claim");
    const std::filesystem::path folder = resourceFolder() / "samples";
    int claims = 0;
    for (const auto& sample : json::parse(readWholeFile(folder / "index.json"))) {
        const std::string file = sample["file"];
        for (const json& claim : sample.value("claims", json::array())) {
            // Of no model: of both of the pair.
            const BundledPair* const pair
                = BundledModels::ofProgram().pair(sample.value("pair", "untrained"));
            const std::vector<std::string> models = claim.contains("model")
                ? std::vector<std::string> { claim["model"] }
                : std::vector<std::string> { pair->lstm, pair->attention };
            for (const std::string& model : models)
                QTest::addRow("%s %d %s", file.c_str(), ++claims, model.c_str())
                    << QString::fromStdString(file) << QString::fromStdString(model)
                    << QByteArray::fromStdString(claim.dump());
        }
    }
    if (claims == 0)
        QTest::newRow("nothing is claimed") << QString() << QString() << QByteArray();
}

void tst_Samples::claimsAreSo()
{
    QFETCH(const QString, file);
    QFETCH(const QString, model);
    QFETCH(const QByteArray, claim);
    if (claim.isEmpty())
        QSKIP("nothing is claimed of any text");
    const std::string text = readWholeFile(resourceFolder() / "samples" / file.toStdString());
    const ModelPointer opened = openModels({ model.toStdString() }, 1).front();
    const ClaimCheck check = checkClaim(opened, text, json::parse(claim.toStdString()));
    QVERIFY2(check.so, (claim.toStdString() + ": found " + check.found).c_str());
}

void tst_Samples::claimsAreChecked_data()
{
    QTest::addColumn<QByteArray>("claim");
    QTest::addColumn<bool>("so");
    const auto row
        = [](const char* claim, bool so) { QTest::newRow(claim) << QByteArray(claim) << so; };
    row(R"({"predicts": "7"})", true);
    row(R"({"predicts": "777"})", true);
    row(R"({"predicts": "71"})", false);
    row(R"({"predicts_not": "7"})", false);
    row(R"({"predicts_not": "1"})", true);
    row(R"({"likelier": ["71", "11"]})", true);
    row(R"({"likelier": ["1", "7"]})", false);
    row(R"({"likelier": ["1", "1"]})", false);
    row(R"({"loss_falls": [[0, 4], [4, 8]]})", true);
    row(R"({"loss_falls": [[4, 8], [0, 4]]})", false);
    row(R"({"loss_falls": [[0, 4], [8, 12]]})", false); // nothing is there
}

/// The check itself, with an LSTM that expects a 7 wherever it is.
void tst_Samples::claimsAreChecked()
{
    QFETCH(const QByteArray, claim);
    QFETCH(const bool, so);
    QCOMPARE(checkClaim(biasedLstm("7"), "11117777", json::parse(claim.toStdString())).so, so);
}

QTEST_GUILESS_MAIN(tst_Samples)
#include "tst_samples.moc"
