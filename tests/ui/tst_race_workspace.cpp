// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"
#include "ui/views/race_plot.h"
#include "ui/views/race_workspace.h"
#include "ui/views/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QVBoxLayout>
#include <QtTest>

using namespace timestep;

namespace {

/// The workspace above its bar, as the window shows them, over a session with a text.
class Window
{
public:
    Window()
    {
        session.openModels({}); // the untrained pair
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
        const auto boxes = workspace->findChildren<QComboBox*>();
        choose(boxes[1], 0); // to 256 tokens
        choose(boxes[2], 0); // 5 runs
        pair = boxes[0];
        start = workspace->bottomBar()->findChild<QPushButton*>();
        if (!QTest::qWaitFor([&] { return start->isEnabled(); }, 30000))
            qFatal("cannot be started");
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

    QString barText() const { return workspace->bottomBar()->findChild<QLabel*>()->text(); }

    Session session;
    QWidget window;
    RaceWorkspace* workspace;
    QComboBox* pair = nullptr;
    QPushButton* start = nullptr;
};

/// Pixels of about this colour.
int pixelsOf(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixel(x, y) == color.rgb() ? 1 : 0;
    return count;
}

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
        QVERIFY(window.barText().startsWith("measured <b>"));
        QTest::keyClick(window.workspace, Qt::Key_Space);
        QVERIFY(!window.workspace->runner().running());
        const auto kept = window.workspace->runner().points();
        QVERIFY(kept.size() >= 8);
        // Every point is a dot in one of the plots.
        std::size_t dots = 0;
        for (const RacePlot* plot : window.workspace->findChildren<RacePlot*>())
            for (const RaceCurve& curve : plot->curves())
                dots += curve.planned ? 0 : curve.dots.size();
        QVERIFY(dots > 0 && dots <= kept.size());
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
                seen += picture.pixel(place) == color.rgb() ? 1 : 0;
            }
        }
        QVERIFY(seen > 0);
    }

    void plansAreThereBeforeAnythingIsMeasured()
    {
        Window window;
        QTRY_VERIFY(!window.workspace->runner().lines().empty());
        for (const RacePlot* plot : window.workspace->findChildren<RacePlot*>()) {
            if (plot->accessibleName().startsWith("Speed-up"))
                QVERIFY(pixelsOf(const_cast<RacePlot*>(plot)->grab().toImage(),
                            Theme::light().attention.outline)
                    > 50);
        }
    }

    void theTableHasTheArithmetic()
    {
        Window window;
        window.workspace->toggle();
        QVERIFY(window.measured(3));
        window.workspace->toggle();
        auto* table = window.workspace->findChild<QTableView*>();
        QVERIFY(!table->isVisible());
        for (QPushButton* button : window.workspace->findChildren<QPushButton*>())
            if (button->isCheckable())
                QTest::mouseClick(button, Qt::LeftButton);
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
        QTemporaryDir folder;
        const QString file = folder.filePath("race.csv");
        QVERIFY(window.workspace->saveCsv(file));
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = csv.readAll().trimmed().split('\n');
        QCOMPARE(lines.front(),
            QByteArray("compute,pass,strategy,length,batch,sub_batches,width,heads,layers,threads,"
                       "kernel,repeats,median_ms,min_ms,p90_ms,gflops,peak_gflops,flops,parameters,"
                       "state_bytes,peak_bytes,speedup_bound,max_error"));
        QCOMPARE(std::size_t(lines.size()) - 1, window.workspace->runner().points().size());
        for (const QByteArray& line : lines.mid(1))
            QVERIFY(line.startsWith("lstm,inference,")
                || line.startsWith("attention-causal,inference,"));
        QVERIFY(!window.workspace->saveCsv(folder.filePath("no such folder/race.csv")));
    }

    void aTextIsNeededForModels()
    {
        Window window;
        window.session.setText("");
        QTRY_VERIFY(window.barText().contains("type a text")); // once the models are made
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
