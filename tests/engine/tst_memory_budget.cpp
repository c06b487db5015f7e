// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/memory_budget.h"

#include <QTest>

using namespace timestep;

/// Work that would take too much is refused before it allocates, with what would be needed.
class MemoryBudgetTest : public QObject
{
    Q_OBJECT
private slots:
    void refusesBeyondTheBudgetAndNamesBoth()
    {
        refuseBeyondBudget("a run", 1000, 1000);
        try {
            refuseBeyondBudget("a run of 7 rows", 1001, 1000);
            QFAIL("one byte too many was let through");
        } catch (const Error& error) {
            const QByteArray message = error.what();
            for (const char* const part : { "a run of 7 rows", "1001", "1000", "--memory" })
                QVERIFY2(message.contains(part), message.constData());
            QVERIFY(!message.contains('\n'));
        }
    }

    void halfOfWhatIsFreeUnlessAsked()
    {
        QCOMPARE(memoryBudgetBytes(12345), std::size_t(12345));
        // Free memory changes while the test runs, but not from plenty to next to nothing.
        const std::size_t free = freeMemoryBytes();
        QVERIFY(free > std::size_t(1) << 20);
        QVERIFY(memoryBudgetBytes(0) < free);
        QVERIFY(memoryBudgetBytes(0) > free / 4);
    }
};

QTEST_APPLESS_MAIN(MemoryBudgetTest)
#include "tst_memory_budget.moc"
