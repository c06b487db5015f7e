// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/tokenizer.h"
#include "tests/ui/lstm_test_run.h"
#include "ui/models/next_tokens.h"
#include "ui/views/lstm_sentence.h"

#include <QTest>

#include <algorithm>

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
AskedEarly askedAt(const LstmPicture& picture, const std::vector<std::pair<int, double>>& lstm,
    double alone = 0.03)
{
    auto found = std::make_shared<QuestionFound>();
    const Tokenizer tokenizer(picture.run->lstm->model->vocabulary);
    found->request.question = { 3, tokenizer.encode("7").front().id };
    found->request.first = 3;
    found->lstmAlone.probability = alone;
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
        QVERIFY(cellContentSentence(*picture, nullptr).startsWith("Type a text"));
    }

    void oneTokenHasNothingToForget()
    {
        const auto picture = pictureOf({ "Ann" });
        const StepMemory memory = memoryOf(picture, 0);
        QVERIFY(cellContentSentence(*picture, &memory).startsWith("A single token"));
    }

    void anUntrainedModelIsSaidToBe()
    {
        const auto picture = pictureOf(Words, "untrained, seed 1");
        const StepMemory memory = memoryOf(picture, 4);
        const QString sentence = cellContentSentence(*picture, &memory);
        QVERIFY(sentence.startsWith("Untrained"));
        const double mean = picture->values(LstmQuantity::Forget).mean();
        QVERIFY(sentence.contains(QString::number(mean, 'f', 2)));
    }

    void untilItIsKnownNothingIsSaid()
    {
        QVERIFY(cellContentSentence(*pictureOf(Words), nullptr).isEmpty());
    }

    void whatIsLeftOfAStepIsItsRetention()
    {
        const auto picture = pictureOf(Words);
        const StepMemory memory = memoryOf(picture, 1);
        const QString sentence = cellContentSentence(*picture, &memory);
        QVERIFY2(
            sentence.contains(QStringLiteral("of what it wrote itself, %1 is left 3 tokens later")
                                  .arg(percentText(memory.retention.kept.back()))),
            qPrintable(sentence));
        // Where most went is told as what it is: the largest loss of a single token.
        const Retention& retention = memory.retention;
        QVERIFY2(sentence.contains(QStringLiteral("the largest loss, %1, at token %2 “%3”")
                                       .arg(percentText(retention.lost))
                                       .arg(retention.lostAt + 1)
                                       .arg(picture->labels[retention.lostAt])),
            qPrintable(sentence));
        // And the numbers of the bars above.
        QVERIFY(sentence.contains(QStringLiteral("layer 2 holds after")));
        QVERIFY(sentence.contains(percentText(
            *std::max_element(memory.content.share.begin(), memory.content.share.end()))));
    }

    void atTheEndItTellsSinceWhenTheCellHoldsItsContent()
    {
        const auto picture = pictureOf(Words);
        const StepMemory memory = memoryOf(picture, 4);
        const QString sentence = cellContentSentence(*picture, &memory);
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
        const auto said = [&](const AskedEarly& asked, std::initializer_list<const char*> parts) {
            const QString sentence = askedEarlySentence(asked, *picture);
            for (const char* part : parts)
                QVERIFY2(sentence.contains(QString::fromUtf8(part)), qPrintable(sentence));
        };
        // After the answer, in the middle of pairs, and after each pair: these alone count.
        const AskedEarly lost = askedAt(*picture,
            { { 3, 0.2 }, { 4, 0.97 }, { 6, 0.01 }, { 9, 0.9 }, { 11, 0.02 }, { 14, 0.3 } });
        QCOMPARE(lost.lstm.size(), size_t(3));
        said(lost,
            { "Asked right after it was said", "“7” 97 %", "asked at the end 30 %",
                "most of it was lost while it read “b 2 = 4 _”", "with “q 3 =” alone 3.0 %" });
        said(askedAt(*picture, { { 4, 0.97 }, { 9, 0.98 }, { 14, 0.96 } }), { "still there" });
        // It went and came back; or no token lost half of what went.
        said(askedAt(*picture, { { 4, 0.97 }, { 9, 0.2 }, { 14, 0.7 } }), { "fell most" });
        // What the model never had it cannot have lost.
        said(askedAt(*picture, { { 4, 0.1 }, { 9, 0.05 }, { 14, 0.02 } }), { "only 10 %" });
        // Of the places after which the question may stand the first is not always the next.
        said(askedAt(*picture, { { 9, 0.97 }, { 14, 0.96 } }),
            { "Asked after “_”, 6 tokens after it was said" });
    }

    void whatIsExpectedAnywayIsNotSaidToBeRemembered()
    {
        const auto picture = pictureOf({ "the", "7", "and", "the" });
        const AskedEarly anyway = askedAt(*picture, { { 0, 0.93 } }, 0.91);
        QVERIFY(anyway.answersAnyway());
        const QString sentence = askedEarlySentence(anyway, *picture);
        QVERIFY2(sentence.contains("93 %") && sentence.contains("91 % with"), qPrintable(sentence));
        QVERIFY(!sentence.contains("still there"));
        QVERIFY(!askedAt(*picture, { { 0, 0.93 } }, 0.4).answersAnyway());
    }
};

QTEST_GUILESS_MAIN(LstmSentenceTest)
#include "tst_lstm_sentence.moc"
