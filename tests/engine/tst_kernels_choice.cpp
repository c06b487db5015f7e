// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/kernels/kernels.h"

#include <QTest>

#include <algorithm>
#include <string_view>

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
        QVERIFY(!defaultKernelsAreNamed());
    }

    void environmentChooses()
    {
        for (const Kernels* kernels : availableKernels()) {
            qputenv("TIMESTEP_KERNEL", QByteArray(kernels->name.data(), kernels->name.size()));
            QCOMPARE(&defaultKernels(), kernels);
            QVERIFY(defaultKernelsAreNamed());
        }
    }

    void everyNameIsKnown()
    {
        for (const Kernels* kernels : availableKernels()) {
            QVERIFY(std::find(knownKernelNames.begin(), knownKernelNames.end(), kernels->name)
                != knownKernelNames.end());
        }
    }

    void unknownNamesAreRefusedWithTheKnownOnes()
    {
        QVERIFY_EXCEPTION_THROWN(kernelsNamed("mmx"), Error);
        qputenv("TIMESTEP_KERNEL", "fast");
        QCOMPARE(refusal(),
            QString("TIMESTEP_KERNEL names \"fast\", which is unknown; the known ones are: "
                    "reference, sse4, avx2, avx512, neon"));
    }

    /// No machine runs both NEON and SSE4.
    void knownNamesThisMachineCannotRunAreRefusedAsSuch()
    {
        int refused = 0;
        for (const char* name : { "sse4", "neon" }) {
            if (isAvailable(name))
                continue;
            ++refused;
            qputenv("TIMESTEP_KERNEL", name);
            const QString message = refusal();
            QVERIFY2(message.startsWith(QString("TIMESTEP_KERNEL names \"%1\", which this machine "
                                                "cannot run; choose one of: reference")
                                            .arg(name)),
                qPrintable(message));
            QVERIFY2(!message.contains("unknown"), qPrintable(message));
        }
        QVERIFY(refused > 0);
    }

private:
    static bool isAvailable(std::string_view name)
    {
        const auto all = availableKernels();
        return std::any_of(all.begin(), all.end(),
            [name](const Kernels* kernels) { return kernels->name == name; });
    }

    /// What the choice from the environment is refused with; empty where it is taken.
    static QString refusal()
    {
        try {
            defaultKernels();
            return {};
        } catch (const Error& error) {
            return QString::fromUtf8(error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TestKernelsChoice)
#include "tst_kernels_choice.moc"
