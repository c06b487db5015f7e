// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/token_axis.h"

#include <QTest>

using namespace timestep;

namespace {

TokenAxis axisOf(int tokens)
{
    TokenAxis axis;
    axis.setTokens(tokens);
    return axis;
}

} // namespace

class TokenAxisTest : public QObject
{
    Q_OBJECT
private slots:
    void wholeStaysWholeAsTheTextGrows()
    {
        TokenAxis axis = axisOf(10);
        QVERIFY(axis.whole());
        axis.setTokens(30);
        QCOMPARE(axis.inView(), (IndexRange { 0, 30 }));
        axis.zoom(0.5, 20);
        axis.setTokens(40);
        QVERIFY(!axis.whole());
        QCOMPARE(axis.extent(), 15.0);
    }

    void aZoomLeavesItsPointWhereItIs()
    {
        TokenColumns columns { axisOf(1000), 90, 500 };
        const double x = 240;
        const double token = columns.axis.first() + (x - columns.left) / columns.tokenWidth();
        columns.axis.zoom(0.1, token);
        QCOMPARE(columns.axis.extent(), 100.0);
        QCOMPARE(columns.axis.first() + (x - columns.left) / columns.tokenWidth(), token);
    }

    void itNeverLeavesTheTokens()
    {
        TokenAxis axis = axisOf(100);
        axis.zoom(0.2, 0);
        axis.pan(-50);
        QCOMPARE(axis.first(), 0.0);
        axis.pan(1e6);
        QCOMPARE(axis.inView(), (IndexRange { 80, 100 }));
        axis.zoom(1e-9, 99);
        QCOMPARE(axis.extent(), 4.0);
        axis.zoom(1e9, 50);
        QVERIFY(axis.whole());
    }

    void aTokenIsBroughtIntoView()
    {
        TokenAxis axis = axisOf(100);
        axis.zoom(0.1, 0);
        axis.reveal(50);
        QCOMPARE(axis.inView(), (IndexRange { 41, 51 }));
        axis.reveal(45); // is there already
        QCOMPARE(axis.inView(), (IndexRange { 41, 51 }));
        axis.reveal(3);
        QCOMPARE(axis.inView().begin, 3);
    }

    void everyPixelHasOneToken_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("width");
        QTest::newRow("wide tokens") << 7 << 500;
        QTest::newRow("as many as pixels") << 300 << 300;
        QTest::newRow("several to a pixel") << 1000 << 300;
        QTest::newRow("one token") << 1 << 50;
    }

    void everyPixelHasOneToken()
    {
        QFETCH(int, tokens);
        QFETCH(int, width);
        const TokenColumns columns { axisOf(tokens), 20, width };
        int before = 0;
        for (int x = 20; x < 20 + width; ++x) {
            const auto token = columns.tokenAt(x + 0.5);
            QVERIFY(token);
            QVERIFY(*token >= before && *token < tokens);
            QVERIFY(columns.pixelsOf(*token).begin <= x && columns.pixelsOf(*token).end >= x);
            before = *token;
        }
        QVERIFY(before >= tokens - 1 - tokens / width);
        QVERIFY(!columns.tokenAt(19));
        QVERIFY(!columns.tokenAt(20 + width));
        QCOMPARE(columns.nearestToken(-1000), 0);
        QCOMPARE(columns.nearestToken(1e6), tokens - 1);
    }

    void whatIsOutOfViewHasNoPixels()
    {
        TokenColumns columns { axisOf(100), 0, 200 };
        columns.axis.zoom(0.1, 0);
        QCOMPARE(columns.pixelsOf(50).count(), 0);
        QCOMPARE(columns.pixelsOf(IndexRange { 8, 30 }), (IndexRange { 160, 200 }));
    }

    void withoutTokensThereIsNone()
    {
        const TokenColumns columns { axisOf(0), 0, 100 };
        QVERIFY(!columns.tokenAt(50));
        QCOMPARE(columns.tokenWidth(), 0.0);
        QCOMPARE(columns.axis.inView().count(), 0);
    }
};

QTEST_APPLESS_MAIN(TokenAxisTest)
#include "tst_token_axis.moc"
