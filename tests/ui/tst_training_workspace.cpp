// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pixels_of.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/lanes_view.h"
#include "ui/views/loss_plot.h"
#include "ui/views/main_window.h"
#include "ui/views/theme.h"
#include "ui/views/training_figures_panel.h"
#include "ui/views/training_lanes.h"
#include "ui/views/training_workspace.h"
#include "ui/views/workspaces.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace timestep;

namespace {

constexpr int patience = 60000; // ms

/// The whole window, with the training in front.
class Window
{
public:
    explicit Window(const std::string& text = "Ann has the red key")
        : window(session)
    {
        addWorkspaces(window, session);
        session.openModels({ "untrained" });
        Settings settings = session.settings();
        settings.rows = 8;
        session.setSettings(settings);
        session.setText(text);
        ViewSettings view = window.viewSettings();
        view.theme = ThemeChoice::Light;
        window.setViewSettings(view);
        window.resize(1600, 1000);
        window.show();
        if (!QTest::qWaitForWindowExposed(&window)
            || !QTest::qWaitFor([&] { return session.run() && !session.busy(); }, patience))
            qFatal("no window with models");
        window.setFocus();
        QTest::keyClick(&window, Qt::Key_6);
        workspace = static_cast<TrainingWorkspace*>(window.workspace(6));
        const auto boxes = workspace->findChildren<QComboBox*>();
        task = boxes[0];
        way = boxes[1];
    }

    static void choose(QComboBox* box, int index)
    {
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Home);
        for (int step = 0; step < index; ++step)
            QTest::keyClick(box, Qt::Key_Down);
    }

    QPushButton* button(const char* name) const
    {
        return workspace->bottomBar()->findChild<QPushButton*>(QLatin1String(name));
    }
    void click(const char* name) const { QTest::mouseClick(button(name), Qt::LeftButton); }
    QString note() const
    {
        return workspace->bottomBar()->findChild<ElidedLabel*>("trainingNote")->fullText();
    }
    const std::vector<TrainingPoint>& points() const
    {
        return workspace->runner().progress(ModelKind::Attention).points;
    }
    bool trains(std::size_t steps) const
    {
        return QTest::qWaitFor([&] { return points().size() >= steps; }, patience);
    }
    bool rests() const
    {
        return QTest::qWaitFor([&] { return !workspace->runner().running(); }, patience);
    }
    bool shows(const QString& text) const
    {
        const auto labels = workspace->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
            [&](const QLabel* label) { return label->isVisible() && label->text() == text; });
    }

    Session session;
    MainWindow window;
    TrainingWorkspace* workspace = nullptr;
    QComboBox* task = nullptr;
    QComboBox* way = nullptr;
};

} // namespace

class TrainingWorkspaceTest : public QObject
{
    Q_OBJECT
private slots:
    void trainingIsSeen()
    {
        Window window;
        QCOMPARE(window.window.currentWorkspace(), 6);
        QVERIFY(window.workspace->sentence().contains("Press Train"));
        Window::choose(window.task, 1); // recall, 1 pair
        window.click("trainingNext");
        QVERIFY(window.trains(20));
        QCOMPARE(window.button("trainingNext")->text(), QString("■  Stop"));
        window.click("trainingNext");
        QVERIFY(window.rests());
        QVERIFY(window.workspace->sentence().contains("4 sub-batches on"));

        auto* plot = window.workspace->findChild<LossPlot*>();
        QCOMPARE(plot->curves().size(), std::size_t(2));
        QCOMPARE(plot->curves()[1].x.size(), window.points().size());
        const QImage curves = plot->grab().toImage();
        const Theme& theme = Theme::light();
        QVERIFY(pixelsOf(curves, theme.lstm.outline) > 20);
        QVERIFY(pixelsOf(curves, theme.attention.outline) > 20);

        auto* lanes = window.workspace->findChild<LanesView*>();
        QCOMPARE(lanes->picture().groups.size(), std::size_t(2));
        const QImage spans = lanes->grab().toImage();
        QVERIFY(pixelsOf(spans, theme.lstm.running) > 100);
        QVERIFY(pixelsOf(spans, theme.attention.running) > 100);

        QVERIFY(window.shows("on one thread"));
        QVERIFY(window.shows("0"));
        const auto& check = window.workspace->runner().progress(ModelKind::Lstm).trial->check;
        QVERIFY(window.shows(QLocale(QLocale::English).toString(check.oneThread.numbers)));

        // The numbers of what is shown: a line a step in CSV, the trial in JSON.
        const auto formats = window.workspace->dataFormats();
        const QByteArray csv = QByteArray::fromStdString(dataFormatOf(formats, "a.csv")->write());
        const auto& runner = window.workspace->runner();
        QCOMPARE(std::size_t(csv.count('\n')),
            1 + runner.progress(ModelKind::Lstm).points.size()
                + runner.progress(ModelKind::Attention).points.size());
        QVERIFY(csv.startsWith("model,step,loss,"));
        const auto json = nlohmann::json::parse(dataFormatOf(formats, "a.json")->write());
        QCOMPARE(json["models"][1]["steps"].size(), window.points().size());
        QCOMPARE(json["models"][0]["trial"]["one_thread"]["differing"].get<int>(), 0);
    }

    void stopAndContinueByKey()
    {
        Window window;
        Window::choose(window.task, 1);
        window.workspace->setFocus();
        QTest::keyClick(window.workspace, Qt::Key_Space);
        QVERIFY(window.trains(3));
        QTest::keyClick(window.workspace, Qt::Key_Space);
        QVERIFY(window.rests());
        const std::size_t before = window.points().size();
        QCOMPARE(window.button("trainingNext")->text(), QString("▶  Continue"));
        QTest::keyClick(window.workspace, Qt::Key_Space);
        QVERIFY(window.trains(before + 1));
        QCOMPARE(window.points()[before].step.number, static_cast<std::int64_t>(before) + 1);
        QTest::keyClick(window.workspace, Qt::Key_Space);
        QVERIFY(window.rests());
    }

    void keptModelsAreThoseOfAllWorkspaces()
    {
        Window window;
        const ModelPair before = window.session.models();
        Window::choose(window.task, 1);
        window.click("trainingNext");
        QVERIFY(window.trains(5));
        window.click("trainingKeep");
        QVERIFY(QTest::qWaitFor(
            [&] { return window.session.models().lstm->name == "trained-lstm"; }, patience));
        QVERIFY(window.workspace->runner().running()); // goes on
        window.click("trainingNext");
        QVERIFY(window.rests());
        // The text is read anew, byte by byte.
        QVERIFY(QTest::qWaitFor(
            [&] { return window.session.run()->tokens.size() == 19 && !window.session.busy(); },
            patience));
        QVERIFY(window.note().contains("q3=7 a9=1 q3="));
        window.session.editText("q3=7 a9=1 q3=");
        QVERIFY(
            QTest::qWaitFor([&] { return window.session.run()->tokens.size() == 13; }, patience));
        QVERIFY(window.session.run()->lstm != nullptr);
        QTest::keyClick(window.workspace, Qt::Key_2);
        QCOMPARE(window.window.currentWorkspace(), 2);
        QVERIFY(!window.window.workspace(2)->sentence().isEmpty());
        QTest::keyClick(&window.window, Qt::Key_6);
        QVERIFY(window.button("trainingPutBack")->isVisible());
        window.click("trainingPutBack");
        QVERIFY(QTest::qWaitFor(
            [&] { return window.session.models().lstm->name == before.lstm->name; }, patience));
        QVERIFY(!window.button("trainingPutBack")->isVisible());
    }

    void theWayIsSwitchedWhileItTrains()
    {
        Window window;
        Window::choose(window.task, 1);
        window.click("trainingNext");
        QVERIFY(window.trains(3));
        for (const int way : { 1, 2, 3 }) {
            Window::choose(window.way, way);
            QVERIFY(QTest::qWaitFor(
                [&] {
                    return static_cast<int>(window.workspace->runner().courses().back().way) == way
                        && static_cast<std::size_t>(window.points().back().course) + 1
                        == window.workspace->runner().courses().size();
                },
                patience));
        }
        QVERIFY(QTest::qWaitFor([&] { return window.shows("copies apart"); }, patience));
        QVERIFY(QTest::qWaitFor(
            [&] { return window.workspace->sentence().startsWith("4 copies"); }, patience));
        window.click("trainingNext");
        QVERIFY(window.rests());
    }

    void aTextThatIsTooShortSaysSo()
    {
        Window window("");
        QVERIFY(!window.button("trainingNext")->isEnabled());
        QVERIFY(window.note().contains("type at least 3 tokens"));
        window.session.setText("Ann has the red key");
        QVERIFY(
            QTest::qWaitFor([&] { return window.button("trainingNext")->isEnabled(); }, patience));
        window.click("trainingNext");
        QVERIFY(window.trains(2));
        window.session.setText("b"); // what is trained on stays
        QVERIFY(window.trains(window.points().size() + 2));
        window.click("trainingNext");
        QVERIFY(window.rests());
        QCOMPARE(window.button("trainingNext")->text(), QString("▶  Continue"));
        QVERIFY(window.note().contains("Start anew"));
        QVERIFY(!window.button("trainingAnew")->isEnabled()); // not on one letter
    }

    void typingGoesOnWhileItTrains()
    {
        Window window;
        Window::choose(window.task, 2);
        window.click("trainingNext");
        QVERIFY(window.trains(2));
        const std::size_t before = window.points().size();
        window.session.editText("Bob");
        QVERIFY(QTest::qWaitFor([&] { return window.session.run()->text == "Bob"; }, patience));
        QVERIFY(window.trains(before + 5));
        window.click("trainingNext");
        QVERIFY(window.rests());
    }

    void theThresholdIsTypedAndDragged()
    {
        Window window;
        Window::choose(window.task, 1);
        window.click("trainingNext");
        QVERIFY(window.trains(20));
        window.click("trainingNext");
        QVERIFY(window.rests());
        auto* plot = window.workspace->findChild<LossPlot*>();
        auto* field = window.workspace->findChild<QDoubleSpinBox*>();
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, "2.5");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(plot->threshold(), 2.5);
        const double x = plot->curves()[0].x[plot->curves()[0].x.size() / 2];
        const QPoint line = plot->positionOf(x, 2.5).toPoint();
        const QPoint lower = plot->positionOf(x, 1.25).toPoint();
        QTest::mousePress(plot, Qt::LeftButton, {}, line);
        QTest::mouseMove(plot, lower);
        QTest::mouseRelease(plot, Qt::LeftButton, {}, lower);
        QVERIFY(plot->threshold() < 2);
        QVERIFY(qAbs(field->value() - plot->threshold()) < 0.001);
    }

    void darkAndSmallWindowsShowTheSame()
    {
        Window window;
        Window::choose(window.task, 1);
        window.click("trainingNext");
        QVERIFY(window.trains(5));
        window.click("trainingNext");
        QVERIFY(window.rests());
        ViewSettings view = window.window.viewSettings();
        view.theme = ThemeChoice::Dark;
        window.window.setViewSettings(view);
        window.window.resize(1280, 720);
        QTest::qWait(50);
        auto* lanes = window.workspace->findChild<LanesView*>();
        const QImage spans = lanes->grab().toImage();
        QVERIFY(pixelsOf(spans, Theme::darkTheme().lstm.running) > 50);
        QVERIFY(pixelsOf(spans, Theme::darkTheme().attention.running) > 50);
        const LanesLayout layout = lanes->layoutNow();
        QVERIFY(layout.namesFit());
        QVERIFY(layout.lane(1, 1).bottom() <= lanes->height());
    }
};

QTEST_MAIN(TrainingWorkspaceTest)
#include "tst_training_workspace.moc"
