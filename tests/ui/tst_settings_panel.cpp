// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/number_slider.h"
#include "ui/views/settings_panel.h"

#include <QCheckBox>
#include <QSpinBox>
#include <QTest>

using namespace timestep;

class SettingsPanelTest : public QObject
{
    Q_OBJECT
private slots:
    void theThirdSliderIsWhatTheWorkspaceWants()
    {
        Session session;
        SettingsPanel panel(session);
        panel.show();
        QVERIFY(number(panel, "Workers (imagined)")->isVisible());
        QVERIFY(!number(panel, "Threads")->isVisible());
        panel.showWorkers(Workers::Threads);
        QVERIFY(!number(panel, "Workers (imagined)")->isVisible());
        QVERIFY(number(panel, "Threads")->isVisible());
    }

    void theTextMayBePlannedAsBeingWritten()
    {
        Session session;
        SettingsPanel panel(session);
        panel.show();
        auto* written = panel.findChild<QCheckBox*>(QStringLiteral("beingWritten"));
        panel.showPlanSwitches(false);
        QVERIFY(!written->isVisible());
        panel.showPlanSwitches(true);
        QTest::mouseClick(written, Qt::LeftButton, {}, { 8, written->height() / 2 });
        QVERIFY(session.settings().beingWritten);
        QTest::keyClick(written, Qt::Key_Space);
        QVERIFY(!session.settings().beingWritten);
    }

    void whatIsTrainedIsNotBeingWritten()
    {
        Session session;
        SettingsPanel panel(session);
        panel.show();
        const auto box = [&panel](const char* name) {
            return panel.findChild<QCheckBox*>(QString::fromLatin1(name));
        };
        box("beingWritten")->click();
        box("plannedTraining")->click();
        QVERIFY(session.settings().plannedTraining);
        QVERIFY(!box("beingWritten")->isEnabled());
        QVERIFY(!box("beingWritten")->isChecked());
        box("plannedTraining")->click();
        QVERIFY(box("beingWritten")->isChecked()); // as before
    }

    void whatRunsIsPlannedBesideIt()
    {
        Session session;
        SettingsPanel panel(session);
        panel.show();
        panel.findChild<QCheckBox*>(QStringLiteral("plannedTraining"))->click();
        panel.findChild<QCheckBox*>(QStringLiteral("besideTrace"))->click();
        QVERIFY(session.settings().besideTrace);
        QVERIFY(!session.settings().plannedTraining);
        QCOMPARE(session.settings().plannedLayer, -1);
        auto* all = panel.findChild<QCheckBox*>(QStringLiteral("allLayers"));
        QVERIFY(all->isChecked());
        all->click();
        QCOMPARE(session.settings().plannedLayer, 0);
    }

    void aRealRunIsOfReadingAlone_data()
    {
        QTest::addColumn<QString>("other");
        QTest::newRow("training") << "plannedTraining";
        QTest::newRow("being written") << "beingWritten";
    }

    void aRealRunIsOfReadingAlone()
    {
        QFETCH(QString, other);
        Session session;
        SettingsPanel panel(session);
        panel.show();
        auto* beside = panel.findChild<QCheckBox*>(QStringLiteral("besideTrace"));
        auto* box = panel.findChild<QCheckBox*>(other);
        beside->click();
        box->click();
        QVERIFY(box->isChecked());
        QVERIFY(!beside->isChecked());
        QVERIFY(!session.settings().besideTrace);
        beside->click();
        QVERIFY(!box->isChecked());
        QVERIFY(beside->isChecked());
    }

    void threadsAreThoseOfTheSession()
    {
        Session session;
        SettingsPanel panel(session);
        panel.showWorkers(Workers::Threads);
        panel.show();
        QSpinBox* threads = number(panel, "Threads");
        QCOMPARE(threads->value(), session.settings().threads);
        QCOMPARE(threads->maximum(), 2 * session.cores());
        const int workers = session.settings().workers;
        threads->setFocus();
        threads->selectAll();
        QTest::keyClicks(threads, "1");
        QTest::keyClick(threads, Qt::Key_Return);
        QCOMPARE(session.settings().threads, 1);
        QCOMPARE(session.settings().workers, workers);
        Settings settings = session.settings();
        settings.threads = 2 * session.cores() + 3; // under More
        session.setSettings(settings);
        QCOMPARE(threads->value(), session.settings().threads);
    }

    void theRowsNoteCountsWhatIsRead_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<QString>("note");
        QTest::addColumn<QString>("why");
        QTest::newRow("all of the text") << 1024 << "row 11 repeats row 0"
                                         << "the text has 11 tokens: row 11 begins as row 0 does";
        QTest::newRow("a window") << 4 << "row 4 repeats row 0"
                                  << "the window has 4 tokens: row 4 begins as row 0 does";
        QTest::newRow("one token") << 1 << "all rows are the same"
                                   << "the window has 1 token";
    }
    void theRowsNoteCountsWhatIsRead()
    {
        QFETCH(int, length);
        QFETCH(QString, note);
        Session session;
        SettingsPanel panel(session);
        Settings settings = session.settings();
        settings.windowLength = length;
        session.setSettings(settings);
        session.setText("Ann has the red key and Bob");
        session.openModels({ "untrained" });
        auto* shown = panel.findChild<ElidedLabel*>(QStringLiteral("rowsRepeat"));
        QTRY_COMPARE_WITH_TIMEOUT(shown->fullText(), note, 60000);
        QTEST(shown->accessibleDescription(), "why");
    }

    void theRowsNoteMovesNothing()
    {
        Session session;
        SettingsPanel panel(session);
        panel.resize(panel.width(), 700);
        panel.show();
        session.setText("Ann has the red key and Bob");
        session.openModels({ "untrained" });
        auto* note = panel.findChild<ElidedLabel*>(QStringLiteral("rowsRepeat"));
        QTRY_VERIFY_WITH_TIMEOUT(note->isVisible(), 60000);
        const auto places = [&] {
            QCoreApplication::processEvents();
            QList<QPoint> found;
            for (const NumberSlider* slider : panel.findChildren<NumberSlider*>())
                found.append(slider->mapTo(&panel, QPoint()));
            return found;
        };
        const QList<QPoint> before = places();
        QSpinBox* rows = number(panel, "Rows");
        rows->setFocus();
        rows->selectAll();
        QTest::keyClicks(rows, "2");
        QTest::keyClick(rows, Qt::Key_Return);
        QVERIFY(!note->isVisible());
        QCOMPARE(places(), before);
    }

private:
    static QSpinBox* number(const SettingsPanel& panel, const QString& name)
    {
        for (QSpinBox* box : panel.findChildren<QSpinBox*>())
            if (box->accessibleName() == name)
                return box;
        qFatal("no such slider");
    }
};

QTEST_MAIN(SettingsPanelTest)
#include "tst_settings_panel.moc"
