// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/kernels/kernels.h"

#include <QTest>

#include <cstdlib>

using namespace timestep;

class TestKernelsChoice : public QObject
{
    Q_OBJECT

private slots:
    void init() { qunsetenv("TIMESTEP_KERNEL"); }
    void cleanup() { qunsetenv("TIMESTEP_KERNEL"); }

    void referenceIsAlwaysThereAndNeverTheFirstChoice()
    {
        const auto all = availableKernels();
        QVERIFY(!all.empty());
        QVERIFY(all.front()->name == "reference");
        QCOMPARE(&defaultKernels(), all.back());
    }

    void environmentChooses()
    {
        for (const Kernels* kernels : availableKernels()) {
            qputenv("TIMESTEP_KERNEL", QByteArray(kernels->name.data(), kernels->name.size()));
            QCOMPARE(&defaultKernels(), kernels);
        }
    }

    void unknownNamesAreRefusedWithTheOnesThereAre()
    {
        QVERIFY_EXCEPTION_THROWN(kernelsNamed("mmx"), Error);
        qputenv("TIMESTEP_KERNEL", "fast");
        try {
            defaultKernels();
            QFAIL("accepted a kernel that is not there");
        } catch (const Error& error) {
            const std::string message = error.what();
            QVERIFY(message.find("TIMESTEP_KERNEL") != std::string::npos);
            QVERIFY(message.find("\"fast\"") != std::string::npos);
            QVERIFY(message.find("reference") != std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(TestKernelsChoice)
#include "tst_kernels_choice.moc"
