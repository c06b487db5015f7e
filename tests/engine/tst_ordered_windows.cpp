// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/training/ordered_windows.h"

#include <QTest>

using namespace timestep;

namespace {

/// Documents of these lengths whose tokens count on from 0.
std::shared_ptr<const TokenDocuments> documentsOf(
    const QList<int>& lengths, std::optional<TokenId> separator)
{
    TokenDocuments documents;
    documents.separator = separator;
    for (const int length : lengths) {
        for (int i = 0; i < length; ++i)
            documents.tokens.push_back(static_cast<TokenId>(documents.tokens.size()));
        documents.ends.push_back(documents.tokens.size());
    }
    return std::make_shared<const TokenDocuments>(std::move(documents));
}

/// As somebody reads them.
std::vector<TokenId> readThrough(const TokenDocuments& documents)
{
    std::vector<TokenId> tokens;
    for (std::size_t i = 0; i < documents.count(); ++i) {
        if (i > 0 && documents.separator)
            tokens.push_back(*documents.separator);
        const auto document = documents.document(i);
        tokens.insert(tokens.end(), document.begin(), document.end());
    }
    return tokens;
}

} // namespace

/// What a loss of a text is the loss of: each token foretold once, from those before it.
class TestOrderedWindows : public QObject
{
    Q_OBJECT

private slots:
    void everyTokenButTheFirstIsATargetOnce_data()
    {
        QTest::addColumn<QList<int>>("lengths");
        QTest::addColumn<bool>("separated");
        QTest::addColumn<int>("steps");
        QTest::addColumn<int>("rows");
        QTest::newRow("one document") << QList { 10 } << false << 4 << 2;
        QTest::newRow("whole windows") << QList { 9 } << true << 4 << 1;
        QTest::newRow("one token more") << QList { 10 } << true << 3 << 5;
        QTest::newRow("several documents") << QList { 3, 1, 7, 2 } << true << 5 << 2;
        QTest::newRow("without separators") << QList { 3, 1, 7, 2 } << false << 5 << 2;
        QTest::newRow("single steps") << QList { 2, 2 } << true << 1 << 3;
        QTest::newRow("shorter than a window") << QList { 6 } << true << 100 << 4;
        QTest::newRow("two tokens") << QList { 1, 1 } << false << 8 << 2;
    }
    void everyTokenButTheFirstIsATargetOnce()
    {
        QFETCH(QList<int>, lengths);
        QFETCH(bool, separated);
        QFETCH(int, steps);
        QFETCH(int, rows);
        const auto documents
            = documentsOf(lengths, separated ? std::optional<TokenId>(99) : std::nullopt);
        const std::vector<TokenId> text = readThrough(*documents);
        const OrderedWindows windows(documents, steps);
        QCOMPARE(windows.targets(), text.size() - 1);
        QCOMPARE(windows.steps(), std::min(steps, static_cast<int>(text.size()) - 1));
        const auto length = static_cast<std::size_t>(windows.steps());
        QCOMPARE(windows.windows(), (text.size() + length - 2) / length);

        std::size_t next = 1; // of the text, as a target
        for (std::uint64_t number = 0; next < text.size(); ++number) {
            const TrainingBatch batch = windows.batch(number, rows);
            QCOMPARE(batch.rows, rows);
            QCOMPARE(batch.steps, windows.steps());
            QCOMPARE(batch.tokens.size(), static_cast<std::size_t>(rows) * length);
            QCOMPARE(batch.targets.size(), batch.tokens.size());
            std::int64_t counted = 0;
            for (std::size_t place = 0; place < batch.targets.size(); ++place) {
                if (next == text.size()) {
                    QCOMPARE(batch.targets[place], uncounted);
                    continue;
                }
                QCOMPARE(batch.tokens[place], text[next - 1]);
                QCOMPARE(batch.targets[place], text[next++]);
                ++counted;
            }
            QCOMPARE(batch.counted, counted);
            QVERIFY(counted > 0);
        }
        QCOMPARE(windows.batch(1000, rows).counted, 0);
    }

    void nothingToForetellIsRefused_data()
    {
        QTest::addColumn<QList<int>>("lengths");
        QTest::newRow("no document") << QList<int> {};
        QTest::newRow("one token") << QList { 1 };
    }
    void nothingToForetellIsRefused()
    {
        QFETCH(QList<int>, lengths);
        QVERIFY_EXCEPTION_THROWN(OrderedWindows(documentsOf(lengths, 99), 4), Error);
    }
};

QTEST_APPLESS_MAIN(TestOrderedWindows)
#include "tst_ordered_windows.moc"
