// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pixels_of.h"
#include "tests/ui/race_test_curves.h"
#include "ui/views/dot_note.h"
#include "ui/views/fonts.h"
#include "ui/views/label_place.h"
#include "ui/views/race_plot.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QToolTip>
#include <QVBoxLayout>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace timestep;

namespace {

/// A plot of times and one of speed-ups, in a window.
class Plots
{
public:
    explicit Plots(QSize size = { 560, 640 }, const Theme& theme = Theme::light())
    {
        window.setPalette(theme.palette());
        window.setFont(sansFont(15));
        auto* layout = new QVBoxLayout(&window);
        layout->setContentsMargins(8, 8, 8, 8);
        times = new RacePlot("measured", "tokens", "ms", RacePlot::Names::Beside);
        speedUps = new RacePlot("plan", "workers", "times", RacePlot::Names::Within);
        layout->addWidget(times);
        layout->addWidget(speedUps);
        window.resize(size);
        window.show();
        if (!QTest::qWaitForWindowExposed(&window))
            qFatal("no window");
        times->setTitle("Time");
        times->setXTicks({ 16, 32, 64, 128, 256, 512, 1024 });
        times->setYTicks({ 0.1, 1, 10, 100, 1000 });
        times->setOvertaking(RaceOvertaking::LowerIsFaster);
        times->setCurves(crossingCurves());
        speedUps->setXTicks({ 1, 4, 16, 64, 256, 1024, 4096 });
        speedUps->setYTicks({ 1, 8, 64, 512, 4096 }, 1);
        speedUps->setCurves(speedUpCurvesOfOneRow());
    }

    /// The note of a dot, if one is seen.
    QString note() const
    {
        const auto* note = window.findChild<DotNote*>();
        return note && note->isVisible() ? note->text() : QString();
    }
    QPoint placeOf(std::size_t curve, std::size_t dot) const
    {
        return times->positionOf(times->curves()[curve].dots[dot]).toPoint();
    }

    QWidget window;
    RacePlot* times;
    RacePlot* speedUps;
};

std::vector<QRectF> textsOf(const RacePlotPlaces& places)
{
    std::vector<QRectF> texts;
    for (const auto* several : { &places.xTicks, &places.yTicks, &places.names, &places.header })
        for (const RacePlotPlaces::Text& text : *several)
            texts.push_back(text.place);
    for (const RacePlotPlaces::Mark& mark : places.marks)
        if (!mark.place.isEmpty())
            texts.push_back(mark.place);
    if (!places.yLabel.isEmpty())
        texts.push_back(places.yLabel);
    return texts;
}

/// The lines of the curves, in pixels of the plot.
std::vector<QLineF> linesOf(const RacePlot& plot)
{
    std::vector<QLineF> lines;
    for (const RaceCurve& curve : plot.curves())
        for (std::size_t dot = 1; dot < curve.dots.size(); ++dot)
            lines.emplace_back(plot.positionOf(curve.dots[dot - 1]) - plot.plotOrigin(),
                plot.positionOf(curve.dots[dot]) - plot.plotOrigin());
    return lines;
}

QImage pictureAround(RacePlot& plot, const RaceDot& dot, int reach)
{
    const QPoint middle = plot.positionOf(dot).toPoint();
    return plot.grab().toImage().copy(
        QRect(middle - QPoint(reach, reach), QSize(2 * reach + 1, 2 * reach + 1)));
}

QStringList textsIn(const std::vector<RacePlotPlaces::Text>& texts)
{
    QStringList strings;
    for (const RacePlotPlaces::Text& text : texts)
        strings << text.text;
    return strings;
}

} // namespace

class RacePlotTest : public QObject
{
    Q_OBJECT
private slots:
    void noTextTouchesAnother_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("fontPixels");
        QTest::addColumn<bool>("linear");
        for (const bool linear : { false, true }) {
            const char* scale = linear ? "linear" : "logarithmic";
            QTest::addRow("large, %s", scale) << QSize(900, 800) << 15 << linear;
            QTest::addRow("small, %s", scale) << QSize(320, 320) << 15 << linear;
            QTest::addRow("low, %s", scale) << QSize(700, 300) << 15 << linear;
            QTest::addRow("narrow, %s", scale) << QSize(300, 700) << 15 << linear;
            QTest::addRow("presentation, %s", scale) << QSize(900, 700) << 27 << linear;
        }
    }

    void noTextTouchesAnother()
    {
        QFETCH(QSize, size);
        QFETCH(int, fontPixels);
        QFETCH(bool, linear);
        Plots plots(size);
        plots.window.setFont(sansFont(fontPixels));
        for (RacePlot* plot : { plots.times, plots.speedUps }) {
            plot->setScale(linear ? RaceScale::Linear : RaceScale::Logarithmic);
            const RacePlotPlaces& places = plot->places();
            QVERIFY(places.xTicks.size() >= 2);
            QVERIFY(!places.yTicks.empty());
            const std::vector<QRectF> texts = textsOf(places);
            for (std::size_t one = 0; one < texts.size(); ++one)
                for (std::size_t other = one + 1; other < texts.size(); ++other)
                    QVERIFY2(!texts[one].intersects(texts[other]),
                        qPrintable(QString("%1 and %2").arg(one).arg(other)));
            for (const QLineF& line : linesOf(*plot)) {
                for (const RacePlotPlaces::Text& name : places.names)
                    QVERIFY2(!crosses(line, name.place), qPrintable(name.text));
                for (const RacePlotPlaces::Mark& mark : places.marks)
                    QVERIFY(mark.place.isEmpty() || !crosses(line, mark.place));
            }
            // Every line is named somewhere.
            const QString all
                = (textsIn(places.names) + textsIn(places.header)).join(QLatin1Char('\n'));
            for (const RaceCurve& curve : plot->curves())
                QVERIFY2(all.contains(curve.label.section(QLatin1Char(':'), 0, 0)),
                    qPrintable(curve.label));
        }
    }

    void numbersAreRead()
    {
        Plots plots({ 900, 800 });
        QCOMPARE(textsIn(plots.speedUps->places().xTicks),
            QStringList({ "1", "4", "16", "64", "256", "1,024", "4,096" }));
        plots.times->setYUnit(RaceUnit::Bytes);
        plots.times->setYTicks({ 1e3, 1e6, 1e9 });
        auto curves = crossingCurves();
        for (RaceCurve& curve : curves)
            for (RaceDot& dot : curve.dots)
                dot.y = dot.lower = dot.upper = 3000 * dot.x;
        plots.times->setCurves(curves);
        QCOMPARE(textsIn(plots.times->places().yTicks), QStringList({ "1 kB", "1 MB", "1 GB" }));
    }

    void aLinearScaleBeginsAtNothing()
    {
        Plots plots;
        plots.times->setScale(RaceScale::Linear);
        const RacePlotPlaces& places = plots.times->places();
        QCOMPARE(places.xTicks.front().text, "0");
        QCOMPARE(places.yTicks.front().text, "0");
        // Twice the number is twice as far.
        const QPointF corner = plots.times->plotOrigin() + places.area.bottomLeft();
        const auto& dots = plots.times->curves()[0].dots;
        const QPointF one = plots.times->positionOf(dots[5]) - corner;
        const QPointF twice = plots.times->positionOf(dots[6]) - corner;
        QVERIFY(std::abs(twice.x() - 2 * one.x()) < 2);
        QVERIFY(std::abs(twice.y() - 2 * one.y()) < 2);
    }

    void disturbedDotsAreRings()
    {
        for (const Theme* theme : { &Theme::light(), &Theme::darkTheme() }) {
            Plots plots({ 560, 640 }, *theme);
            auto curves = crossingCurves();
            curves[0].dots[1].disturbed = true;
            plots.times->setCurves(curves);
            const QColor color = theme->lstm.outline;
            const QImage ring = pictureAround(*plots.times, curves[0].dots[1], 1);
            const QImage disc = pictureAround(*plots.times, curves[0].dots[2], 1);
            QCOMPARE(pixelsOf(ring, theme->window), 9);
            QCOMPARE(pixelsOf(disc, color), 9);
            QVERIFY(pixelsOf(pictureAround(*plots.times, curves[0].dots[1], 6), color) > 8);
        }
    }

    void dotsAtTheEdgeAreWhole()
    {
        Plots plots;
        std::vector<RaceCurve> curves = crossingCurves();
        curves.resize(1);
        curves[0].dots[6].y = curves[0].dots[6].lower = 1e-6; // on a linear scale, at the edge
        plots.times->setCurves(curves);
        plots.times->setScale(RaceScale::Linear);
        const QImage dot = pictureAround(*plots.times, curves[0].dots[6], 3);
        const QColor color = Theme::light().lstm.outline;
        QVERIFY(pixelsOf(dot.copy(0, 4, 7, 3), color) > 10); // its lower half
    }

    void aCrossoverIsMarkedWhereTheLinesMeet()
    {
        Plots plots({ 900, 800 });
        QCOMPARE(plots.times->marks().size(), 1u);
        QCOMPARE(plots.times->marks()[0].text, "between 64 and 256 tokens the LSTM overtakes");
        // Measured at 128, where they are equal, they are not told apart: a range.
        const RacePlotPlaces::Mark& range = plots.times->places().marks.at(0);
        const auto& dots = plots.times->curves()[0].dots;
        const double origin = plots.times->plotOrigin().x();
        QVERIFY(std::abs(range.left + origin - plots.times->positionOf(dots[2]).x()) < 1);
        QVERIFY(std::abs(range.right + origin - plots.times->positionOf(dots[4]).x()) < 1);

        auto curves = crossingCurves();
        for (RaceCurve& curve : curves)
            curve.dots.erase(curve.dots.begin() + 3);
        plots.times->setCurves(curves);
        QCOMPARE(plots.times->marks()[0].text, "from ≈ 130 tokens on the LSTM is faster");
        const RacePlotPlaces::Mark& mark = plots.times->places().marks.at(0);
        const double meeting = plots.times->positionOf(raceDot(128, 12.8)).x();
        QVERIFY(std::abs(mark.left + origin - meeting) < 1);
        QCOMPARE(mark.left, mark.right);
        // It is seen, from top to bottom.
        const QImage picture = plots.times->grab().toImage();
        const QRect column(qRound(meeting) - 1, plots.times->plotOrigin().y() + 40, 3, 100);
        QVERIFY(pixelsOf(picture.copy(column), Theme::light().bracket) > 60);
        QVERIFY(!mark.place.isEmpty());
    }

    void whoeverWins()
    {
        Plots plots({ 900, 800 });
        plots.times->setOvertaking(RaceOvertaking::HigherIsFaster);
        plots.times->setCurves(crossingCurves());
        QCOMPARE(plots.times->marks().at(0).text, "between 64 and 256 tokens attention overtakes");
        plots.times->setOvertaking(RaceOvertaking::LowerIsLess);
        plots.times->setCurves(crossingCurves());
        QCOMPARE(plots.times->marks().at(0).text,
            "between 64 and 256 tokens the LSTM comes to need less");
        plots.times->setOvertaking(RaceOvertaking::NotTold);
        plots.times->setCurves(crossingCurves());
        QVERIFY(plots.times->marks().empty());
    }

    void whatIsNotCertainIsNotClaimed()
    {
        Plots plots;
        auto curves = crossingCurves();
        for (RaceCurve& curve : curves)
            for (RaceDot& dot : curve.dots) {
                dot.lowerMedian = 0.01 * dot.y;
                dot.upperMedian = 100 * dot.y;
            }
        plots.times->setCurves(curves);
        QVERIFY(plots.times->marks().empty());
        // Nor where no interval is known.
        curves = crossingCurves();
        for (RaceCurve& curve : curves)
            for (RaceDot& dot : curve.dots)
                dot = RaceDot { dot.x, dot.y, dot.lower, dot.upper, true, dot.text };
        plots.times->setCurves(curves);
        QVERIFY(plots.times->marks().empty());
    }

    void aBaselineIsPaleAndTakesNoPart()
    {
        Plots plots;
        auto curves = crossingCurves();
        curves.resize(1);
        RaceCurve before = crossingCurves()[1];
        before.baseline = true;
        before.label = "attention before";
        curves.push_back(before);
        plots.times->setCurves(curves);
        QVERIFY(plots.times->marks().empty());
        QCOMPARE(textsIn(plots.times->places().names), QStringList("LSTM"));
        // Hollow, in no full colour, and yet there.
        const QImage dot = pictureAround(*plots.times, before.dots[6], 6);
        QCOMPARE(pixelsOf(dot, Theme::light().attention.outline), 0);
        QVERIFY(pixelsOf(dot, Theme::light().window) < dot.width() * dot.height() - 10);
        QCOMPARE(
            pixelsOf(pictureAround(*plots.times, before.dots[6], 1), Theme::light().window), 9);
        QTest::mouseClick(plots.times, Qt::LeftButton, {}, plots.placeOf(1, 6));
        QVERIFY(plots.note().startsWith("attention before\n1024 tokens"));
    }

    void keysWalkFromDotToDot()
    {
        Plots plots;
        RacePlot& plot = *plots.times;
        const QString summary = plot.accessibleDescription();
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.accessibleDescription(), "16 tokens: 1.6 ms");
        QCOMPARE(plots.note(), plot.accessibleDescription());
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.accessibleDescription(), "32 tokens: 3.2 ms");
        QTest::keyClick(&plot, Qt::Key_Down); // attention is lower here
        QCOMPARE(plot.accessibleDescription(), "32 tokens: 0.8 ms");
        QTest::keyClick(&plot, Qt::Key_Down);
        QCOMPARE(plot.accessibleDescription(), "32 tokens: 0.8 ms");
        QTest::keyClick(&plot, Qt::Key_End);
        QTest::keyClick(&plot, Qt::Key_Down); // the LSTM is
        QCOMPARE(plot.accessibleDescription(), "1024 tokens: 102.4 ms");
        QTest::keyClick(&plot, Qt::Key_Up);
        QTest::keyClick(&plot, Qt::Key_Home);
        QCOMPARE(plot.accessibleDescription(), "16 tokens: 0.2 ms");
        QTest::keyClick(&plot, Qt::Key_Escape);
        QCOMPARE(plot.accessibleDescription(), summary);
        QVERIFY(plots.note().isEmpty());
        // Leaving it ends the walk.
        QTest::keyClick(&plot, Qt::Key_Right);
        plots.speedUps->setFocus();
        QCOMPARE(plot.accessibleDescription(), summary);
    }

    void theFocusIsSeen()
    {
        Plots plots;
        plots.speedUps->setFocus();
        const QColor frame = Theme::light().bracket;
        const QRect edge(0, 0, 2, plots.times->height());
        QCOMPARE(pixelsOf(plots.times->grab().toImage().copy(edge), frame), 0);
        plots.times->setFocus();
        QVERIFY(pixelsOf(plots.times->grab().toImage().copy(edge), frame) > edge.height());
    }

    void aClickPinsUntilEscape()
    {
        Plots plots;
        RacePlot& plot = *plots.times;
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plots.placeOf(0, 4));
        QCOMPARE(plots.note(), "256 tokens: 25.6 ms");
        QVERIFY(pixelsOf(plot.grab().toImage(), Theme::light().pin) > 10);
        plots.speedUps->setFocus(); // leaving does not drop it
        QCOMPARE(plots.note(), "256 tokens: 25.6 ms");
        // Nor do more points.
        auto curves = crossingCurves();
        curves[0].dots.erase(curves[0].dots.begin());
        plot.setCurves(curves);
        QCOMPARE(plots.note(), "256 tokens: 25.6 ms");
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plots.placeOf(0, 5));
        QCOMPARE(plots.note(), "1024 tokens: 102.4 ms");
        const auto* note = plots.window.findChild<DotNote*>();
        QVERIFY(plots.window.rect().contains(note->geometry()));
        plot.hide();
        QVERIFY(plots.note().isEmpty());
        plot.show();
        QVERIFY(!plots.note().isEmpty());
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Escape);
        QVERIFY(plots.note().isEmpty());
        // A dot that is no longer there takes its text with it.
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plots.placeOf(0, 5));
        QVERIFY(!plots.note().isEmpty());
        plot.setCurves({});
        QVERIFY(plots.note().isEmpty());
    }

    void hoveringTells()
    {
        Plots plots({ 900, 800 });
        const auto hover = [&plots](const QPoint& place) {
            QHelpEvent help(QEvent::ToolTip, place, plots.times->mapToGlobal(place));
            QApplication::sendEvent(plots.times, &help);
            return QToolTip::isVisible() ? QToolTip::text() : QString();
        };
        QCOMPARE(hover(plots.placeOf(0, 4) + QPoint(4, 4)), "256 tokens: 25.6 ms");
        const RacePlotPlaces& places = plots.times->places();
        const QPointF besideTheCurves(places.marks[0].right - 1, places.area.top() + 8);
        QCOMPARE(hover(plots.times->plotOrigin() + besideTheCurves.toPoint()),
            plots.times->marks()[0].text);
    }

    void namesGetShorterBeforeThePlotGetsTooSmall()
    {
        Plots plots({ 340, 400 });
        const RacePlotPlaces& places = plots.speedUps->places();
        QVERIFY(places.area.height() > 40);
        const QStringList names = textsIn(places.names) + textsIn(places.header);
        QVERIFY2(names.contains("LSTM, hidden units"), qPrintable(names.join('\n')));
        Plots large({ 900, 800 });
        QVERIFY(textsIn(large.speedUps->places().names)
                    .contains("LSTM, hidden units: a barrier a step"));
        QVERIFY(large.speedUps->places().header.empty());
    }

    /// Above a low plot they would take its height.
    void namesOfALowPlotAreBesideIt()
    {
        int beside = 0;
        for (int height = 260; height <= 420; height += 20) {
            Plots plots({ 490, height });
            auto curves = speedUpCurvesOfOneRow();
            for (RaceCurve& curve : curves)
                if (!curve.planned)
                    curve.dots.back() = raceDot(2, 0.2); // splitting only cost
            plots.speedUps->setCurves(curves);
            const RacePlotPlaces& places = plots.speedUps->places();
            QVERIFY2(places.header.empty(), qPrintable(textsIn(places.header).join('\n')));
            QCOMPARE(places.names.size(), std::size_t(3));
            const bool all = std::all_of(
                places.names.begin(), places.names.end(), [&](const RacePlotPlaces::Text& name) {
                    return name.place.left() > places.area.right()
                        && name.place.right() <= plots.speedUps->width();
                });
            beside += all ? 1 : 0;
        }
        QVERIFY(beside > 0);
    }

    void theTitleTellsWhatItIsOf()
    {
        Plots plots;
        const auto hover = [&plots](const QPoint& place) {
            QHelpEvent help(QEvent::ToolTip, place, plots.times->mapToGlobal(place));
            QApplication::sendEvent(plots.times, &help);
            return QToolTip::isVisible() ? QToolTip::text() : QString();
        };
        QCOMPARE(hover({ 30, 10 }), QString());
        plots.times->setExplanation("Of one length & of all rows.");
        plots.times->setCurves(crossingCurves());
        QCOMPARE(hover({ 30, 10 }), "<qt>Of one length &amp; of all rows.</qt>");
        QVERIFY(plots.times->accessibleDescription().endsWith(" Of one length & of all rows."));
    }

    void doubleClickAndEnterWantItAlone()
    {
        Plots plots;
        QSignalSpy alone(plots.times, &RacePlot::aloneWanted);
        QTest::mouseDClick(plots.times, Qt::LeftButton, {}, QPoint(40, 40));
        QCOMPARE(alone.count(), 1);
        QTest::keyClick(plots.times, Qt::Key_Return);
        QCOMPARE(alone.count(), 2);
        QTest::keyClick(plots.times, Qt::Key_Space); // the workspace's
        QCOMPARE(alone.count(), 2);
    }

    void inWords()
    {
        Plots plots;
        QCOMPARE(plots.times->accessibleDescription(),
            "LSTM: from 1.6 ms at 16 tokens to 102 ms at 1,024 tokens. "
            "attention: from 0.2 ms at 16 tokens to 819 ms at 1,024 tokens. "
            "between 64 and 256 tokens the LSTM overtakes.");
        QVERIFY(plots.speedUps->accessibleDescription().contains("plan, not measured"));
        plots.times->setEmptyText("not measured yet");
        plots.times->setCurves({});
        QCOMPARE(plots.times->accessibleDescription(), "not measured yet");
    }
};

QTEST_MAIN(RacePlotTest)
#include "tst_race_plot.moc"
