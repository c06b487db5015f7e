// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "ui/session/playback_clock.h"
#include "ui/views/frame_export.h"
#include "ui/views/frame_files.h"
#include "ui/views/view_export.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QTimer>

using namespace timestep;

namespace {

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What a person does in the dialog: chooses how to save, and says OK.
void acceptDialog(int filter, const QString& folder)
{
    QTimer::singleShot(0, qApp, [filter, folder] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        dialog->setDirectory(folder);
        const QString wanted = dialog->nameFilters().at(filter);
        dialog->selectNameFilter(wanted);
        emit dialog->filterSelected(wanted);
        QMetaObject::invokeMethod(dialog, "accept");
    });
}

PictureSource pictureSource(QWidget& view)
{
    return [&view](PictureFormat format) { return pictureOf(view, format); };
}

} // namespace

class TestViewExport : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }

    void theLongestEndingSaysHow()
    {
        const std::vector<DataFormat> formats { { "spans", "json", {} },
            { "events", "chrome.json", {} }, { "table", "csv", {} } };
        QCOMPARE(dataFormatOf(formats, "run.json")->name, QStringLiteral("spans"));
        QCOMPARE(dataFormatOf(formats, "run.Chrome.JSON")->name, QStringLiteral("events"));
        QCOMPARE(dataFormatOf(formats, "run.csv")->name, QStringLiteral("table"));
        QVERIFY(!dataFormatOf(formats, "run.png"));
        QVERIFY(!dataFormatOf(formats, "csv"));
    }

    void numbersAreWrittenBesideTheInterface()
    {
        QLabel view(QStringLiteral("seen"));
        ViewExport viewExport(view);
        QThread* writer = nullptr;
        const std::vector<DataFormat> formats { { "table", "csv", [&writer] {
                                                     writer = QThread::currentThread();
                                                     return std::string("t,c\n0,1\n");
                                                 } } };
        const QString file = m_folder.filePath("cells.csv");
        viewExport.save(pictureSource(view), file, formats);
        QTRY_COMPARE(bytesOf(file), QByteArray("t,c\n0,1\n"));
        QVERIFY(writer && writer != QThread::currentThread());
    }

    void framesAreNumbered_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("seventh");
        QTest::newRow("padded") << "a-%04d.png"
                                << "a-0007.png";
        QTest::newRow("not padded") << "a%d.svg"
                                    << "a7.svg";
        QTest::newRow("in a folder") << "f.d/a%02d"
                                     << "f.d/a07";
        QTest::newRow("none") << "f.d/a.png"
                              << "f.d/a-0007.png";
        QTest::newRow("no ending") << "f.d/a"
                                   << "f.d/a-0007";
        QTest::newRow("a per cent sign") << "50%%-%d.png"
                                         << "50%-7.png";
        QTest::newRow("two numbers") << "%d-%d.png" << QString();
        QTest::newRow("a word") << "%s.png" << QString();
        QTest::newRow("blanks") << "%4d.png" << QString();
        QTest::newRow("cut off") << "a%" << QString();
    }

    void framesAreNumbered()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, seventh);
        const auto file = frameFile(pattern.toStdString(), 7);
        QCOMPARE(file.has_value(), !seventh.isEmpty());
        QCOMPARE(QString::fromStdString(file.value_or(std::string())), seventh);
    }

    void anAnimationGoesThroughTheClock()
    {
        PlaybackClock clock;
        clock.setTimeline(8, { 0, 4, 8 });
        clock.setTime(3);
        QLabel view;
        view.resize(200, 60);
        QObject::connect(&clock, &PlaybackClock::timeChanged, &view,
            [&view](double time) { view.setText(QString::number(time)); });
        FrameExport frames;
        QSignalSpy finished(&frames, &FrameExport::finished);
        frames.start(pictureSource(view), clock, m_folder.filePath("walk-%02d.png"), 3);
        QVERIFY(frames.running());
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(finished[0][0].toInt(), 3);
        QCOMPARE(clock.time(), 3.0); // where it stood
        for (const auto& [file, text] : { std::pair("walk-01.png", "0"),
                 std::pair("walk-02.png", "4"), std::pair("walk-03.png", "8") }) {
            view.setText(QString::fromLatin1(text));
            QCOMPARE(QImage(m_folder.filePath(file)), view.grab().toImage());
        }
        QVERIFY(!QFile::exists(m_folder.filePath("walk-04.png")));
    }

    void anAnimationThatCannotBeWrittenIsTold()
    {
        PlaybackClock clock;
        clock.setTimeline(8, {});
        QLabel view(QStringLiteral("seen"));
        FrameExport frames;
        QSignalSpy failed(&frames, &FrameExport::failed);
        frames.start(pictureSource(view), clock, QStringLiteral("/nowhere/a.png"), 2);
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("/nowhere/a-0001.png"));
        frames.start(pictureSource(view), clock, m_folder.filePath("%s.png"), 2);
        QTRY_COMPARE(failed.count(), 2);
        QVERIFY(failed[1][0].toString().contains("%04d"));
        QVERIFY(!frames.running());
    }

    void anAnimationIsOfferedWhereTimePasses()
    {
        PlaybackClock clock;
        QLabel view(QStringLiteral("seen"));
        ViewExport viewExport(view);
        QSignalSpy chosen(&viewExport, &ViewExport::framesChosen);
        acceptDialog(3, m_folder.path()); // after the pictures
        viewExport.choose(pictureSource(view), QStringLiteral("steps"), {}, &clock);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toString(), m_folder.filePath("steps-%04d.png"));
    }

    void aPictureHasTheFormatOfItsEnding()
    {
        QLabel view(QStringLiteral("seen"));
        view.resize(300, 100);
        ViewExport viewExport(view);
        for (const char* name : { "a.png", "a.svg", "a.PDF", "a" })
            viewExport.save(pictureSource(view), m_folder.filePath(name), {});
        QCOMPARE(
            QImage(m_folder.filePath("a.png")).size(), QSize(300, 100) * view.devicePixelRatio());
        QVERIFY(bytesOf(m_folder.filePath("a.svg")).contains(">seen<"));
        QVERIFY(bytesOf(m_folder.filePath("a.PDF")).startsWith("%PDF"));
        QVERIFY(!QFile::exists(m_folder.filePath("a"))); // but a.png
    }

    void whatCannotBeWrittenIsTold()
    {
        QLabel view(QStringLiteral("seen"));
        ViewExport viewExport(view);
        QSignalSpy failed(&viewExport, &ViewExport::failed);
        viewExport.save(pictureSource(view), QStringLiteral("/nowhere/a.png"), {});
        QCOMPARE(failed.count(), 1);
        QVERIFY(failed.constFirst().constFirst().toString().contains("/nowhere/a.png"));
        viewExport.save(pictureSource(view), QStringLiteral("/nowhere/a.csv"),
            { { "table", "csv", [] { return ""; } } });
        QTRY_COMPARE(failed.count(), 2);
        viewExport.save(pictureSource(view), m_folder.filePath("b.csv"),
            { { "table", "csv", []() -> std::string { throw Error("too much: take less"); } } });
        QTRY_COMPARE(failed.count(), 3);
        QCOMPARE(failed.constLast().constFirst().toString(), QStringLiteral("too much: take less"));
        QVERIFY(!QFile::exists(m_folder.filePath("b.csv")));
    }

    void theDialogOffersPicturesAndNumbers()
    {
        QLabel view(QStringLiteral("seen"));
        ViewExport viewExport(view);
        const std::vector<DataFormat> formats { { "table, CSV", "csv", [] { return "x\n"; } } };
        const QString folder = m_folder.filePath("chosen");
        QVERIFY(QDir().mkdir(folder));
        for (const int filter : { 0, 1, 2, 3 }) {
            acceptDialog(filter, folder);
            viewExport.choose(pictureSource(view), QStringLiteral("threads"), formats);
        }
        for (const char* name : { "threads.png", "threads.svg", "threads.pdf", "threads.csv" })
            QTRY_VERIFY2(!bytesOf(folder + u'/' + name).isEmpty(), name);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(TestViewExport)
#include "tst_view_export.moc"
