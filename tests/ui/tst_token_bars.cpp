// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/fonts.h"
#include "ui/views/token_bars.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <cmath>

using namespace timestep;

namespace {

const double None = std::nan("");
constexpr QSize Size(400, 100);
constexpr int Left = 80;

TokenColumns columnsOf(int tokens)
{
    TokenColumns columns { {}, Left, 300 };
    columns.axis.setTokens(tokens);
    return columns;
}

QImage painted(const TokenBars& bars, int tokens)
{
    QImage image(Size, QImage::Format_RGB32);
    image.fill(Theme::light().window);
    QPainter painter(&image);
    const auto layout = TokenBarsLayout::of(Size, Left, 300, bars, 14);
    paintTokenBars(painter, bars, layout, columnsOf(tokens), Theme::light(), sansFont(12));
    return image;
}

/// Pixels of a colour in a column.
int count(const QImage& image, int x, const QColor& color)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y)
        found += image.pixel(x, y) == color.rgb();
    return found;
}

} // namespace

class TokenBarsTest : public QObject
{
    Q_OBJECT
private slots:
    void theScaleIsRound_data()
    {
        QTest::addColumn<double>("largest");
        QTest::addColumn<double>("full");
        QTest::newRow("a bit more than 2") << 2.1 << 5.0;
        QTest::newRow("just 2") << 2.0 << 2.0;
        QTest::newRow("below 0") << -0.06 << 0.1;
        QTest::newRow("nothing") << 0.0 << 1.0;
    }

    void theScaleIsRound()
    {
        QFETCH(double, largest);
        QFETCH(double, full);
        TokenBars bars;
        bars.series = { { ModelKind::Lstm, { None, largest, 0 }, {}, {} } };
        QCOMPARE(bars.roundFull(), full);
    }

    void aBarStandsAtItsToken()
    {
        TokenBars bars;
        bars.series = { { ModelKind::Lstm, { 0, None, 1, 0.5, 0 }, {}, {} } };
        const QImage image = painted(bars, 5);
        const auto filled = [&](int token) {
            return count(image, int(columnsOf(5).middle(token)), Theme::light().lstm.done);
        };
        QCOMPARE(filled(0), 0);
        QCOMPARE(filled(1), 0);
        QVERIFY(filled(2) > 85);
        QVERIFY(std::abs(2 * filled(3) - filled(2)) <= 4);
    }

    void noTextLiesOverTheBars()
    {
        TokenBars bars;
        bars.series = { { ModelKind::Lstm, { 1, 1 }, QStringLiteral("LSTM"), {} },
            { ModelKind::Attention, { 1, 1 }, QStringLiteral("Attention"), {} } };
        bars.fullText = QStringLiteral("100 %");
        const QFont font = sansFont(12);
        const int line = QFontMetrics(font).height();
        const auto layout = TokenBarsLayout::of(Size, Left, 300, bars, line);
        QVERIFY(layout.bars.top() >= line);
        // Nor where there is no room for names at the left.
        const auto paint = [&](const TokenBars& shown) {
            QImage image(Size, QImage::Format_RGB32);
            image.fill(Theme::light().window);
            QPainter painter(&image);
            TokenColumns columns { {}, 20, 300 };
            columns.axis.setTokens(2);
            paintTokenBars(painter, shown, TokenBarsLayout::of(Size, 20, 300, bars, line), columns,
                Theme::light(), font);
            painter.end();
            return image.copy(layout.bars.translated(20 - Left, 0));
        };
        TokenBars nameless = bars;
        for (TokenBars::Series& series : nameless.series)
            series.name.clear();
        nameless.fullText.clear();
        QCOMPARE(paint(bars), paint(nameless));
    }

    void aMarkBeforeTheTextIsToldAtItsEdge()
    {
        TokenBars bars;
        bars.series = { { ModelKind::Lstm, { 0, 0 }, {}, {} } };
        bars.ticks = { { 0, {} } };
        const QImage inside = painted(bars, 2);
        bars.ticks.push_back({ -27, QStringLiteral("← longest 29") });
        QVERIFY(painted(bars, 2) != inside);
    }

    void twoModelsShareOneScale()
    {
        TokenBars bars;
        bars.series = { { ModelKind::Lstm, { 1, 0.5 }, {}, {} },
            { ModelKind::Attention, { 0.5, 1 }, {}, {} } };
        const QImage image = painted(bars, 2);
        const int x = int(columnsOf(2).middle(0));
        const int lstm = count(image, x, Theme::light().lstm.done);
        const int attention = count(image, x, Theme::light().attention.done);
        QVERIFY(lstm > 40);
        QVERIFY(std::abs(lstm - 2 * attention) <= 4);
    }

    void whatIsTooThinIsJoinedAndNotLost()
    {
        TokenBars bars;
        bars.series = { { ModelKind::Lstm, std::vector<double>(9000, 0.0), {}, {} } };
        bars.series.front().values[4321] = 1;
        const QImage image = painted(bars, 9000);
        const int x = columnsOf(9000).pixelsOf(4321).begin;
        QVERIFY(count(image, x, Theme::light().window) < 15);
        QVERIFY(count(image, x + 20, Theme::light().window) > 85);
    }

    void whyThereIsNothingIsSaid()
    {
        TokenBars bars;
        bars.emptyText = QStringLiteral("nothing is asked");
        const QImage image = painted(bars, 5);
        QImage blank(image.size(), image.format());
        blank.fill(Theme::light().window);
        QVERIFY(image != blank);
    }
};

QTEST_MAIN(TokenBarsTest)
#include "tst_token_bars.moc"
