// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/training/text_batches.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <vector>

using namespace timestep;

namespace {

constexpr TokenId separator = 1'000'000;

/// Documents of these lengths in which every token occurs once: 0, 1, 2, …
std::shared_ptr<const TokenDocuments> numbered(const std::vector<std::size_t>& lengths, bool parted)
{
    auto documents = std::make_shared<TokenDocuments>();
    for (const std::size_t length : lengths) {
        for (std::size_t k = 0; k < length; ++k)
            documents->tokens.push_back(static_cast<TokenId>(documents->tokens.size()));
        documents->ends.push_back(documents->tokens.size());
    }
    if (parted)
        documents->separator = separator;
    return documents;
}

struct Neighbours
{
    std::set<TokenId> first; // tokens that begin a document
    std::set<TokenId> last; // tokens that end one
    bool parted = false;

    explicit Neighbours(const TokenDocuments& documents)
        : parted(documents.separator.has_value())
    {
        for (std::size_t k = 0; k < documents.count(); ++k) {
            first.insert(documents.document(k).front());
            last.insert(documents.document(k).back());
        }
    }

    bool mayFollow(TokenId token, TokenId next) const
    {
        if (token == separator)
            return first.contains(next);
        if (last.contains(token))
            return parted ? next == separator : first.contains(next) && next != token;
        return next == token + 1;
    }
};

QString errorOf(const std::shared_ptr<const TokenDocuments>& documents, int steps)
{
    try {
        TextBatches(documents, steps, 1);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

std::vector<TokenId> tokensOfEpoch(TextBatches& batches, std::uint64_t epoch)
{
    return batches.batch(epoch, static_cast<int>(batches.windowsPerEpoch())).tokens;
}

} // namespace

/// What training on a text relies on: windows are pieces of the text, an epoch reads all of it but
/// for a window's worth, and batch n is the same whenever it is asked for.
class TestTextBatches : public QObject
{
    Q_OBJECT

private slots:
    void windowsArePiecesOfTheText_data()
    {
        QTest::addColumn<std::vector<std::size_t>>("lengths");
        QTest::addColumn<bool>("parted");
        QTest::addColumn<int>("steps");
        using Lengths = std::vector<std::size_t>;
        for (const bool parted : { true, false }) {
            const auto row = [&](const char* name, const Lengths& lengths, int steps) {
                QTest::addRow("%s, %s", name, parted ? "parted" : "joined")
                    << lengths << parted << steps;
            };
            row("long documents", { 100, 70, 131 }, 8);
            row("short documents", { 1, 2, 1, 3, 1, 1, 5, 2, 1, 4 }, 7);
            row("one document", { 50 }, 6);
            row("just one window", { 9 }, 8);
            row("one step", { 5, 1, 3 }, 1);
        }
    }
    void windowsArePiecesOfTheText()
    {
        QFETCH(std::vector<std::size_t>, lengths);
        QFETCH(bool, parted);
        QFETCH(int, steps);
        const auto documents = numbered(lengths, parted);
        const Neighbours neighbours(*documents);
        TextBatches batches(documents, steps, 3);
        constexpr int rows = 4;
        for (std::uint64_t number = 0; number < 30; ++number) {
            const TrainingBatch batch = batches.batch(number, rows);
            QCOMPARE(batch.rows, rows);
            QCOMPARE(batch.steps, steps);
            QCOMPARE(batch.counted, rows * steps);
            QCOMPARE(batch.tokens.size(), std::size_t(rows * steps));
            QCOMPARE(batch.targets.size(), std::size_t(rows * steps));
            for (std::size_t k = 0; k < batch.tokens.size(); ++k) {
                QVERIFY(neighbours.mayFollow(batch.tokens[k], batch.targets[k]));
                if ((k + 1) % static_cast<std::size_t>(steps) != 0)
                    QCOMPARE(batch.tokens[k + 1], batch.targets[k]);
            }
        }
    }

    void epochReadsEachTokenOnce()
    {
        const auto documents = numbered({ 100, 70, 131, 1, 60 }, false);
        constexpr int steps = 8;
        TextBatches batches(documents, steps, 3);
        std::set<std::vector<TokenId>> epochs;
        std::set<TokenId> everRead;
        for (std::uint64_t epoch = 0; epoch < 50; ++epoch) {
            const std::vector<TokenId> tokens = tokensOfEpoch(batches, epoch);
            const std::set<TokenId> read(tokens.begin(), tokens.end());
            QCOMPARE(read.size(), tokens.size()); // none twice
            QVERIFY(read.size() >= documents->tokens.size() - 2 * steps);
            everRead.insert(read.begin(), read.end());
            epochs.insert(tokens);
        }
        QCOMPARE(epochs.size(), 50U); // each in an order of its own
        QCOMPARE(everRead.size(), documents->tokens.size());
    }

    /// Else a text of one document would be cut at the same places for ever.
    void oneDocumentIsCutElsewhereInEachEpoch()
    {
        constexpr int steps = 5;
        TextBatches batches(numbered({ 40 }, true), steps, 1);
        std::set<TokenId> begins;
        for (std::uint64_t epoch = 0; epoch < 100; ++epoch) {
            const std::vector<TokenId> tokens = tokensOfEpoch(batches, epoch);
            for (std::size_t k = 0; k < tokens.size(); k += steps)
                begins.insert(tokens[k]);
        }
        QCOMPARE(begins.size(), 40U - steps); // wherever a window fits
    }

    void rowsOfABatchTellOfDifferentDocuments()
    {
        TextBatches batches(numbered({ 1000, 1000, 1000, 1000 }, true), 10, 1);
        int neighbours = 0;
        for (std::uint64_t number = 0; number < 20; ++number) {
            const TrainingBatch batch = batches.batch(number, 8);
            for (std::size_t row = 1; row < 8; ++row)
                neighbours += batch.tokens[row * 10] == batch.targets[row * 10 - 1] ? 1 : 0;
        }
        QVERIFY2(neighbours < 10, qPrintable(QString::number(neighbours))); // of 140
    }

    /// Three epochs' worth, asked for backwards and anew each time, batches across epochs included.
    void batchFollowsFromItsNumberAlone()
    {
        const auto documents = numbered({ 30, 1, 44, 9 }, true);
        TextBatches straight(documents, 6, 5);
        constexpr int rows = 4;
        std::vector<TrainingBatch> inOrder;
        const std::size_t count = 3 * straight.windowsPerEpoch() / rows;
        QVERIFY(straight.windowsPerEpoch() % rows != 0);
        for (std::size_t number = 0; number < count; ++number)
            inOrder.push_back(straight.batch(number, rows));
        TextBatches backwards(documents, 6, 5);
        for (std::size_t number = count; number-- > 0;) {
            QVERIFY(backwards.batch(number, rows) == inOrder[number]);
            QVERIFY(TextBatches(documents, 6, 5).batch(number, rows) == inOrder[number]);
        }
        QVERIFY(inOrder[0] != inOrder[1]);
        QVERIFY(TextBatches(documents, 6, 6).batch(0, rows) != inOrder[0]);
    }

    void moreRowsThanWindows()
    {
        TextBatches batches(numbered({ 7 }, true), 6, 1);
        QCOMPARE(batches.windowsPerEpoch(), 1U);
        const TrainingBatch batch = batches.batch(0, 3);
        const std::vector<TokenId> once { 0, 1, 2, 3, 4, 5 };
        for (std::ptrdiff_t row = 0; row < 3; ++row)
            QVERIFY(std::equal(once.begin(), once.end(), batch.tokens.begin() + row * 6));
    }

    void refusesATextWithoutAWindow()
    {
        QVERIFY(errorOf(numbered({ 8 }, true), 8)
                    .contains("8 tokens, but a window of 8 steps needs 9"));
        QVERIFY(errorOf(numbered({}, true), 1).contains("0 tokens"));
        QVERIFY(errorOf(numbered({ 8 }, true), 0).contains("1 step or more"));
        QCOMPARE(errorOf(numbered({ 9 }, true), 8), QString());
        QCOMPARE(errorOf(numbered({ 7, 1 }, true), 8), QString()); // with the separator
    }
};

QTEST_APPLESS_MAIN(TestTextBatches)
#include "tst_text_batches.moc"
