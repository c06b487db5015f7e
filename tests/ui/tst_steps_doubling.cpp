// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/steps_pairs.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/steps_doubling.h"
#include "ui/views/steps_workspace.h"

#include <QTest>

using namespace timestep;
using namespace timestep::test;

class TestStepsDoubling : public QObject
{
    Q_OBJECT
private slots:
    /// With a worker for everything attention is done no later; the LSTM's chain doubles.
    void saysWhatDoublesAndWhatDoesNot()
    {
        PlanRequest request = stepsRequest(16);
        request.workers = 512;
        const auto half = planPair(request, {});
        request.steps = 32;
        const auto whole = planPair(request, {});
        const auto lines = stepsDoubling(*half, *whole);
        const double doneAt = whole->lstm.schedule.length / half->lstm.schedule.length;
        QVERIFY(doneAt > 1.8 && doneAt <= 2);
        // The chain is counted in cells, as the counter above counts it.
        QVERIFY2(lines[0].startsWith(
                     QStringLiteral("LSTM, twice the text: done at × %1 · longest chain × 2 · ")
                         .arg(doneAt, 0, 'f', 1)),
            qPrintable(lines[0]));
        QVERIFY2(
            lines[1].contains(QStringLiteral(" · longest chain × 1 · ")), qPrintable(lines[1]));
        QVERIFY2(lines[0].endsWith("arithmetic × 2 · state × 1"), qPrintable(lines[0]));
        QVERIFY2(lines[1].endsWith("keys and values × 2 · affinities × 4"), qPrintable(lines[1]));
        const double attention = whole->attention.schedule.length / half->attention.schedule.length;
        QVERIFY(attention < 1.2);
        QVERIFY(stepsDoubling(*whole, *half)[0].isEmpty());
        QVERIFY(stepsDoubling(*half, *half)[1].isEmpty());
    }

    void isShownUntilTheTextOrThePlanIsAnother()
    {
        Session session;
        StepsWorkspace workspace(session);
        workspace.show();
        auto* doubling = workspace.findChildren<ElidedLabel*>(QStringLiteral("doubling"))[1];
        session.setText("Ann has the red key");
        session.openModels({ "untrained" });
        QTRY_VERIFY_WITH_TIMEOUT(session.plannedPair() && !session.busy(), 60000);
        QVERIFY(!doubling->isVisible());
        session.doubleText();
        QCOMPARE(session.text(), std::string("Ann has the red key Ann has the red key"));
        QTRY_VERIFY_WITH_TIMEOUT(doubling->isVisible(), 60000);
        QVERIFY(doubling->fullText().contains("affinities × 4"));
        Settings settings = session.settings();
        settings.workers = 64;
        session.setSettings(settings);
        QTRY_VERIFY_WITH_TIMEOUT(!doubling->isVisible(), 60000);
        session.doubleText();
        QTRY_VERIFY_WITH_TIMEOUT(doubling->isVisible(), 60000);
        session.editText("Ann");
        QTRY_VERIFY_WITH_TIMEOUT(!doubling->isVisible(), 60000);
    }
};

QTEST_MAIN(TestStepsDoubling)
#include "tst_steps_doubling.moc"
