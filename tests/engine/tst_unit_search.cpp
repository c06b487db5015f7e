// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/unit_search.h"

#include <QTest>

using namespace timestep;

namespace {

using Units = std::vector<int>;
using Spans = std::vector<IndexRange>;

/// (6, 3): unit 0 is above 0.5 at steps 1 2 4 5, unit 1 at 1 2 3, unit 2 at 0 … 2 and 4.
Matrix<float> values()
{
    Matrix<float> v(6, 3);
    v << 0, 0, 1, /**/ 1, 1, 1, /**/ 1, 1, 1, /**/ 0, 1, 0, /**/ 1, 0, 1, /**/ 1, 0, 0;
    return v;
}

constexpr UnitThreshold above { 0.5F, false };

} // namespace

/// What selecting units over a brushed span means.
class TestUnitSearch : public QObject
{
    Q_OBJECT
private slots:
    void unitsThatAreOnThroughoutASpanAreFound()
    {
        QCOMPARE(unitsOn(values(), { 1, 3 }, above, false), (Units { 0, 1, 2 }));
        QCOMPARE(unitsOn(values(), { 1, 4 }, above, false), Units { 1 });
        QCOMPARE(unitsOn(values(), { 0, 6 }, above, false), Units {});
        QCOMPARE(unitsOn(values(), { 5, 6 }, { 0.5F, true }, false), (Units { 1, 2 }));
    }

    void onlyThereMeansOffBeforeAndAfter()
    {
        QCOMPARE(unitsOn(values(), { 1, 3 }, above, true), Units { 0 });
        QCOMPARE(unitsOn(values(), { 0, 3 }, above, true), Units { 2 }); // nothing is before it
        QCOMPARE(unitsOn(values(), { 4, 6 }, above, true), Units { 0 }); // nor after it
        QCOMPARE(unitsOn(values(), { 4, 5 }, above, true), Units { 2 });
    }

    void theThresholdItselfIsNeitherAboveNorBelow()
    {
        const Matrix<float> at = Matrix<float>::Constant(2, 1, 0.5F);
        QCOMPARE(unitsOn(at, { 0, 2 }, above, false), Units {});
        QCOMPARE(unitsOn(at, { 0, 2 }, { 0.5F, true }, false), Units {});
    }

    void otherSpansWhereTheyAreOnAreFound()
    {
        const Units selected { 0, 2 };
        const Units counts = countsOn(values(), selected, above);
        QCOMPARE(counts, (Units { 1, 2, 2, 0, 2, 1 }));
        QCOMPARE(spansOn(counts, 2, {}), (Spans { { 1, 3 }, { 4, 5 } }));
        QCOMPARE(spansOn(counts, 1, {}), (Spans { { 0, 3 }, { 4, 6 } }));
        QCOMPARE(spansOn(counts, 2, { 1, 3 }), (Spans { { 4, 5 } })); // but where they were sought
        QCOMPARE(spansOn(counts, 1, { 2, 5 }), (Spans { { 0, 2 }, { 5, 6 } })); // but not the rest
        QCOMPARE(spansOn(counts, 1, { 1, 2 }), (Spans { { 0, 1 }, { 2, 3 }, { 4, 6 } }));
        QCOMPARE(spansOn(counts, 3, {}), Spans {});
        QCOMPARE(spansOn({}, 1, {}), Spans {});
    }

    void aShareOfTheUnitsIsRoundedUp()
    {
        QCOMPARE(leastOf(10, 0.7), 7);
        QCOMPARE(leastOf(10, 0.71), 8);
        QCOMPARE(leastOf(3, 1), 3);
        QCOMPARE(leastOf(3, 0), 1);
        QCOMPARE(leastOf(0, 1), 1);
    }
};

QTEST_APPLESS_MAIN(TestUnitSearch)
#include "tst_unit_search.moc"
