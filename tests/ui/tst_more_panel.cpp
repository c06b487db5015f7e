// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/kernels.h"
#include "ui/session/session.h"
#include "ui/views/more_panel.h"

#include <QComboBox>
#include <QTest>

using namespace timestep;

class MorePanelTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { qunsetenv("TIMESTEP_KERNEL"); }
    void cleanup() { qunsetenv("TIMESTEP_KERNEL"); }

    void theKernelInUseIsNamed()
    {
        Session session;
        const MorePanel panel(session);
        QCOMPARE(choice(panel, "Kernel")->currentText(),
            QString("the fastest here (%1)").arg(nameOf(*availableKernels().back())));
    }

    void theKernelOfTheEnvironmentIsNamedAsSuch()
    {
        qputenv("TIMESTEP_KERNEL", "reference");
        Session session;
        const MorePanel panel(session);
        QCOMPARE(
            choice(panel, "Kernel")->currentText(), QString("reference, from TIMESTEP_KERNEL"));
    }

    void theKernelCanBeChosen()
    {
        Session session;
        MorePanel panel(session);
        panel.show();
        QComboBox* box = choice(panel, "Kernel");
        box->setFocus();
        QTest::keyClick(box, Qt::Key_End);
        QCOMPARE(
            QString::fromStdString(session.settings().kernel), nameOf(*availableKernels().back()));
        QCOMPARE(box->currentText(), nameOf(*availableKernels().back()));
        QTest::keyClick(box, Qt::Key_Home);
        QCOMPARE(session.settings().kernel, std::string());
    }

private:
    static QString nameOf(const Kernels& kernels)
    {
        return QString::fromStdString(std::string(kernels.name));
    }

    static QComboBox* choice(const MorePanel& panel, const QString& name)
    {
        for (QComboBox* box : panel.findChildren<QComboBox*>())
            if (box->accessibleName() == name)
                return box;
        qFatal("no such choice");
    }
};

QTEST_MAIN(MorePanelTest)
#include "tst_more_panel.moc"
