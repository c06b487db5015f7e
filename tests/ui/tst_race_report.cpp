// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "tests/ui/race_examples.h"
#include "ui/session/race_json.h"
#include "ui/views/race_report_document.h"
#include "ui/views/race_report_file.h"
#include "ui/views/report_pages.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QLabel>
#include <QPdfWriter>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace timestep;

namespace {

ReportPicture examplePicture(const QString& text)
{
    QLabel label(text);
    return pictureOnPaper(text, label);
}

/// What the program would say and draw of a measurement.
RaceReportPart describe(RaceMeasurement measurement)
{
    const QString question = QString::number(int(measurement.request.question));
    return { std::move(measurement), "Sentence <" + question + ">", { "claim: yes", "claim: no" },
        "Share of peak", {}, { examplePicture("picture " + question) } };
}

RaceReport exampleReport(const std::string& text = "Ann has the red key")
{
    std::vector<RaceReportPart> parts;
    for (const RaceQuestion question : raceQuestions) {
        RaceRequest request = exampleRequest(question);
        if (question == RaceQuestion::Memory) {
            request.models = examplePair();
            request.rows = 32;
        }
        parts.push_back(describe(exampleRace(request)));
    }
    return raceReport(std::move(parts), text);
}

QByteArray html(const RaceReport& report) { return reportContents(report, ReportFormat::Html); }

RaceReport opened(const QByteArray& contents) { return openedReport(contents, "r.html", describe); }

/// What opening says; empty: it is opened.
QString complaint(const QByteArray& contents)
{
    try {
        opened(contents);
        return {};
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
}

std::string numbersOf(const RaceReport& report)
{
    std::vector<RaceMeasurement> measurements;
    for (const RaceReportPart& part : report.parts)
        measurements.push_back(part.measurement);
    return raceJson(measurements).dump();
}

int pageOfLine(const QTextDocument& document, const QTextBlock& block, int line, bool end)
{
    const QRectF rect = block.layout()->lineAt(line).rect();
    const double y = document.documentLayout()->blockBoundingRect(block).top()
        + (end ? rect.bottom() - 1 : rect.top() + 1);
    return int(y / document.pageSize().height());
}

int firstPage(const QTextDocument& document, const QTextBlock& block)
{
    return pageOfLine(document, block, 0, false);
}

int lastPage(const QTextDocument& document, const QTextBlock& block)
{
    return pageOfLine(document, block, block.layout()->lineCount() - 1, true);
}

} // namespace

class RaceReportTest : public QObject
{
    Q_OBJECT
private slots:
    void htmlIsOpenedAgain()
    {
        const RaceReport report = exampleReport();
        const QByteArray contents = html(report);
        const RaceReport back = opened(contents);
        QCOMPARE(back.parts.size(), report.parts.size());
        QCOMPARE(numbersOf(back), numbersOf(report));
        QCOMPARE(back.text, report.text);
        QCOMPARE(back.created.toSecsSinceEpoch(), report.created.toSecsSinceEpoch());
        QCOMPARE(back.parts[1].sentence, report.parts[1].sentence);
        QCOMPARE(opened(html(back)).created, back.created);
    }

    void nothingIsLoadedFromElsewhere()
    {
        const QByteArray contents = html(exampleReport());
        QCOMPARE(contents.count("<img src=\"data:image/png;base64,"), 4);
        QCOMPARE(contents.count("<img"), 4);
        QVERIFY(!contents.contains("http://") && !contents.contains("https://"));
    }

    void anyTextIsShownAndComesBack_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("tags") << std::string("<b onclick='x'>&amp;\"</b>")
                              << QByteArray("&lt;b onclick='x'&gt;&amp;amp;&quot;&lt;/b&gt;");
        QTest::newRow("the end of the numbers") << std::string("</script><script>alert(1)</script>")
                                                << QByteArray("&lt;/script&gt;&lt;script&gt;");
        QTest::newRow("the beginning of the numbers")
            << std::string("<script type=\"application/json\" id=\"timestep-race\">{}</script>")
            << QByteArray("&lt;script type=&quot;application/json&quot;");
        QTest::newRow("lines") << std::string("a\n b") << QByteArray("a<br> b");
        QTest::newRow("no UTF-8") << std::string("a\xFF\\") << QByteArray("a\\xFF\\\\");
        QTest::newRow("controls") << std::string("a\0\x1B", 3) << QByteArray("a␀␛");
    }

    void anyTextIsShownAndComesBack()
    {
        QFETCH(std::string, text);
        QFETCH(QByteArray, shown);
        const QByteArray contents = html(exampleReport(text));
        QVERIFY(contents.contains("<p class=\"typed\">" + shown));
        QCOMPARE(contents.count("<script"), 1);
        QCOMPARE(contents.count("</script"), 1);
        QCOMPARE(opened(contents).text, text);
    }

    void namesAndSentencesAreEscaped()
    {
        const QByteArray contents = html(exampleReport());
        QVERIFY(contents.contains("attention &lt;tiny&gt;"));
        QVERIFY(!contents.contains("<tiny>"));
        QVERIFY(contents.contains("Sentence &lt;0&gt;"));
    }

    void ofALongTextTheBeginningIsShown()
    {
        std::string text(MostReportText - 1, 'x');
        for (int letter = 0; letter < 10; ++letter)
            text += "é";
        const RaceReport report = exampleReport(text);
        QCOMPARE(report.text, std::string(MostReportText - 1, 'x')); // no half letter
        QVERIFY(html(report).contains("The first 3,999 of 4,019 bytes."));
    }

    void whatCannotBeOpenedIsTold_data()
    {
        QTest::addColumn<QByteArray>("contents");
        QTest::addColumn<QString>("said");
        const QByteArray good = html(exampleReport());
        const auto begin = good.indexOf("<script");
        QTest::newRow("empty") << QByteArray() << "r.html: no race report";
        QTest::newRow("not HTML") << QByteArray("\x89PNG\r\n\x1A\n") << "r.html: no race report";
        QTest::newRow("another page")
            << QByteArray("<html><body>hello</body></html>") << "open an HTML file that was saved";
        QTest::newRow("cut short before the numbers") << good.left(begin) << "no race report";
        QTest::newRow("cut short in the numbers")
            << good.left(begin + 2000) << "ends in the middle of the measurements";
        const auto with = [&](const QByteArray& numbers) {
            return good.left(good.indexOf('>', begin) + 1) + numbers + "</script></body></html>";
        };
        QTest::newRow("no JSON") << with("hello") << "r.html: not valid JSON";
        QTest::newRow("a list") << with("[]") << "r.html: not a JSON object";
        QTest::newRow("nothing in it") << with("{}") << "there is no \"timestep_race\"";
        QTest::newRow("a newer format") << with("{\"timestep_race\":2}") << "a newer version";
        QTest::newRow("a format that is none")
            << with("{\"timestep_race\":\"1\"}") << "timestep_race: expected a whole number";
        QTest::newRow("deep") << with("{\"x\":" + QByteArray(100000, '[')) << "nested deeper";
        QTest::newRow("a number beyond every range")
            << with("{\"timestep_race\":1e999}") << "r.html: not valid JSON";
        const auto changed = [good](const QByteArray& from, const QByteArray& to) {
            QByteArray contents = good;
            const auto at = contents.indexOf(from, contents.indexOf("<script"));
            return contents.replace(at, from.size(), to);
        };
        QTest::newRow("no date") << changed("\"created\": \"2", "\"created\": \"x2")
                                 << "created: expected a date";
        QTest::newRow("a text that shows no bytes")
            << changed("\"text\": \"Ann", "\"text\": \"\\\\q") << "text: expected bytes";
        QTest::newRow("a number that is a text")
            << changed("\"rows\": 8", "\"rows\": \"8\"")
            << "measurements[0].request.rows: expected a whole number from 1 to 65536, found "
               "\"8\"; open a report as this program saved it";
        QTest::newRow("a huge number") << changed("\"rows\": 8", "\"rows\": 8000000000000000000000")
                                       << "measurements[0].request.rows: expected";
    }

    void whatCannotBeOpenedIsTold()
    {
        QFETCH(QByteArray, contents);
        QFETCH(QString, said);
        const QString told = complaint(contents);
        QVERIFY2(told.startsWith("r.html: ") && told.contains(said), qPrintable(told));
        QVERIFY(!told.contains(u'\n'));
    }

    void theDocumentFitsItsPages()
    {
        const auto document = reportDocument(exampleReport());
        QByteArray bytes;
        QBuffer buffer(&bytes);
        QVERIFY(buffer.open(QIODevice::WriteOnly));
        QPdfWriter pdf(&buffer);
        pdf.setPageLayout(reportPageLayout());
        QVERIFY(paintPages(*document, pdf, QStringLiteral("footer")));
        QVERIFY(document->pageCount() > 3);
        constexpr double Hair = 1.002; // lines of tables are drawn about their edge
        QVERIFY2(document->size().width() <= document->pageSize().width() * Hair,
            qPrintable(QString::number(document->size().width())));
        int pictures = 0;
        for (QTextBlock block = document->begin(); block.isValid(); block = block.next()) {
            const bool heading = block.blockFormat().headingLevel() > 0;
            const bool picture = block.text() == QString(QChar::ObjectReplacementCharacter);
            if (!heading && !picture)
                continue;
            QCOMPARE(firstPage(*document, block), lastPage(*document, block));
            pictures += picture ? 1 : 0;
            if (heading) // what it is above is there too
                QCOMPARE(lastPage(*document, block.next()), lastPage(*document, block));
        }
        QCOMPARE(pictures, 4);
    }

    void pdfHasTheTextAndThePages()
    {
        const QByteArray pdf = reportContents(exampleReport(), ReportFormat::Pdf);
        QVERIFY(pdf.startsWith("%PDF"));
        const QString program = QStandardPaths::findExecutable(QStringLiteral("pdftotext"));
        if (program.isEmpty())
            QSKIP("there is no pdftotext to look into it");
        QTemporaryDir folder;
        QFile file(folder.filePath("r.pdf"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(pdf) == pdf.size());
        file.close();
        QProcess reader;
        reader.start(program, { "-layout", file.fileName(), "-" });
        QVERIFY(reader.waitForFinished());
        const QString text = QString::fromUtf8(reader.readAllStandardOutput());
        for (const char* part : { "Ann has the red key", "Example CPU @ 3.00GHz", "Sentence <0>",
                 "claim: yes", "Share of peak", "All points", "Speed-up by plan, not measured",
                 "attention <tiny>", "How it was measured", "page 1 of" })
            QVERIFY2(text.contains(QLatin1String(part)), part);
    }

    void endingsOfFiles()
    {
        QVERIFY(reportFormatOf("a.html") == ReportFormat::Html);
        QVERIFY(reportFormatOf("a.HTM") == ReportFormat::Html);
        QVERIFY(reportFormatOf("a.b.pdf") == ReportFormat::Pdf);
        QVERIFY(!reportFormatOf("html"));
        QVERIFY(!reportFormatOf("a.png"));
    }

    void picturesAreOnWhiteWhateverTheTheme()
    {
        QPalette dark;
        dark.setColor(QPalette::Window, Qt::black);
        dark.setColor(QPalette::WindowText, Qt::white);
        QApplication::setPalette(dark);
        const QImage image = imageOf(examplePicture("legible"), 2);
        QApplication::setPalette({});
        QCOMPARE(image.pixelColor(1, 1), QColor(Qt::white));
        bool ink = false;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                ink = ink || image.pixelColor(x, y).lightness() < 100;
        QVERIFY(ink);
    }
};

QTEST_MAIN(RaceReportTest)
#include "tst_race_report.moc"
