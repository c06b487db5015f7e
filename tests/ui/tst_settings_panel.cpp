// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"
#include "ui/views/number_slider.h"
#include "ui/views/settings_panel.h"

#include <QSpinBox>
#include <QtTest>

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
