// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/training/recall_grid.h"

#include <QTest>

#include <limits>
#include <map>
#include <set>
#include <string>

using namespace timestep;

/// What the curves of recall rely on: a cell's prompts are of that cell, are held out, and follow
/// from the seed, the cell and their number alone.
class TestRecallGrid : public QObject
{
    Q_OBJECT

private slots:
    void promptsAreOfTheirCell()
    {
        const RecallGrid grid({ 1, 2, 7, 32 }, 5, 3);
        for (const int pairs : grid.pairs()) {
            for (int distance = 0; distance < pairs; ++distance) {
                for (std::int64_t number = 0; number < 5; ++number) {
                    const RecallPrompt prompt = grid.prompt({ pairs, distance }, number);
                    QCOMPARE(prompt.text.size(), std::size_t(recallPromptSteps(pairs)));
                    // Read off the text: pairs, and which of them the question repeats.
                    const std::string question = prompt.text.substr(prompt.text.size() - 3);
                    const std::size_t place = prompt.text.find(question);
                    QCOMPARE(static_cast<int>(place / 5), pairs - 1 - distance);
                    QCOMPARE(prompt.text[place + 3], prompt.answer);
                    QCOMPARE(prompt.pairs, pairs);
                    QCOMPARE(prompt.distance(), distance);
                    QCOMPARE(sideOf(prompt.text, 16), DataSide::HeldOut);
                }
            }
        }
    }

    void allCellsHaveAsManyPrompts()
    {
        const RecallGrid grid({ 4, 1, 4, 6 }, 3, 1);
        QCOMPARE(grid.pairs(), std::vector<int>({ 1, 4, 6 }));
        QCOMPARE(grid.prompts(), 3 * (1 + 4 + 6));
        std::map<RecallCell, int> counts;
        for (const int pairs : grid.pairs())
            for (std::int64_t number = 0; number < grid.promptsOf(pairs); ++number) {
                const RecallPrompt prompt = grid.promptOf(pairs, number);
                ++counts[{ prompt.pairs, prompt.distance() }];
            }
        QCOMPARE(counts.size(), std::size_t(1 + 4 + 6));
        for (const auto& [cell, count] : counts)
            QCOMPARE(count, 3);
    }

    void morePromptsOrCellsLeaveAPromptAsItIs()
    {
        const RecallCell cell { 5, 2 };
        const RecallPrompt prompt = RecallGrid({ 5 }, 4, 9).prompt(cell, 3);
        QCOMPARE(RecallGrid({ 1, 5, 8 }, 70, 9).prompt(cell, 3), prompt);
        QVERIFY(RecallGrid({ 5 }, 4, 10).prompt(cell, 3) != prompt);
        QVERIFY(RecallGrid({ 5 }, 4, 9).prompt(cell, 2) != prompt);
        // Nor does the pair that is asked for follow the same keys and values from cell to cell.
        const RecallPrompt other = RecallGrid({ 5 }, 4, 9).prompt({ 5, 1 }, 3);
        QVERIFY(other.text.substr(0, 24) != prompt.text.substr(0, 24));
    }

    /// Of few pairs there are few prompts: a large cell asks all that there are, some of them
    /// again.
    void aCellMayAskAPromptTwice()
    {
        const RecallGrid grid({ 1 }, 4000, 1);
        std::set<std::string> texts;
        for (std::int64_t number = 0; number < 4000; ++number) {
            const RecallPrompt prompt = grid.prompt({ 1, 0 }, number);
            texts.insert(prompt.text + prompt.answer);
        }
        QVERIFY(texts.size() > 130 && texts.size() < 200);
    }

    void refusesWhatIsNoGrid_data()
    {
        QTest::addColumn<std::vector<int>>("pairs");
        QTest::addColumn<qint64>("promptsPerCell");
        QTest::newRow("no cell") << std::vector<int> {} << qint64(1);
        QTest::newRow("no pair") << std::vector<int> { 0, 3 } << qint64(1);
        QTest::newRow("too many pairs") << std::vector<int> { 3, 33 } << qint64(1);
        QTest::newRow("no prompt") << std::vector<int> { 3 } << qint64(0);
        QTest::newRow("too many prompts")
            << std::vector<int> { 3 } << std::numeric_limits<qint64>::max();
    }
    void refusesWhatIsNoGrid()
    {
        QFETCH(std::vector<int>, pairs);
        QFETCH(qint64, promptsPerCell);
        QVERIFY_EXCEPTION_THROWN(RecallGrid(pairs, promptsPerCell, 1), Error);
    }
};

QTEST_APPLESS_MAIN(TestRecallGrid)
#include "tst_recall_grid.moc"
