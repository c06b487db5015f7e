// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_report_file.h"

#include "engine/error.h"
#include "engine/measurement/sweep_json.h"
#include "engine/model/shallow_json.h"
#include "engine/text/printable_text.h"
#include "ui/session/race_json.h"
#include "ui/session/strict_json.h"
#include "ui/views/race_report_body.h"
#include "ui/views/race_report_document.h"
#include "ui/views/report_pages.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QEventLoop>
#include <QFileInfo>
#include <QPdfWriter>
#include <QTextDocument>

#include <nlohmann/json.hpp>

#include <limits>
#include <memory>

namespace timestep {

namespace {

struct File
{
    Q_DECLARE_TR_FUNCTIONS(RaceReport)
};

constexpr int FormatVersion = 1;
constexpr char NumbersBegin[] = "<script type=\"application/json\" id=\"timestep-race\">";
constexpr char NumbersEnd[] = "</script>";
constexpr std::size_t DeepestNumbers = 7; // of a place of a point

/// What only browsers know or need.
constexpr char BrowserStyle[]
    = "body { max-width: 960px; margin: 24px auto; padding: 0 20px;"
      " font-family: \"Noto Sans\", system-ui, sans-serif; }\n"
      "img { max-width: 100%; height: auto; }\n"
      ".typed { padding: 8px 10px; overflow-wrap: anywhere; }\n"
      "td, th { vertical-align: top; }\n"
      ".points { display: block; overflow-x: auto; }\n"
      "@page { size: A4; margin: 18mm 16mm; }\n"
      "@media print {\n"
      " body { max-width: none; margin: 0; padding: 0; }\n"
      " .points { display: table; }\n"
      " .picture, tr { break-inside: avoid; } h1, h2, h3 { break-after: avoid; }\n"
      "}\n";

QString embeddedPicture(const ReportPicture& picture)
{
    constexpr double Sharp = 2; // also on a screen with twice the pixels, and on paper
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    imageOf(picture, Sharp).save(&buffer, "PNG");
    return QStringLiteral("data:image/png;base64,") + QString::fromLatin1(png.toBase64());
}

/// As it is read back: a time zone's name means nothing elsewhere.
QDateTime withOffset(const QDateTime& time) { return time.toOffsetFromUtc(time.offsetFromUtc()); }

nlohmann::ordered_json numbersOf(const RaceReport& report)
{
    std::vector<RaceMeasurement> measurements;
    for (const RaceReportPart& part : report.parts)
        measurements.push_back(part.measurement);
    return { { "timestep_race", FormatVersion },
        { "created", withOffset(report.created).toString(Qt::ISODate).toStdString() },
        { "text", printableText(report.text) }, { "text_bytes", report.textBytes },
        { "qt", report.qtVersion.toStdString() }, { "measurements", raceJson(measurements) } };
}

/// In JSON a "<" is only found in texts, where it can be written otherwise: nothing in it can end
/// the element it stands in.
QByteArray withoutTags(const std::string& json)
{
    return QByteArray::fromStdString(json).replace('<', "\\u003c");
}

QByteArray htmlOf(const RaceReport& report)
{
    QByteArray html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "img-src data:; style-src 'unsafe-inline'\">\n<title>";
    html += reportTitle(report).toHtmlEscaped().toUtf8() + "</title>\n<style>\n"
        + reportStyle().toUtf8() + BrowserStyle + "</style>\n</head>\n<body>\n"
        + reportBody(report, embeddedPicture).toUtf8() + NumbersBegin + '\n'
        + withoutTags(jsonText(numbersOf(report))) + NumbersEnd + "\n</body>\n</html>\n";
    return html;
}

QByteArray pdfOf(const RaceReport& report)
{
    constexpr int DotsPerInch = 600;
    const QEventLoop loop; // a document has timers, for which a thread of one's own needs a loop
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    pdf.setResolution(DotsPerInch);
    pdf.setPageLayout(reportPageLayout());
    pdf.setTitle(reportTitle(report));
    pdf.setCreator(QStringLiteral("Timestep"));
    if (!paintPages(*reportDocument(report), pdf, reportTitle(report)))
        throw Error("the report's pages cannot be painted; save it as HTML");
    return bytes;
}

/// The JSON within.
std::string numbersIn(const QByteArray& contents, const std::string& file)
{
    const auto begin = contents.indexOf(NumbersBegin);
    if (begin < 0)
        throw Error(file
            + ": no race report: it has no element timestep-race; open an HTML file "
              "that was saved from the report of a race");
    const auto from = begin + qsizetype(sizeof NumbersBegin - 1);
    const auto end = contents.indexOf(NumbersEnd, from);
    if (end < 0)
        throw Error(file + ": ends in the middle of the measurements, after "
            + std::to_string(contents.size())
            + " bytes; copy the file anew, or save the report "
              "anew");
    return contents.mid(from, end - from).toStdString();
}

QDateTime timeFrom(const StrictJson& json)
{
    const QDateTime time = QDateTime::fromString(QString::fromStdString(json.text()), Qt::ISODate);
    if (!time.isValid())
        json.refuse("a date and a time");
    return time;
}

std::string textFrom(const StrictJson& json)
{
    const auto bytes = bytesOfPrintableText(json.text());
    if (!bytes)
        json.refuse("bytes that are no UTF-8 as \\xNN, and a backslash twice");
    return *bytes;
}

} // namespace

std::optional<ReportFormat> reportFormatOf(const QString& fileName)
{
    const QString ending = QFileInfo(fileName).suffix().toLower();
    if (ending == QLatin1String("html") || ending == QLatin1String("htm"))
        return ReportFormat::Html;
    if (ending == QLatin1String("pdf"))
        return ReportFormat::Pdf;
    return std::nullopt;
}

QByteArray reportContents(const RaceReport& report, ReportFormat format)
{
    return format == ReportFormat::Html ? htmlOf(report) : pdfOf(report);
}

std::vector<DataFormat> reportDataFormats(RaceReport report)
{
    const auto shared = std::make_shared<const RaceReport>(std::move(report));
    const auto format = [&shared](const QString& name, const char* ending, ReportFormat contents) {
        return DataFormat { name, QLatin1String(ending),
            [shared, contents] { return reportContents(*shared, contents).toStdString(); } };
    };
    return { format(File::tr("report, HTML"), "html", ReportFormat::Html),
        format(File::tr("report, PDF"), "pdf", ReportFormat::Pdf) };
}

RaceReport openedReport(
    const QByteArray& contents, const std::string& file, const DescribeRace& describe)
{
    const nlohmann::json document
        = parseShallowJson(numbersIn(contents, file), DeepestNumbers, file);
    const StrictJson json(document, file);
    if (json.at("timestep_race").integer(1, std::numeric_limits<int>::max()) > FormatVersion)
        throw Error(file + ": written by a newer version of Timestep; open it with that");
    RaceReport report;
    report.created = timeFrom(json.at("created"));
    report.text = textFrom(json.at("text"));
    report.textBytes = json.at("text_bytes").count();
    report.qtVersion = QString::fromStdString(json.at("qt").text());
    for (RaceMeasurement& measurement : racesFromJson(json.at("measurements")))
        report.parts.push_back(describe(std::move(measurement)));
    return report;
}

} // namespace timestep
