// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/printable_text.h"
#include "engine/text/tokenizer.h"
#include "engine/whole_file.h"

#include <QByteArray>
#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

using namespace timestep;

/// The same tokens as GPT-2's own way of working gives (tests/golden/tokenizer), for odd texts.
class tst_TokenizerGolden : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithGpt2();
};

void tst_TokenizerGolden::agreesWithGpt2()
{
    const std::filesystem::path folder = std::filesystem::path(TIMESTEP_TEST_DATA) / "tokenizer";
    const Tokenizer tokenizer(Vocabulary::load(folder));
    const auto cases = nlohmann::json::parse(readWholeFile(folder / "cases.json"));
    QVERIFY(!cases.empty());
    for (const auto& expected : cases) {
        const std::string text
            = QByteArray::fromHex(QByteArray::fromStdString(expected["text"])).toStdString();
        std::vector<TokenId> ids;
        std::vector<std::size_t> lengths;
        for (const Token& token : tokenizer.encode(text)) {
            ids.push_back(token.id);
            lengths.push_back(token.end - token.begin);
        }
        const std::string shown = printableText(text);
        QVERIFY2(ids == expected["ids"].get<std::vector<TokenId>>(), shown.c_str());
        QVERIFY2(lengths == expected["lengths"].get<std::vector<std::size_t>>(), shown.c_str());
    }
}

QTEST_APPLESS_MAIN(tst_TokenizerGolden)
#include "tst_tokenizer_golden.moc"
