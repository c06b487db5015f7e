// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sweep_point_model.h"

#include <QAbstractItemModel>
#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace timestep;

namespace {

RacePoint point(std::size_t index, RaceLine line, double ms)
{
    RacePoint race { { { RacePicture::TimeOfRows, line } }, {} };
    race.point.index = index;
    race.point.cell.length = 64;
    race.point.cell.batch = 32;
    race.point.cell.threads = 2;
    race.point.cell.strategy = Strategy::QueryBlock;
    race.point.cell.subBatches = 1;
    race.point.medianMs = ms;
    race.point.lowerQuartileMs = ms * 0.9;
    race.point.upperQuartileMs = ms * 1.1;
    race.point.flops = 2.5e9;
    race.point.gflops = 50;
    race.point.peakGflops = 200;
    race.point.repeats = 7;
    return race;
}

} // namespace

class SweepPointModelTest : public QObject
{
    Q_OBJECT
private slots:
    void rowsComeChangeAndGo()
    {
        SweepPointModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QCOMPARE(model.rowCount(), 0);
        model.setPoints({ point(0, RaceLine::Lstm, 10) });
        model.setPoints({ point(0, RaceLine::Lstm, 12), point(1, RaceLine::Attention, 5) });
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(model.index(0, SweepPointModel::Median).data().toString(), "12.00 ms");
        model.setPoints({});
        QCOMPARE(model.rowCount(), 0);
    }

    void columns_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("text");
        QTest::newRow("model") << int(SweepPointModel::Model) << "attention";
        QTest::newRow("cut") << int(SweepPointModel::Cut) << "query-block on 2 threads";
        QTest::newRow("tokens") << int(SweepPointModel::Tokens) << "64";
        QTest::newRow("rows") << int(SweepPointModel::Rows) << "32";
        QTest::newRow("median") << int(SweepPointModel::Median) << "10.00 ms";
        QTest::newRow("spread") << int(SweepPointModel::MiddleHalf) << "9.000 to 11.00 ms";
        QTest::newRow("arithmetic") << int(SweepPointModel::Arithmetic) << "2.5";
        QTest::newRow("peak") << int(SweepPointModel::ShareOfPeak) << "0.25";
        QTest::newRow("runs") << int(SweepPointModel::Repeats) << "7";
    }

    void columns()
    {
        QFETCH(int, column);
        QFETCH(QString, text);
        SweepPointModel model;
        model.setPoints({ point(0, RaceLine::Attention, 10) });
        QCOMPARE(model.index(0, column).data().toString(), text);
        QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
    }

    void subBatchesAreNamed()
    {
        SweepPoint rows = point(0, RaceLine::Lstm, 10).point;
        rows.cell.strategy = Strategy::SubBatch;
        rows.cell.subBatches = 4;
        QCOMPARE(cutText(rows), "sub-batch × 4 on 2 threads");
        rows.cell.threads = 1;
        QCOMPARE(cutText(rows), "sub-batch × 4 on 1 thread");
    }

    void moreThanThePeakIsMarked()
    {
        RacePoint above = point(0, RaceLine::Lstm, 10);
        above.point.gflops = 250;
        SweepPointModel model;
        model.setPoints({ above, point(1, RaceLine::Lstm, 10) });
        QCOMPARE(model.index(0, SweepPointModel::ShareOfPeak).data().toString(), "not known");
        QVERIFY(!model.index(0, SweepPointModel::ShareOfPeak)
                     .data(Qt::ToolTipRole)
                     .toString()
                     .isEmpty());
        QVERIFY(model.index(1, SweepPointModel::ShareOfPeak)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .isEmpty());
    }
};

QTEST_GUILESS_MAIN(SweepPointModelTest)
#include "tst_sweep_point_model.moc"
