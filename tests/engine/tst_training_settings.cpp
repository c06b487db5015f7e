// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/training/training_settings.h"

#include <QTest>

#include <string>

using namespace timestep;

namespace {

TrainingSettings someSettings()
{
    TrainingSettings settings;
    settings.model.layers = 2;
    settings.model.width = settings.model.embedding = 24;
    return settings;
}

} // namespace

class TestTrainingSettings : public QObject
{
    Q_OBJECT

private slots:
    void whatIsDroppedIsKept()
    {
        TrainingSettings settings = someSettings();
        settings.trainer.dropout = 0.1;
        settings.trainer.seed = 77;
        const TrainingSettings read
            = parseTrainingSettings(formatTrainingSettings(settings), "here");
        QCOMPARE(read.trainer.dropout, 0.1);
        QCOMPARE(read.trainer.seed, std::uint64_t { 77 });
    }

    void whatARecallPromptAsksIsKept()
    {
        TrainingSettings settings = someSettings();
        settings.task = TrainingTask::Recall;
        settings.start = Start::Mimetic;
        settings.recall = { .minPairs = 2,
            .maxPairs = 9,
            .keys = RecallKeys::OneLetter,
            .questions = 4,
            .targets = RecallTargets::AllTokens };
        const TrainingSettings whole
            = parseTrainingSettings(formatTrainingSettings(settings), "here");
        QCOMPARE(whole.start, Start::Mimetic);
        const RecallSettings& read = whole.recall;
        QCOMPARE(read.minPairs, 2);
        QCOMPARE(read.maxPairs, 9);
        QCOMPARE(read.keys, RecallKeys::OneLetter);
        QCOMPARE(read.questions, 4);
        QCOMPARE(read.targets, RecallTargets::AllTokens);
    }

    void theWindowIsReadBackAndMayBeAbsent()
    {
        TrainingSettings settings = someSettings();
        const std::string before = formatTrainingSettings(settings);
        QVERIFY(before.find("attention_window") == std::string::npos);
        QCOMPARE(parseTrainingSettings(before, "here").model.attentionWindow, 0);
        settings.model.attentionWindow = 48;
        QCOMPARE(
            parseTrainingSettings(formatTrainingSettings(settings), "here").model.attentionWindow,
            48);
        for (const char* wrong : { "-3", "0.5", "\"48\"", "1048577" }) {
            std::string text = formatTrainingSettings(settings);
            const std::string key = "\"attention_window\":";
            text.replace(text.find(key), key.size() + 2, key + wrong);
            QVERIFY_EXCEPTION_THROWN(parseTrainingSettings(text, "here"), Error);
        }
    }

    void aMissingKeyIsNamed()
    {
        std::string text = formatTrainingSettings(someSettings());
        text.replace(text.find("\"dropout\""), 9, "\"dropped\"");
        try {
            parseTrainingSettings(text, "here");
            QFAIL("settings without dropout");
        } catch (const Error& error) {
            QVERIFY(QString::fromUtf8(error.what()).startsWith("here"));
            QVERIFY(QString::fromUtf8(error.what()).contains("\"dropout\""));
        }
    }

    void sizesThatCannotBeAreRefused()
    {
        TrainingSettings settings = someSettings();
        settings.model.width = -3;
        QVERIFY_EXCEPTION_THROWN(
            parseTrainingSettings(formatTrainingSettings(settings), "here"), Error);
    }
};

QTEST_APPLESS_MAIN(TestTrainingSettings)
#include "tst_training_settings.moc"
