// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/influence_image.h"

#include <QTest>

#include <vector>

using namespace timestep;

namespace {

InfluenceOnPrediction row(std::vector<float> shares)
{
    InfluenceOnPrediction result;
    result.largest = *std::max_element(shares.begin(), shares.end());
    result.shares = std::move(shares);
    return result;
}

/// The rows of a causal model, the first of them not computed yet.
ModelInfluence fourRows()
{
    return { { {}, row({ 0.25F, 0.75F }), row({ 0, 0.5F, 0.5F }),
        row({ 0.3F, 0.3F, 0.35F, 0.05F }) } };
}

std::vector<QRgb> line(const ModelInfluence& influence, int pixels, int pixelRow, double fullColor)
{
    std::vector<QRgb> result(static_cast<std::size_t>(pixels), qRgb(1, 2, 3));
    drawInfluenceLine(influence, { static_cast<int>(influence.rows.size()), pixels }, pixelRow,
        fullColor, ColorScale::orange(false), result);
    return result;
}

} // namespace

class TestInfluenceImage : public QObject
{
    Q_OBJECT
private slots:
    void cellsAndPixelsAgree_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("pixels");
        for (const auto& [tokens, pixels] :
            std::initializer_list<std::pair<int, int>> { { 1, 150 }, { 16, 150 }, { 149, 150 },
                { 150, 150 }, { 151, 150 }, { 1024, 150 }, { 4096, 72 }, { 3, 1 } })
            QTest::addRow("%d tokens on %d pixels", tokens, pixels) << tokens << pixels;
    }

    void cellsAndPixelsAgree()
    {
        QFETCH(int, tokens);
        QFETCH(int, pixels);
        const InfluenceGrid grid { tokens, pixels };
        QCOMPARE(grid.cellsUnder(0).begin, 0);
        QCOMPARE(grid.cellsUnder(pixels - 1).end, tokens);
        for (int cell = 0; cell < tokens; ++cell) {
            const IndexRange range = grid.pixelsOf(cell);
            QVERIFY(range.count() > 0);
            for (int pixel = 0; pixel < pixels; ++pixel)
                QCOMPARE(range.contains(pixel), grid.cellsUnder(pixel).contains(cell));
        }
    }

    void fullColorIsTheNextRoundShare_data()
    {
        QTest::addColumn<float>("lstm");
        QTest::addColumn<float>("attention");
        QTest::addColumn<double>("expected");
        QTest::newRow("nothing yet") << 0.0F << 0.0F << 1.0;
        QTest::newRow("the larger of both") << 0.3F << 0.04F << 0.5;
        QTest::newRow("the other one") << 0.011F << 0.04F << 0.05;
        QTest::newRow("just that") << 0.2F << 0.1F << 0.2;
        QTest::newRow("above a half") << 0.51F << 0.1F << 1.0;
        QTest::newRow("all of it") << 1.0F << 1.0F << 1.0;
        QTest::newRow("little") << 0.0013F << 0.0F << 0.002;
    }

    void fullColorIsTheNextRoundShare()
    {
        QFETCH(float, lstm);
        QFETCH(float, attention);
        QFETCH(double, expected);
        const auto influence = [](float largest) {
            ModelInfluence result;
            result.rows.resize(4);
            result.rows[0].largest = 1; // of the first half: not looked at
            result.rows[3].largest = largest;
            return result;
        };
        const double found = fullColorInfluence(influence(lstm), influence(attention));
        QVERIFY2(std::abs(found - expected) < 1e-9, qPrintable(QString::number(found)));
    }

    void noTextHasFullColorOne() { QCOMPARE(fullColorInfluence({}, {}), 1.0); }

    void aLineShowsSharesOfFullColor()
    {
        const ColorScale& colors = ColorScale::orange(false);
        const ModelInfluence influence = fourRows();
        QCOMPARE(line(influence, 4, 0, 0.5), std::vector<QRgb>(4, QRgb {})); // not there yet
        QCOMPARE(line(influence, 4, 1, 0.5),
            (std::vector<QRgb> { colors.at(0.5), colors.at(1), QRgb {}, QRgb {} }));
        const std::vector<QRgb> wide = line(influence, 8, 5, 1);
        QCOMPARE(wide,
            (std::vector<QRgb> { colors.at(0), colors.at(0), colors.at(0.5), colors.at(0.5),
                colors.at(0.5), colors.at(0.5), QRgb {}, QRgb {} }));
    }

    void aPixelOfSeveralCellsShowsTheLargest()
    {
        const ColorScale& colors = ColorScale::orange(false);
        const ModelInfluence influence = fourRows();
        QCOMPARE(line(influence, 2, 0, 1), (std::vector<QRgb> { colors.at(0.75), QRgb {} }));
        QCOMPARE(line(influence, 2, 1, 1), (std::vector<QRgb> { colors.at(0.5), colors.at(0.5) }));
    }

    void missingRows_data()
    {
        QTest::addColumn<QString>("known"); // one letter a row
        QTest::addColumn<int>("begin");
        QTest::addColumn<int>("end");
        QTest::newRow("no text") << "" << 0 << 0;
        QTest::newRow("none there") << "..." << 0 << 3;
        QTest::newRow("all there") << "xxx" << 0 << 0;
        QTest::newRow("the last ones first") << "..xx" << 0 << 2;
        QTest::newRow("an appended end") << "xx.." << 2 << 4;
        QTest::newRow("a hole") << "x.x.x" << 1 << 4;
    }

    void missingRows()
    {
        QFETCH(QString, known);
        ModelInfluence influence;
        for (const QChar letter : known)
            influence.rows.push_back(letter == u'x' ? row({ 1 }) : InfluenceOnPrediction {});
        QTEST(influence.missing().begin, "begin");
        QTEST(influence.missing().end, "end");
        QCOMPARE(influence.known(), known.count(u'x'));
        QCOMPARE(influence.complete(), !known.contains(u'.'));
    }
};

QTEST_APPLESS_MAIN(TestInfluenceImage)
#include "tst_influence_image.moc"
