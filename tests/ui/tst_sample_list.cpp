// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/resource_folder.h"
#include "ui/models/samples.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace timestep;

class TestSampleList : public QObject
{
    Q_OBJECT
private slots:
    void theSamplesThatComeWithTheProgramAreAllThere()
    {
        const std::vector<Sample> samples = readSamples(resourceFolder() / "samples");
        QVERIFY(!samples.empty());
        for (const Sample& sample : samples) {
            QVERIFY(!sample.title.isEmpty());
            QVERIFY(!sampleText(sample).empty());
        }
    }

    void noFolderIsNoSamples() { QVERIFY(readSamples("/nowhere").empty()); }

    void aBrokenIndexIsNamed()
    {
        const QTemporaryDir folder;
        QFile index(folder.filePath(QStringLiteral("index.json")));
        QVERIFY(index.open(QIODevice::WriteOnly));
        index.write("{ broken");
        index.close();
        try {
            readSamples(folder.path().toStdString());
            QFAIL("a broken index was accepted");
        } catch (const Error& error) {
            QVERIFY(QString::fromUtf8(error.what()).contains(index.fileName()));
        }
    }
};

QTEST_APPLESS_MAIN(TestSampleList)
#include "tst_sample_list.moc"
