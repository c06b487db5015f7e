// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pixels_of.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/race_controls.h"
#include "ui/views/race_plot.h"
#include "ui/views/race_verdict_panel.h"
#include "ui/views/race_workspace.h"
#include "ui/views/sweep_table.h"
#include "ui/views/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>
#include <QtTest>

#include <algorithm>
#include <set>

using namespace timestep;

namespace {

/// The workspace above its bar, as the window shows them, over a session with a text.
class Window
{
public:
    Window()
    {
        session.openModels({ "untrained" });
        Settings settings = session.settings();
        settings.rows = 4;
        session.setSettings(settings);
        session.setText("Ann has the red key");
        workspace = new RaceWorkspace(session);
        auto* layout = new QVBoxLayout(&window);
        layout->addWidget(workspace, 1);
        layout->addWidget(workspace->bottomBar());
        workspace->bottomBar()->show();
        window.setPalette(Theme::light().palette());
        window.resize(1180, 760);
        window.show();
        if (!QTest::qWaitForWindowExposed(&window))
            qFatal("no window");
        choose(box("Lengths"), 0); // to 256 tokens
        choose(box("Runs of each point"), 0); // 5
        pair = box("What is compared");
        start = workspace->bottomBar()->findChild<QPushButton*>();
        if (!QTest::qWaitFor([&] { return start->isEnabled(); }, 30000))
            qFatal("cannot be started");
    }

    QComboBox* box(const QString& name) const
    {
        for (QComboBox* box : workspace->findChildren<QComboBox*>())
            if (box->accessibleName() == name)
                return box;
        qFatal("no such choice");
    }
    QPushButton* button(const QString& text) const
    {
        for (QPushButton* button : workspace->findChildren<QPushButton*>())
            if (button->text() == text)
                return button;
        qFatal("no such button");
    }
    QStringList plotTitles() const
    {
        QStringList titles;
        for (const RacePlot* plot : workspace->findChildren<RacePlot*>())
            if (plot->isVisible())
                titles.append(plot->accessibleName());
        return titles;
    }

    static void choose(QComboBox* box, int index)
    {
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Home);
        for (int step = 0; step < index; ++step)
            QTest::keyClick(box, Qt::Key_Down);
    }

    bool measured(std::size_t points)
    {
        return QTest::qWaitFor(
            [&] { return workspace->runner().points().size() >= points; }, 120000);
    }

    QString barText(const QString& label) const
    {
        return workspace->bottomBar()->findChild<QLabel*>(label)->text();
    }
    QString note() const
    {
        return workspace->bottomBar()->findChild<ElidedLabel*>("raceNote")->fullText();
    }

    Session session;
    QWidget window;
    RaceWorkspace* workspace;
    QComboBox* pair = nullptr;
    QPushButton* start = nullptr;
};

} // namespace

class RaceWorkspaceTest : public QObject
{
    Q_OBJECT
private slots:
    void pointsAppearAndStopKeepsThem()
    {
        Window window;
        QVERIFY(window.workspace->sentence().startsWith("Which is faster"));
        QTest::mouseClick(window.start, Qt::LeftButton);
        QVERIFY(window.measured(8));
        QVERIFY(window.barText("raceMeasured").startsWith("measured <b>"));
        QTest::keyClick(window.workspace, Qt::Key_Space);
        QVERIFY(!window.workspace->runner().running());
        const auto kept = window.workspace->runner().points();
        QVERIFY(kept.size() >= 8);
        // Every point is a dot in one of the plots or in two.
        std::size_t dots = 0;
        for (const RacePlot* plot : window.workspace->findChildren<RacePlot*>())
            for (const RaceCurve& curve : plot->curves())
                dots += curve.planned ? 0 : curve.dots.size();
        std::size_t places = 0;
        for (const RacePoint& point : kept)
            places += point.places.size();
        QVERIFY(dots > 0 && dots <= places);
        // A second start begins anew.
        QTest::mouseClick(window.start, Qt::LeftButton);
        QVERIFY(window.workspace->runner().points().size() < kept.size());
        window.workspace->runner().stop();
    }

    void dotsAreWhereTheirNumbersAre()
    {
        Window window;
        window.workspace->toggle();
        QVERIFY(window.measured(20));
        window.workspace->toggle();
        RacePlot* plot = window.workspace->findChildren<RacePlot*>().front();
        const QImage picture = plot->grab().toImage();
        int seen = 0;
        for (const RaceCurve& curve : plot->curves()) {
            const QColor color = curve.line == RaceLine::Attention
                ? Theme::light().attention.outline
                : Theme::light().lstm.outline;
            for (const RaceDot& dot : curve.dots) {
                const QPoint place = plot->positionOf(dot).toPoint();
                QVERIFY(plot->rect().contains(place));
                const QRect around(
                    place - QPoint(5, 5), QSize(11, 11)); // a disturbed one is a ring
                seen += pixelsOf(picture.copy(around), color) > 0 ? 1 : 0;
            }
        }
        QVERIFY(seen > 0);
    }

    void plansAreThereBeforeAnythingIsMeasured()
    {
        Window window;
        QTRY_VERIFY(!window.workspace->runner().planning());
        for (const RacePlot* plot : window.workspace->findChildren<RacePlot*>()) {
            if (plot->accessibleName().startsWith("Speed-up"))
                QVERIFY(pixelsOf(const_cast<RacePlot*>(plot)->grab().toImage(),
                            Theme::light().attention.outline)
                    > 50);
        }
    }

    void theLengthOfTheSpeedUpsIsChosenAndExplained()
    {
        Window window;
        const auto speedUp = [&window] {
            for (const RacePlot* plot : window.workspace->findChildren<RacePlot*>())
                if (plot->accessibleName().startsWith("Speed-up, 1 row"))
                    return std::pair(plot->accessibleName(), plot->accessibleDescription());
            return std::pair(QString(), QString());
        };
        // As the text, which is shorter than the shortest there is.
        QTRY_COMPARE(speedUp().first, "Speed-up, 1 row, 16 tokens");
        QTRY_VERIFY2(speedUp().second.contains("the power of two that holds the text"),
            qPrintable(speedUp().second));
        window.box("Length of the speed-ups")->setCurrentIndex(1);
        QTRY_COMPARE(speedUp().first, "Speed-up, 1 row, 256 tokens");
        QTRY_VERIFY2(speedUp().second.contains("the longest of which all rows can be planned"),
            qPrintable(speedUp().second));
        QCOMPARE(window.workspace->runner().request().speedUpLength, 256);
    }

    void controlsAndFiguresStayWhilePlotsAreScrolled()
    {
        Window window;
        window.window.resize(680, 330);
        QCoreApplication::processEvents();
        const auto inWindow = [&window](const QWidget& widget) {
            return QRect(widget.mapTo(&window.window, QPoint()), widget.size());
        };
        const QRect controls = inWindow(window.workspace->controls());
        const auto plots = window.workspace->findChildren<RacePlot*>();
        QScrollArea* scroll = nullptr;
        for (QScrollArea* area : window.workspace->findChildren<QScrollArea*>())
            if (area->isAncestorOf(plots[0]))
                scroll = area;
        QVERIFY(scroll);
        QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > plots[0]->height() / 2);
        // One row of them is whole.
        for (const RacePlot* plot : { plots[0], plots[1] })
            QCOMPARE(plot->visibleRegion().boundingRect(), plot->rect());
        scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
        QCoreApplication::processEvents();
        QCOMPARE(plots[3]->visibleRegion().boundingRect(), plots[3]->rect());
        QCOMPARE(inWindow(window.workspace->controls()), controls);
        QVERIFY(window.window.rect().contains(controls));
        QVERIFY(controls.height() <= 2 * window.box("Lengths")->height()); // one row
    }

    void whatLinesMeanIsReadAtEverySize_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("fontPixels");
        QTest::newRow("large") << QSize(1600, 1000) << 15;
        QTest::newRow("small") << QSize(1040, 480) << 15;
        QTest::newRow("small, large letters") << QSize(940, 480) << 22;
    }

    void whatLinesMeanIsReadAtEverySize()
    {
        QFETCH(QSize, size);
        QFETCH(int, fontPixels);
        Window window;
        QFont font = window.window.font();
        font.setPixelSize(fontPixels);
        window.window.setFont(font);
        window.window.resize(size);
        window.workspace->toggle();
        QVERIFY(window.measured(12));
        window.workspace->toggle();
        for (const RacePlot* plot : window.workspace->findChildren<RacePlot*>()) {
            const auto* title = plot->findChild<QLabel*>();
            QVERIFY(title->isVisible());
            QVERIFY(title->text().contains(plot->accessibleName().startsWith("Speed-up")
                    ? "plan,&nbsp;not&nbsp;measured"
                    : "middle&nbsp;half"));
            QVERIFY(title->height() >= title->heightForWidth(title->width()));
            QVERIFY(title->width() >= title->minimumSizeHint().width());
        }
        const auto* figures = window.workspace->findChild<QLabel*>("raceFigures");
        QVERIFY(figures->isVisible());
        QVERIFY(figures->text().startsWith("Share of the measured peak"));
        QTRY_VERIFY(figures->height() >= figures->heightForWidth(figures->width()));
        // No control reaches beyond the edge.
        for (const QComboBox* box : window.workspace->findChildren<QComboBox*>())
            QVERIFY(!box->isVisible() || box->geometry().right() < window.workspace->width());
        for (const QPushButton* button : window.workspace->findChildren<QPushButton*>())
            QVERIFY(!button->isVisible() || button->geometry().right() < window.workspace->width());
    }

    void whatGoesOnIsToldAtOnce()
    {
        Window window;
        QCOMPARE(window.note(), "not measured yet");
        window.workspace->toggle();
        QVERIFY(!window.note().isEmpty() && window.note() != "not measured yet");
        QTRY_VERIFY_WITH_TIMEOUT(window.note().startsWith("warming up: "), 60000);
        QVERIFY2(window.note().endsWith(" tokens"), qPrintable(window.note()));
        QTRY_VERIFY_WITH_TIMEOUT(window.note().startsWith("run 2 of 5: "), 120000);
        window.workspace->toggle();
        QVERIFY(window.note().isEmpty());
    }

    void theShortestLengthsComeFirst()
    {
        Window window;
        window.choose(window.pair, 1); // bare layers
        window.workspace->toggle();
        QVERIFY(window.measured(4));
        for (const RacePoint& race : window.workspace->runner().points())
            if (race.point.repeats == 1)
                QVERIFY(race.point.cell.length < 256);
        window.workspace->toggle();
    }

    void rowsAreMeasuredInTheSubBatchesThatAreSet()
    {
        Window window;
        Settings settings = window.session.settings();
        settings.subBatches = 2;
        settings.threads = 1;
        window.session.setSettings(settings);
        window.workspace->toggle();
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto& points = window.workspace->runner().points();
                return std::any_of(points.begin(), points.end(),
                    [](const RacePoint& race) { return race.point.cell.batch == 4; });
            },
            120000));
        window.workspace->toggle();
        for (const RacePoint& race : window.workspace->runner().points())
            QCOMPARE(race.point.cell.subBatches, race.point.cell.batch == 4 ? 2 : 1);
        // What is shown is no longer what is set.
        settings.subBatches = 4;
        window.session.setSettings(settings);
        QTRY_VERIFY(window.note().endsWith("Start measures anew"));
    }

    void aTableTooWideEndsInDots()
    {
        SweepPointModel model;
        SweepTable table(model);
        RacePoint race { { { RacePicture::TimeOfRows, RaceLine::Lstm } }, {} };
        race.point.medianMs = race.point.lowerQuartileMs = race.point.upperQuartileMs = 1234.5;
        race.point.peakGflops = 1;
        model.setPoints({ race });
        table.resize(2000, 200);
        table.show();
        const auto wholeTexts = [&table] {
            for (int column = 0; column < SweepPointModel::ColumnCount; ++column) {
                const QString text = table.model()->index(0, column).data().toString();
                const QString header = table.model()->headerData(column, Qt::Horizontal).toString();
                const int width = table.columnWidth(column);
                if (width < table.fontMetrics().horizontalAdvance(text)
                    || width < table.fontMetrics().horizontalAdvance(header))
                    return false;
            }
            return true;
        };
        QVERIFY(wholeTexts());
        QVERIFY(!table.horizontalScrollBar()->isVisible());
        table.resize(300, 200);
        QTRY_VERIFY(table.horizontalScrollBar()->isVisible());
        QVERIFY(wholeTexts());
        // At the right edge no letter is cut: what is drawn ends before the edge.
        const QImage picture = table.viewport()->grab().toImage();
        const QRgb paper = picture.pixel(picture.width() - 1, picture.height() - 1);
        for (int y = 0; y < table.rowHeight(0); ++y)
            QCOMPARE(picture.pixel(picture.width() - 1, y), paper);
    }

    void theTableHasTheArithmetic()
    {
        Window window;
        window.workspace->toggle();
        QVERIFY(window.measured(3));
        window.workspace->toggle();
        auto* table = window.workspace->findChild<QTableView*>();
        QVERIFY(!table->isVisible());
        QTest::mouseClick(window.button("Table"), Qt::LeftButton);
        QVERIFY(table->isVisible());
        QCOMPARE(table->model()->rowCount(),
            static_cast<int>(window.workspace->runner().points().size()));
    }

    void csvHasTheColumnsOfBench()
    {
        Window window;
        window.choose(window.pair, 1); // bare layers
        window.workspace->toggle();
        QVERIFY(window.measured(4));
        window.workspace->toggle();
        const auto formats = window.workspace->dataFormats();
        const DataFormat* csv = dataFormatOf(formats, "race.csv");
        QVERIFY(csv);
        const QList<QByteArray> lines
            = QByteArray::fromStdString(csv->write()).trimmed().split('\n');
        QCOMPARE(lines.front(),
            QByteArray("compute,pass,strategy,length,batch,sub_batches,width,heads,layers,threads,"
                       "kernel,repeats,median_ms,min_ms,p90_ms,gflops,peak_gflops,flops,parameters,"
                       "state_bytes,peak_bytes,speedup_bound,max_error,lower_quartile_ms,"
                       "upper_quartile_ms,median_lower_ms,median_upper_ms,disturbed_repeats,"
                       "disturbed,read_gbps"));
        QCOMPARE(std::size_t(lines.size()) - 1, window.workspace->runner().points().size());
        for (const QByteArray& line : lines.mid(1))
            QVERIFY(QRegularExpression("^(lstm|attention-causal),(inference|generation),")
                        .match(QString::fromUtf8(line))
                        .hasMatch());
        // As bench has it: an LSTM has no heads. And no cell is there twice.
        std::set<QByteArray> cells;
        for (const QByteArray& line : lines.mid(1)) {
            const QList<QByteArray> fields = line.split(',');
            QCOMPARE(fields[7], fields[0] == "lstm" ? QByteArray("0") : QByteArray("4"));
            QVERIFY(cells.insert(fields.mid(0, 10).join(',')).second);
        }
    }

    void eachQuestionHasItsPictures()
    {
        Window window;
        QComboBox* question = window.box("Against what the pictures are drawn");
        QCOMPARE(window.plotTitles().size(), 4);
        window.choose(question, 1);
        QCOMPARE(window.plotTitles().size(), 3);
        QVERIFY(window.plotTitles()[1].startsWith("Throughput"));
        window.choose(question, 2);
        QCOMPARE(window.plotTitles().size(), 2);
        QVERIFY(window.plotTitles()[1].startsWith("Speed-up"));
        window.choose(question, 3);
        QVERIFY(window.plotTitles()[0].startsWith("Memory of reading"));
        QVERIFY(!window.box("What is timed")->isEnabled());
        QVERIFY(window.workspace->sentence().contains("whatever the length"));
        window.choose(question, 0);
        window.choose(window.box("What is timed"), 1);
        QVERIFY(window.plotTitles()[0].startsWith("Training step"));
    }

    void whatWasMeasuredIsThereAgainAfterAnotherQuestion()
    {
        Window window;
        window.workspace->toggle();
        QVERIFY(window.measured(4));
        window.workspace->toggle();
        const auto points = window.workspace->runner().points().size();
        QComboBox* question = window.box("Against what the pictures are drawn");
        window.choose(question, 1);
        QVERIFY(window.workspace->runner().points().empty());
        QCOMPARE(window.workspace->measurements().size(), std::size_t(1));
        window.choose(question, 0);
        QCOMPARE(window.workspace->runner().points().size(), points);
    }

    void aBaselineStaysBesideWhatIsMeasuredNext()
    {
        Window window;
        QVERIFY(!window.button("Baseline")->isEnabled());
        window.workspace->toggle();
        QVERIFY(window.measured(12));
        window.workspace->toggle();
        QTest::mouseClick(window.button("Baseline"), Qt::LeftButton);
        const auto baselineDots = [&] {
            std::size_t dots = 0;
            for (const RacePlot* plot : window.workspace->findChildren<RacePlot*>())
                for (const RaceCurve& curve : plot->curves())
                    dots += curve.baseline ? curve.dots.size() : 0;
            return dots;
        };
        const std::size_t kept = baselineDots();
        QVERIFY(kept > 0);
        window.workspace->toggle(); // anew
        QCOMPARE(baselineDots(), kept);
        window.workspace->toggle();
        QTest::mouseClick(window.button("Baseline"), Qt::LeftButton);
        QCOMPARE(baselineDots(), std::size_t(0));
    }

    void theVerdictHasAPageOfItsOwn()
    {
        Window window;
        auto* panel = window.workspace->findChildren<RaceVerdictPanel*>().back();
        QVERIFY(!panel->isVisible());
        QTest::mouseClick(window.button("Verdict"), Qt::LeftButton);
        QVERIFY(panel->isVisible());
        QCOMPARE(panel->text().count(QLatin1Char('\n')), 2); // three claims
        QVERIFY(panel->text().contains("being written"));
        QTest::mouseClick(window.button("Table"), Qt::LeftButton);
        QVERIFY(!panel->isVisible());
        QVERIFY(window.workspace->findChild<QTableView*>()->isVisible());
        QTest::mouseClick(window.button("Table"), Qt::LeftButton);
        QCOMPARE(window.plotTitles().size(), 4);
    }

    void aTextIsNeededForModels()
    {
        Window window;
        window.session.setText("");
        QTRY_VERIFY(window.note().contains("type a text")); // once the models are made
        QVERIFY(!window.start->isEnabled());
        window.choose(window.pair, 1);
        QVERIFY(window.start->isEnabled());
    }

    void closingWhileMeasuring()
    {
        Window window;
        window.workspace->toggle();
        QVERIFY(window.measured(1));
    }
};

QTEST_MAIN(RaceWorkspaceTest)
#include "tst_race_workspace.moc"
