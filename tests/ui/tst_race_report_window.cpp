// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/race_examples.h"
#include "ui/views/race_report_file.h"
#include "ui/views/race_report_window.h"

#include <QApplication>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QTimer>
#include <QtTest>

using namespace timestep;

namespace {

RaceReportPart describe(RaceMeasurement measurement)
{
    const QString sentence = QStringLiteral("%1 rows").arg(measurement.request.rows);
    return { std::move(measurement), sentence, {}, {}, {}, {} };
}

RaceReport exampleReport(int rows)
{
    RaceRequest request = exampleRequest(RaceQuestion::Length);
    request.rows = rows;
    return raceReport({ describe(exampleRace(request)) }, "a text");
}

QString shown(const RaceReportWindow& window)
{
    return window.findChild<QTextBrowser*>()->toPlainText();
}

QString message(const RaceReportWindow& window) { return window.findChild<QLabel*>()->text(); }

QPushButton* button(const RaceReportWindow& window, const QString& text)
{
    for (auto* button : window.findChildren<QPushButton*>())
        if (button->text().remove(u'&') == text)
            return button;
    return nullptr;
}

/// What a person does in the dialog that comes: types the name, and Enter.
void acceptDialog(const QString& file)
{
    QTimer::singleShot(0, qApp, [file] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(file);
        QMetaObject::invokeMethod(dialog, "accept");
    });
}

} // namespace

class RaceReportWindowTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }

    void showsTheReport()
    {
        RaceReportWindow window(exampleReport(7), describe);
        QVERIFY(shown(window).contains("7 rows"));
        QVERIFY(shown(window).contains("a text"));
        QVERIFY(!button(window, "Use as baseline")->isEnabled());
    }

    void whatIsSavedCanBeOpenedAndBeTheBaseline()
    {
        const QString file = m_folder.filePath("saved.html");
        {
            RaceReportWindow window(exampleReport(7), describe);
            acceptDialog(m_folder.filePath("saved"));
            button(window, "Save HTML…")->click();
            QTRY_COMPARE(message(window), "Saved as " + file + '.');
        }
        RaceReportWindow window(exampleReport(5), describe);
        std::vector<RaceMeasurement> baseline;
        connect(&window, &RaceReportWindow::baselineWanted, &window,
            [&](const std::vector<RaceMeasurement>& measurements) { baseline = measurements; });
        acceptDialog(file);
        button(window, "Open…")->click();
        QVERIFY2(shown(window).contains("7 rows"), qPrintable(message(window)));
        QVERIFY(window.windowTitle().startsWith("saved.html"));
        button(window, "Use as baseline")->click();
        QCOMPARE(baseline.size(), std::size_t(1));
        QCOMPARE(baseline.front().request.rows, 7);
        QVERIFY(!baseline.front().points.empty());
    }

    void savesPdf()
    {
        RaceReportWindow window(exampleReport(7), describe);
        acceptDialog(m_folder.filePath("saved"));
        button(window, "Save PDF…")->click();
        QTRY_VERIFY(message(window).endsWith("saved.pdf."));
        QFile file(m_folder.filePath("saved.pdf"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.read(4) == "%PDF");
    }

    void whatCannotBeOpenedLeavesTheReport()
    {
        RaceReportWindow window(exampleReport(7), describe);
        window.open("/nowhere/r.html");
        QVERIFY(message(window).startsWith("cannot read /nowhere/r.html: "));
        QFile file(m_folder.filePath("bad.html"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("<html>") > 0);
        file.close();
        window.open(file.fileName());
        QVERIFY(message(window).startsWith("bad.html: no race report"));
        QVERIFY(shown(window).contains("7 rows"));
        QVERIFY(!button(window, "Use as baseline")->isEnabled());
    }

    void whatCannotBeWrittenIsTold()
    {
        RaceReportWindow window(exampleReport(7), describe);
        window.save("/nowhere/r.html");
        QTRY_VERIFY(message(window).startsWith("cannot write /nowhere/r.html"));
    }

    void keysAlone()
    {
        RaceReportWindow window(exampleReport(7), describe);
        window.resize(600, 300);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        auto* page = window.findChild<QTextBrowser*>();
        QTRY_VERIFY(page->hasFocus());
        QTest::keyClick(page, Qt::Key_PageDown);
        QVERIFY(page->verticalScrollBar()->value() > 0);
        QVERIFY(!page->accessibleName().isEmpty());
        acceptDialog(m_folder.filePath("by-key.html"));
        QTest::keyClick(&window, Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY(message(window).endsWith("by-key.html."));
        window.activateWindow();
        QTRY_VERIFY(QApplication::focusWidget());
        QStringList reached;
        for (int tab = 0; tab < 12; ++tab) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            if (auto* focused = qobject_cast<QPushButton*>(QApplication::focusWidget()))
                reached << focused->text().remove(u'&');
        }
        for (const char* name : { "Save HTML…", "Save PDF…", "Print…", "Open…", "Close" })
            QVERIFY2(reached.contains(QString::fromUtf8(name)), name);
        QTest::keyClick(&window, Qt::Key_Escape);
        QVERIFY(!window.isVisible());
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(RaceReportWindowTest)
#include "tst_race_report_window.moc"
