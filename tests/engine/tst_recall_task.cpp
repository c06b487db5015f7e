// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_lstm.h"
#include "engine/model/untrained_model.h"
#include "engine/text/tokenizer.h"
#include "engine/training/recall_task.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

using namespace timestep;

namespace {

constexpr DataSide bothSides[] = { DataSide::Training, DataSide::HeldOut };

/// The value that follows a key in a prompt, found by reading it.
QChar valueOf(const QString& key, const QString& prompt)
{
    const qsizetype place = prompt.indexOf(key + '=');
    return prompt.at(place + 3);
}

std::set<std::string> texts(const RecallTask& task, DataSide side, int count)
{
    std::set<std::string> result;
    for (int number = 0; number < count; ++number)
        result.insert(task.prompt(static_cast<std::uint64_t>(number), side).text);
    return result;
}

void verifyEven(const std::map<int, int>& counts, int kinds, double each)
{
    QCOMPARE(counts.size(), static_cast<std::size_t>(kinds));
    for (const auto& [kind, count] : counts)
        QVERIFY2(std::abs(count - each) < 4.5 * std::sqrt(each),
            qPrintable(QString("%1: %2 times").arg(kind).arg(count)));
}

} // namespace

/// What training and the curves of recall rely on: well-formed prompts, the right answer, no prompt
/// on both sides, and a batch in which nothing but the answer counts.
class TestRecallTask : public QObject
{
    Q_OBJECT

private slots:
    void promptsAreWellFormed_data()
    {
        QTest::addColumn<int>("least");
        QTest::addColumn<int>("most");
        QTest::newRow("one") << 1 << 1;
        QTest::newRow("few") << 2 << 5;
        QTest::newRow("any") << 1 << 32;
        QTest::newRow("most") << 32 << 32;
    }
    void promptsAreWellFormed()
    {
        QFETCH(int, least);
        QFETCH(int, most);
        const RecallTask task({ least, most }, 3);
        const QRegularExpression form("^([a-z][0-9]=[0-9] )+[a-z][0-9]=$");
        for (std::uint64_t number = 0; number < 500; ++number) {
            const RecallPrompt prompt
                = task.prompt(number, number % 2 == 0 ? DataSide::Training : DataSide::HeldOut);
            const QString text = QString::fromStdString(prompt.text);
            QVERIFY2(form.match(text).hasMatch(), qPrintable(text));
            QVERIFY(prompt.pairs >= least && prompt.pairs <= most);
            QStringList keys;
            for (const QString& pair : text.split(' '))
                keys += pair.left(2);
            const QString question = keys.takeLast();
            QCOMPARE(keys.size(), prompt.pairs);
            QCOMPARE(QSet<QString>(keys.begin(), keys.end()).size(), prompt.pairs);
            QCOMPARE(keys.indexOf(question), prompt.asked);
            QCOMPARE(prompt.distance(), keys.size() - 1 - keys.indexOf(question));
            QCOMPARE(QChar(prompt.answer), valueOf(question, text));
        }
    }

    void promptsFollowFromSeedAndNumber()
    {
        const RecallTask task({ 3, 6 }, 5);
        const RecallPrompt prompt = task.prompt(17, DataSide::Training);
        QCOMPARE(RecallTask({ 3, 6 }, 5).prompt(17, DataSide::Training), prompt);
        QVERIFY(task.prompt(18, DataSide::Training) != prompt);
        QVERIFY(RecallTask({ 3, 6 }, 6).prompt(17, DataSide::Training) != prompt);
    }

    /// Further questions ask for keys of the same prompt, and none for what is held out.
    void furtherQuestionsAreOfTheSameSide()
    {
        const RecallTask one({ .minPairs = 1, .maxPairs = 5 }, 7);
        const RecallTask several({ .minPairs = 1, .maxPairs = 5, .questions = 4 }, 7);
        QCOMPARE(several.steps(), one.steps() + 3 * 5); // "7 a9=" thrice
        std::set<QString> heldOut;
        for (std::uint64_t number = 0; number < 4000; ++number)
            heldOut.insert(QString::fromStdString(one.prompt(number, DataSide::HeldOut).text));
        for (std::uint64_t number = 0; number < 500; ++number) {
            const RecallPrompt prompt = several.prompt(number, DataSide::Training);
            const QString text = QString::fromStdString(prompt.text);
            QCOMPARE(text, QString::fromStdString(one.prompt(number, DataSide::Training).text));
            QCOMPARE(prompt.further.size(), std::size_t { 3 });
            const QString pairs = text.left(5 * prompt.pairs);
            for (const RecallQuestion& question : prompt.further) {
                const QString key = QString::fromStdString(question.key);
                QVERIFY(pairs.contains(key + QChar(question.answer) + ' '));
                QVERIFY(!heldOut.contains(pairs + key));
            }
            QVERIFY(several.prompt(number, DataSide::HeldOut).further.empty());
        }
    }

    /// Only the digit tells such keys apart, on either side; and any letter may be the one.
    void keysCanShareTheirLetter()
    {
        const RecallTask task(
            { .minPairs = 2, .maxPairs = 10, .keys = RecallKeys::OneLetter, .questions = 3 }, 4);
        std::set<QChar> seen;
        for (std::uint64_t number = 0; number < 400; ++number) {
            for (const DataSide side : bothSides) {
                const RecallPrompt prompt = task.prompt(number, side);
                const QString text = QString::fromStdString(prompt.text);
                QCOMPARE(text.count(text.front()), prompt.pairs + 1);
                QCOMPARE(QChar(prompt.answer), valueOf(text.right(3).left(2), text));
                seen.insert(text.front());
            }
        }
        QCOMPARE(seen.size(), std::size_t { 26 });
        QVERIFY_EXCEPTION_THROWN(
            RecallTask({ .minPairs = 2, .maxPairs = 11, .keys = RecallKeys::OneLetter }, 4), Error);
    }

    void whatCountsIsChosen()
    {
        const RecallTask answers({ .minPairs = 2, .maxPairs = 2, .questions = 3 }, 3);
        const TrainingBatch batch = answers.batch(0, 5, DataSide::Training);
        QCOMPARE(batch.counted, 15);
        QCOMPARE(std::ranges::count(batch.targets, uncounted), std::ssize(batch.targets) - 15);
        const RecallTask all(
            { .minPairs = 2, .maxPairs = 2, .questions = 3, .targets = RecallTargets::AllTokens },
            3);
        const TrainingBatch whole = all.batch(0, 5, DataSide::Training);
        QCOMPARE(whole.tokens, batch.tokens);
        QCOMPARE(whole.counted, std::ssize(whole.targets));
        for (std::size_t i = 0; i < whole.targets.size(); ++i) {
            if (batch.targets[i] != uncounted)
                QCOMPARE(whole.targets[i], batch.targets[i]);
            if ((i + 1) % static_cast<std::size_t>(whole.steps) != 0)
                QCOMPARE(whole.targets[i], whole.tokens[i + 1]);
        }
        QCOMPARE(all.batch(0, 5, DataSide::HeldOut).counted, 5);
    }

    /// No choice is preferred, on either side: else a model could guess, and the curves over the
    /// number of pairs and the distance would stand on few prompts somewhere.
    void choicesAreEven_data()
    {
        QTest::addColumn<DataSide>("side");
        QTest::newRow("training") << DataSide::Training;
        QTest::newRow("held out") << DataSide::HeldOut;
    }
    void choicesAreEven()
    {
        QFETCH(DataSide, side);
        constexpr int prompts = 8000;
        const RecallTask task({ 1, 4 }, 11);
        std::map<int, int> pairs;
        std::map<int, int> distanceOfFour;
        std::map<int, int> answers;
        std::map<int, int> letters;
        for (std::uint64_t number = 0; number < prompts; ++number) {
            const RecallPrompt prompt = task.prompt(number, side);
            ++pairs[prompt.pairs];
            ++answers[prompt.answer];
            ++letters[prompt.text[0]];
            if (prompt.pairs == 4)
                ++distanceOfFour[prompt.distance()];
        }
        verifyEven(pairs, 4, prompts / 4.0);
        verifyEven(distanceOfFour, 4, pairs[4] / 4.0);
        verifyEven(answers, 10, prompts / 10.0);
        verifyEven(letters, 26, prompts / 26.0);
    }

    /// With one pair there are 2,600 prompts, of which every one is met on its side.
    void sidesShareNoPromptUnderAnySeed()
    {
        const std::set<std::string> trained
            = texts(RecallTask({ 1, 1 }, 1), DataSide::Training, 40000);
        const std::set<std::string> heldOut
            = texts(RecallTask({ 1, 1 }, 2), DataSide::HeldOut, 4000);
        QCOMPARE(trained.size() + heldOut.size(), 2600U);
        for (const std::string& text : heldOut)
            QVERIFY(!trained.contains(text));
        QVERIFY(heldOut.size() > 130 && heldOut.size() < 200);
    }

    void refusesNumbersOfPairs_data()
    {
        QTest::addColumn<int>("least");
        QTest::addColumn<int>("most");
        QTest::newRow("none") << 0 << 4;
        QTest::newRow("too many") << 1 << 33;
        QTest::newRow("min above max") << 5 << 4;
    }
    void refusesNumbersOfPairs()
    {
        QFETCH(int, least);
        QFETCH(int, most);
        QVERIFY_EXCEPTION_THROWN(RecallTask({ least, most }, 1), Error);
    }

    /// What the window's text field makes of a prompt is what was trained on.
    void vocabularyHasATokenForEachByte()
    {
        const Tokenizer tokenizer(recallVocabulary());
        const std::string text = RecallTask({ 32, 32 }, 1).prompt(0, DataSide::Training).text;
        const std::vector<Token> tokens = tokenizer.encode(text);
        QCOMPARE(tokens.size(), text.size());
        for (std::size_t k = 0; k < text.size(); ++k)
            QCOMPARE(recallVocabulary()->bytes(tokens[k].id), std::string_view(text).substr(k, 1));
    }

    void batchHoldsThePromptsAndCountsTheAnswersOnly()
    {
        const RecallTask task({ 2, 7 }, 9);
        const Tokenizer tokenizer(recallVocabulary());
        constexpr int rows = 5;
        constexpr std::uint64_t number = 3;
        for (const DataSide side : bothSides) {
            const TrainingBatch batch = task.batch(number, rows, side);
            QCOMPARE(batch.rows, rows);
            QCOMPARE(batch.steps, 7 * 5 + 3);
            QCOMPARE(batch.tokens.size(), std::size_t(rows * batch.steps));
            QCOMPARE(batch.targets.size(), std::size_t(rows * batch.steps));
            QCOMPARE(batch.counted, rows);
            for (int row = 0; row < rows; ++row) {
                const RecallPrompt prompt
                    = task.prompt(number * rows + static_cast<std::uint64_t>(row), side);
                std::vector<TokenId> targets(static_cast<std::size_t>(batch.steps), uncounted);
                targets[prompt.text.size() - 1]
                    = recallVocabulary()->byteId(static_cast<unsigned char>(prompt.answer));
                const auto begin = row * batch.steps;
                QVERIFY(std::equal(targets.begin(), targets.end(), batch.targets.begin() + begin));
                const std::vector<Token> tokens = tokenizer.encode(prompt.text);
                QVERIFY(std::equal(tokens.begin(), tokens.end(), batch.tokens.begin() + begin,
                    [](const Token& token, TokenId id) { return token.id == id; }));
            }
        }
    }

    /// The claim on which the padding rests, on the models themselves: at the position that counts,
    /// both compute from a padded row exactly what they compute from the prompt alone.
    void paddingIsNotSeenWhereItCounts()
    {
        const TrainingBatch batch = RecallTask({ 1, 4 }, 2).batch(0, 4, DataSide::Training);
        const ModelPair pair = untrainedPair(recallVocabulary(), 1);
        const auto& lstm = std::get<LstmWeights<float>>(pair.lstm->weights);
        const auto& attention = std::get<AttentionWeights<float>>(pair.attention->weights);
        int padded = 0;
        for (int row = 0; row < batch.rows; ++row) {
            const auto begin = static_cast<std::size_t>(row * batch.steps);
            const auto steps = static_cast<std::size_t>(batch.steps);
            const auto whole = std::span(batch.tokens).subspan(begin, steps);
            std::size_t answer = 0;
            while (batch.targets[begin + answer] == uncounted)
                ++answer;
            padded += answer + 1 < steps ? 1 : 0;
            const auto alone = whole.first(answer + 1);
            const auto place = static_cast<Eigen::Index>(answer);
            const auto lstmAt = [&](std::span<const TokenId> tokens) -> RowVector<float> {
                return lstmForward(lstm, tokens).back().hidden.row(place);
            };
            const auto attentionAt = [&](std::span<const TokenId> tokens) -> RowVector<float> {
                return attentionForward(attention, pair.attention->shape, tokens, true)
                    .finalNorm.output.row(place);
            };
            QVERIFY((lstmAt(whole) - lstmAt(alone)).cwiseAbs().maxCoeff() < 1e-5F);
            QVERIFY((attentionAt(whole) - attentionAt(alone)).cwiseAbs().maxCoeff() < 1e-5F);
        }
        QVERIFY(padded > 0);
    }
};

QTEST_APPLESS_MAIN(TestRecallTask)
#include "tst_recall_task.moc"
