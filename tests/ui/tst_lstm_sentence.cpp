// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/tokenizer.h"
#include "tests/ui/lstm_test_run.h"
#include "ui/models/next_tokens.h"
#include "ui/views/lstm_sentence.h"

#include <QtTest>

using namespace timestep;

namespace {

LstmPicturePointer pictureOf(
    const std::vector<std::string>& words, const std::string& origin = "models/a")
{
    return LstmPicture::of(runWithGates(words, 2, 9, origin), 1, UnitOrder::Number);
}

StepMemory memoryOf(const LstmPicturePointer& picture, int step)
{
    const GateRecording& gates = picture->recording().gates[size_t(picture->layer)];
    return { picture, step, cellContent(gates, step), retention(gates, step) };
}

const std::vector<std::string> Words { "Ann", "has", "the", "red", "key" };

/// Of a recall prompt of single bytes: its question asked after some steps.
AskedEarly askedAt(const LstmPicture& picture, const std::vector<std::pair<int, double>>& lstm)
{
    auto found = std::make_shared<QuestionFound>();
    const Tokenizer tokenizer(picture.run->lstm->model->vocabulary);
    found->request.question = { 3, tokenizer.encode("7").front().id };
    for (const auto& [step, probability] : lstm) {
        EarlyAnswer answer;
        answer.step = step;
        answer.probability = probability;
        found->lstm.push_back(answer);
        found->attention.push_back(answer);
    }
    return AskedEarly::of(found, picture);
}

} // namespace

class LstmSentenceTest : public QObject
{
    Q_OBJECT
private slots:
    void anEmptyTextAsksForOne()
    {
        const auto picture = LstmPicture::of(nullptr, 0, UnitOrder::Number);
        QVERIFY(lstmSentence(*picture, nullptr, {}).startsWith("Type a text"));
    }

    void oneTokenHasNothingToForget()
    {
        const auto picture = pictureOf({ "Ann" });
        const StepMemory memory = memoryOf(picture, 0);
        QVERIFY(lstmSentence(*picture, &memory, {}).startsWith("A single token"));
    }

    void anUntrainedModelIsSaidToBe()
    {
        const auto picture = pictureOf(Words, "untrained, seed 1");
        const StepMemory memory = memoryOf(picture, 4);
        const QString sentence = lstmSentence(*picture, &memory, {});
        QVERIFY(sentence.startsWith("Untrained"));
        const double mean = picture->values(LstmQuantity::Forget).mean();
        QVERIFY(sentence.contains(QString::number(mean, 'f', 2)));
    }

    void untilItIsKnownNothingIsSaid()
    {
        QVERIFY(lstmSentence(*pictureOf(Words), nullptr, {}).isEmpty());
    }

    void whatIsLeftOfAStepIsItsRetention()
    {
        const auto picture = pictureOf(Words);
        const StepMemory memory = memoryOf(picture, 1);
        const QString sentence = lstmSentence(*picture, &memory, {});
        QVERIFY2(sentence.contains(QStringLiteral("“has” wrote into layer 2, %1 is left 3 tokens")
                                       .arg(percentText(memory.retention.kept.back()))),
            qPrintable(sentence));
    }

    void atTheEndItTellsSinceWhenTheCellHoldsItsContent()
    {
        const auto picture = pictureOf(Words);
        const StepMemory memory = memoryOf(picture, 4);
        const QString sentence = lstmSentence(*picture, &memory, {});
        const std::vector<double>& share = memory.content.share;
        int steps = 0;
        for (double sum = 0; sum < 0.5; ++steps)
            sum += share[share.size() - 1 - size_t(steps)];
        QVERIFY2(steps == 1
                ? sentence.startsWith(
                    QStringLiteral("“key” wrote %1").arg(percentText(share.back())))
                : sentence.contains(QStringLiteral("from the last %1 of 5 tokens").arg(steps)),
            qPrintable(sentence));
        QVERIFY(sentence.contains("half of the units forget half within"));
    }

    void whereTheAnswerWentIsSaid()
    {
        std::vector<std::string> bytes;
        for (const char letter : std::string("q3=7_a9=1_b2=4_q3="))
            bytes.emplace_back(1, letter);
        const auto picture = pictureOf(bytes);
        const StepMemory memory = memoryOf(picture, picture->tokens() - 1);
        // After the answer, in the middle of pairs, and after each pair: these alone count.
        const AskedEarly lost = askedAt(*picture,
            { { 3, 0.2 }, { 4, 0.97 }, { 6, 0.01 }, { 9, 0.9 }, { 11, 0.02 }, { 14, 0.3 } });
        QCOMPARE(lost.lstm.size(), size_t(3));
        const QString sentence = lstmSentence(*picture, &memory, lost);
        for (const char* part : { "“7” 97 %", "asked at the end 30 %", "b2=4" })
            QVERIFY2(sentence.contains(QString::fromUtf8(part)), qPrintable(sentence));

        const AskedEarly kept = askedAt(*picture, { { 4, 0.97 }, { 9, 0.98 }, { 14, 0.96 } });
        QVERIFY(lstmSentence(*picture, &memory, kept).contains("still there"));
        // What the model never had it cannot have lost.
        const AskedEarly never = askedAt(*picture, { { 4, 0.1 }, { 9, 0.05 }, { 14, 0.02 } });
        QVERIFY(lstmSentence(*picture, &memory, never).contains("forget half"));
        // Where another token is pinned, the sentence is about that one.
        const StepMemory other = memoryOf(picture, 2);
        QVERIFY(lstmSentence(*picture, &other, lost).contains("wrote into layer 2"));
    }
};

QTEST_GUILESS_MAIN(LstmSentenceTest)
#include "tst_lstm_sentence.moc"
