// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/stored_affinities.h"
#include "ui/views/affinity_image.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace timestep;

namespace {

/// Rows that add up to 1, the mask's part left at 0.
Matrix<float> randomAffinity(int tokens, const AttentionMask& mask)
{
    std::mt19937 random(7);
    std::exponential_distribution<float> draw;
    Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
    for (int row = 0; row < tokens; ++row) {
        const IndexRange seen = mask.keysSeenBy(row, tokens);
        for (int column = seen.begin; column < seen.end; ++column)
            affinity(row, column) = draw(random);
        affinity.row(row) /= affinity.row(row).sum();
    }
    return affinity;
}

/// One pixel by its definition, cell by cell.
QRgb naivePixel(const Matrix<float>& affinity, const AttentionMask& mask, const QRectF& cells,
    QSize pixels, const std::vector<float>& fullColor, int x, int y)
{
    const double width = cells.width() / pixels.width();
    const double height = cells.height() / pixels.height();
    const double left = cells.left() + x * width;
    const double top = cells.top() + y * height;
    float largest = -1;
    for (int row = 0; row < affinity.rows(); ++row) {
        const double middleY = top + height / 2;
        const bool inRow = height > 1 ? row + 1 > top && row < top + height
                                      : row <= middleY && middleY < row + 1;
        const IndexRange seen = mask.keysSeenBy(row, int(affinity.cols()));
        for (int column = seen.begin; inRow && column < seen.end; ++column) {
            const double middleX = left + width / 2;
            const bool inColumn = width > 1 ? column + 1 > left && column < left + width
                                            : column <= middleX && middleX < column + 1;
            if (inColumn)
                largest = std::max(largest, affinity(row, column) * (1 / fullColor[row]));
        }
    }
    return largest < 0 ? 0 : ColorScale::blue(false).at(largest);
}

} // namespace

class AffinityImageTest : public QObject
{
    Q_OBJECT
private slots:
    void everyPixelShowsTheLargestItTouches_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        QTest::addColumn<QRectF>("cells");
        QTest::addColumn<QSize>("pixels");
        QTest::addColumn<AffinityShading>("shading");
        const auto head = AffinityShading::Head;
        const auto row = AffinityShading::Row;
        const auto whole = AffinityShading::Whole;
        QTest::newRow("one token") << 1 << true << 0 << QRectF(0, 0, 1, 1) << QSize(5, 5) << head;
        QTest::newRow("cells larger than pixels")
            << 7 << true << 0 << QRectF(0, 0, 7, 7) << QSize(61, 61) << head;
        QTest::newRow("cell = pixel")
            << 16 << true << 0 << QRectF(0, 0, 16, 16) << QSize(16, 16) << whole;
        QTest::newRow("2 cells a pixel")
            << 64 << true << 0 << QRectF(0, 0, 64, 64) << QSize(32, 32) << row;
        QTest::newRow("3.4 cells a pixel")
            << 85 << true << 0 << QRectF(0, 0, 85, 85) << QSize(25, 25) << head;
        QTest::newRow("no mask") << 50 << false << 0 << QRectF(0, 0, 50, 50) << QSize(33, 33)
                                 << row;
        QTest::newRow("a part, closer")
            << 40 << true << 0 << QRectF(3.3, 11.75, 9.5, 9.5) << QSize(50, 50) << whole;
        QTest::newRow("a part, pooled")
            << 90 << false << 0 << QRectF(10.4, 20.2, 60.1, 60.1) << QSize(22, 22) << head;
        QTest::newRow("reaching beyond")
            << 12 << false << 0 << QRectF(-3, 5, 20, 20) << QSize(30, 30) << head;
        QTest::newRow("not square")
            << 30 << true << 0 << QRectF(0, 10, 30, 8) << QSize(12, 40) << head;
        QTest::newRow("a window") << 40 << true << 6 << QRectF(0, 0, 40, 40) << QSize(80, 80)
                                  << head;
        QTest::newRow("a window, pooled")
            << 90 << true << 11 << QRectF(0, 0, 90, 90) << QSize(31, 31) << row;
        QTest::newRow("a window, not causal")
            << 50 << false << 4 << QRectF(0, 0, 50, 50) << QSize(33, 33) << whole;
    }

    void everyPixelShowsTheLargestItTouches()
    {
        QFETCH(int, tokens);
        QFETCH(bool, causal);
        QFETCH(int, window);
        QFETCH(QRectF, cells);
        QFETCH(QSize, pixels);
        QFETCH(AffinityShading, shading);
        const AttentionMask mask { causal, window };
        const Matrix<float> affinity = randomAffinity(tokens, mask);
        const StoredAffinities stored({ { affinity } }, mask);
        const auto fullColor = fullColorShares(affinityStatistics(stored, {})->largest, shading);
        const QImage image
            = affinityImage(stored, {}, cells, pixels, fullColor, ColorScale::blue(false));
        QCOMPARE(image.size(), pixels);
        for (int y = 0; y < pixels.height(); ++y)
            for (int x = 0; x < pixels.width(); ++x)
                QVERIFY2(
                    image.pixel(x, y) == naivePixel(affinity, mask, cells, pixels, fullColor, x, y),
                    qPrintable(QStringLiteral("pixel %1, %2").arg(x).arg(y)));
    }

    void fullColorStandsFor_data()
    {
        QTest::addColumn<AffinityShading>("shading");
        QTest::addColumn<std::vector<float>>("expected");
        QTest::newRow("head: the largest of the longer half")
            << AffinityShading::Head << std::vector<float>(4, 0.7F);
        QTest::newRow("row") << AffinityShading::Row << std::vector<float> { 1, 0.8F, 0.7F, 0.4F };
        QTest::newRow("a share of 1") << AffinityShading::Whole << std::vector<float>(4, 1);
    }

    void fullColorStandsFor()
    {
        QFETCH(AffinityShading, shading);
        QFETCH(std::vector<float>, expected);
        QCOMPARE(fullColorShares({ 1, 0.8F, 0.7F, 0.4F }, shading), expected);
    }

    // The overview is as fine as the matrix up to 256 tokens: then it is the image.
    void theOverviewIsTheWholeHead_data()
    {
        QTest::addColumn<AffinityShading>("shading");
        QTest::newRow("head") << AffinityShading::Head;
        QTest::newRow("row") << AffinityShading::Row;
        QTest::newRow("a share of 1") << AffinityShading::Whole;
    }

    void theOverviewIsTheWholeHead()
    {
        QFETCH(AffinityShading, shading);
        for (const int tokens : { 1, 16, 200 })
            for (const AttentionMask mask :
                { AttentionMask {}, AttentionMask { false, 0 }, AttentionMask { true, 9 } }) {
                const StoredAffinities stored({ { randomAffinity(tokens, mask) } }, mask);
                const auto statistics = affinityStatistics(stored, {});
                const ColorScale& colors = ColorScale::blue(true);
                QCOMPARE(affinityOverview(*statistics, QSize(66, 66), shading, colors),
                    affinityImage(stored, {}, QRectF(0, 0, tokens, tokens), QSize(66, 66),
                        fullColorShares(statistics->largest, shading), colors));
            }
    }

    void stoppedImagesAreNull()
    {
        const StoredAffinities stored({ { randomAffinity(40, {}) } }, {});
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(affinityImage(stored, {}, QRectF(0, 0, 40, 40), QSize(9, 9),
            std::vector<float>(40, 1), ColorScale::blue(true), stop.get_token())
                    .isNull());
    }

    void emptySizes()
    {
        QVERIFY(fullColorShares({}, AffinityShading::Head).empty());
        const StoredAffinities one({ { Matrix<float>::Ones(1, 1) } }, {});
        QVERIFY(
            affinityImage(one, {}, QRectF(0, 0, 1, 1), QSize(0, 0), { 1 }, ColorScale::blue(true))
                .isNull());
    }
};

QTEST_APPLESS_MAIN(AffinityImageTest)
#include "tst_affinity_image.moc"
