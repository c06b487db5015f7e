// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/resource_folder.h"
#include "engine/text/utf8.h"
#include "engine/whole_file.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <set>
#include <string>

using namespace timestep;

/// What the Samples menu relies on: the index lists the texts that are there, each with a title and
/// a sentence.
class tst_Samples : public QObject
{
    Q_OBJECT

private slots:
    void indexListsEveryText();
};

void tst_Samples::indexListsEveryText()
{
    const std::filesystem::path folder = resourceFolder() / "samples";
    std::set<std::string> listed;
    for (const auto& sample : nlohmann::json::parse(readWholeFile(folder / "index.json"))) {
        const std::string file = sample["file"];
        QVERIFY2(listed.insert(file).second, file.c_str());
        QVERIFY2(!sample["title"].get<std::string>().empty(), file.c_str());
        QVERIFY2(sample["purpose"].get<std::string>().ends_with('.'), file.c_str());
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

QTEST_APPLESS_MAIN(tst_Samples)
#include "tst_samples.moc"
