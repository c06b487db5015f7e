// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_report_body.h"

#include "engine/text/printable_text.h"
#include "ui/models/number_text.h"
#include "ui/views/race_report_facts.h"
#include "ui/views/race_report_tables.h"
#include "ui/views/theme.h"

#include <QCoreApplication>

#include <utility>

namespace timestep {

namespace {

struct Body
{
    Q_DECLARE_TR_FUNCTIONS(RaceReport)
};

QString element(const QString& tag, const QString& text, const QString& style = {})
{
    if (text.isEmpty())
        return {};
    const QString attribute
        = style.isEmpty() ? QString() : QStringLiteral(" class=\"%1\"").arg(style);
    return QStringLiteral("<%1%2>").arg(tag, attribute) + text.toHtmlEscaped()
        + QStringLiteral("</%1>\n").arg(tag);
}

QString paragraph(const QString& text, const QString& style = {})
{
    return element(QStringLiteral("p"), text, style);
}

QString heading(int level, const QString& text)
{
    return element(QStringLiteral("h%1").arg(level), text);
}

QString factsTable(const std::vector<ReportFact>& facts)
{
    QString table = QStringLiteral("<table class=\"facts\" cellspacing=\"0\">\n");
    for (const ReportFact& fact : facts)
        table += QStringLiteral("<tr>") + element(QStringLiteral("th"), fact.name)
            + element(QStringLiteral("td"), fact.value) + QStringLiteral("</tr>\n");
    return table + QStringLiteral("</table>\n");
}

/// What has no shape, and bytes that are no text, are shown as such.
QString visibleText(const std::string& bytes)
{
    QString text = QString::fromUtf8(QByteArray::fromStdString(bytes));
    if (text.toUtf8().toStdString() != bytes)
        text = QString::fromStdString(printableText(bytes));
    constexpr char16_t ControlPictures = 0x2400;
    for (QChar& letter : text)
        if (letter < u' ' && letter != u'\n' && letter != u'\t')
            letter = QChar(char16_t(ControlPictures + letter.unicode()));
    return text;
}

QString textPart(const RaceReport& report)
{
    if (report.text.empty())
        return {};
    const QString shown = visibleText(report.text).toHtmlEscaped();
    QString part = heading(2, Body::tr("Text")) + QStringLiteral("<p class=\"typed\">")
        + QString(shown).replace(u'\n', QStringLiteral("<br>")) + QStringLiteral("</p>\n");
    if (report.text.size() < report.textBytes)
        part += paragraph(Body::tr("The first %1 of %2 bytes.")
                              .arg(countNumber(qint64(report.text.size())),
                                  countNumber(qint64(report.textBytes))),
            QStringLiteral("note"));
    return part;
}

/// Of the first part that has one: all parts of a report are usually of one machine.
const Machine* commonMachine(const RaceReport& report)
{
    for (const RaceReportPart& part : report.parts)
        if (!(part.measurement.machine == Machine()))
            return &part.measurement.machine;
    return nullptr;
}

QString machinePart(const RaceReport& report)
{
    const Machine* machine = commonMachine(report);
    return heading(2, Body::tr("Machine and versions"))
        + factsTable(machineFacts(machine ? *machine : Machine(), report.qtVersion));
}

QString picturesPart(const RaceReportPart& part, const PictureAddress& addressOf)
{
    QString pictures;
    for (const ReportPicture& picture : part.pictures)
        pictures
            += QStringLiteral("<p class=\"picture\"><img src=\"%1\" width=\"%2\" alt=\"%3\"></p>\n")
                   .arg(addressOf(picture), QString::number(qRound(picture.size.width())),
                       picture.title.toHtmlEscaped());
    return pictures;
}

QString verdictPart(const QStringList& verdict)
{
    QString items;
    for (const QString& line : verdict)
        items += element(QStringLiteral("li"), line);
    return items.isEmpty() ? QString() : QStringLiteral("<ul>\n%1</ul>\n").arg(items);
}

QString pointsPart(const RaceMeasurement& measurement)
{
    const QString table = pointsTable(measurement);
    if (table.isEmpty())
        return paragraph(Body::tr("Nothing has been measured."));
    return heading(3, Body::tr("All points")) + table
        + paragraph(
            Body::tr(
                "Kept: bytes that must be, by formula. Allocated: the most at once, without "
                "weights, input and output; reading that is timed goes on to write nothing, and "
                "need not keep all that writing would. Of peak, –: not known, other programs had "
                "the "
                "cores whenever the peak was measured."),
            QStringLiteral("note"));
}

QString plansPart(const RaceMeasurement& measurement)
{
    const QString table = plansTable(measurement);
    if (table.isEmpty())
        return {};
    return heading(3, Body::tr("Speed-up by plan, not measured")) + table
        + paragraph(
            Body::tr("Times faster than one worker, from what must wait for what: work ÷ "
                     "length of the list schedule. Plan, not measured. At most: work ÷ "
                     "span, however many there are. One row in sub-batches is planned as it "
                     "is executed: one task, for one worker."),
            QStringLiteral("note"));
}

QString warningsPart(const RaceMeasurement& measurement)
{
    QString warnings;
    if (measurement.disturbed)
        warnings += paragraph(
            Body::tr("Disturbed: this program did something else while it was measured."));
    if (!measurement.refusal.empty())
        warnings += paragraph(
            Body::tr("Points were left out: %1").arg(QString::fromStdString(measurement.refusal)));
    return warnings;
}

QString measurementPart(
    const RaceReport& report, const RaceReportPart& part, const PictureAddress& addressOf)
{
    const RaceMeasurement& measurement = part.measurement;
    const Machine* common = commonMachine(report);
    const bool elsewhere = common && !(measurement.machine == *common);
    return heading(2, measurementTitle(measurement.request))
        + paragraph(part.sentence, QStringLiteral("sentence")) + verdictPart(part.verdict)
        + paragraph(part.figures) + paragraph(part.baseline) + warningsPart(measurement)
        + picturesPart(part, addressOf) + heading(3, Body::tr("Settings"))
        + factsTable(settingFacts(measurement))
        + (elsewhere ? heading(3, Body::tr("Machine of this measurement"))
                    + factsTable(machineFacts(measurement.machine, {}))
                     : QString())
        + pointsPart(measurement) + plansPart(measurement);
}

QString methodPart()
{
    return heading(2, Body::tr("How it was measured"))
        + paragraph(Body::tr(
            "Before every timed run the same is run once untimed. The runs of all points are "
            "interleaved: a first round from the least arithmetic to the most, then rounds in "
            "random order, so that a slow minute of the machine spoils no single point. Nothing "
            "is recorded while a run is timed."))
        + paragraph(Body::tr(
            "A point is the median of its runs. The band is their middle half, from the first "
            "quartile to the third. The interval holds the median with 95 % confidence, by the "
            "percentile bootstrap; of fewer than 5 runs none is given, and two times whose "
            "intervals overlap are not called different. Disturbed runs are those in which a "
            "thread lost its core to something else, for over 5 % of the time; they count all the "
            "same."))
        + paragraph(Body::tr(
            "Share of the peak: floating-point operations a second, of the most that the "
            "multiply-add units reached on as many threads, probed before and after each run of "
            "any point. Lines of plans are computed from what must wait: plan, not measured."));
}

} // namespace

QString reportBody(const RaceReport& report, const PictureAddress& addressOf)
{
    QString body = heading(1, Body::tr("Race of an LSTM and attention"))
        + paragraph(
            numberLocale().toString(report.created, QStringLiteral("d MMMM yyyy, HH:mm:ss t")),
            QStringLiteral("note"))
        + textPart(report) + machinePart(report);
    for (const RaceReportPart& part : report.parts)
        body += measurementPart(report, part, addressOf);
    return body + methodPart();
}

QString reportStyle()
{
    QString style
        = QStringLiteral("body { font-size: 10pt; color: @text; background-color: @window; }\n"
                         "h1 { font-size: 20pt; font-weight: 600; margin: 0 0 4px 0; }\n"
                         "h2 { font-size: 14pt; font-weight: 600; margin: 22px 0 6px 0; }\n"
                         "h3 { font-size: 11pt; font-weight: 600; margin: 16px 0 4px 0; }\n"
                         "p, li { margin: 4px 0 6px 0; line-height: 130%; }\n"
                         ".sentence { font-size: 12pt; font-weight: 600; }\n"
                         ".typed { white-space: pre-wrap; background-color: @field; }\n"
                         ".note { font-size: 8.5pt; color: @secondary; }\n"
                         ".picture { margin: 10px 0 10px 0; line-height: 100%; }\n"
                         "table { border-collapse: collapse; }\n"
                         "th { font-weight: 600; }\n"
                         ".facts th { font-weight: 400; color: @secondary; text-align: left;"
                         " padding: 2px 18px 2px 0; }\n"
                         ".facts td { padding: 2px 0 2px 0; }\n"
                         ".points th, .points td { font-size: 6.5pt; padding: 2px;"
                         " border-bottom: 1px solid @border; white-space: nowrap; }\n"
                         ".plans th, .plans td { font-size: 8pt; padding: 2px 6px 2px 6px;"
                         " border-bottom: 1px solid @border; }\n");
    const Theme& theme = Theme::light();
    for (const auto& [name, color] : { std::pair("@text", theme.text),
             std::pair("@window", theme.window), std::pair("@field", theme.field),
             std::pair("@secondary", theme.secondaryText), std::pair("@border", theme.border) })
        style.replace(QLatin1String(name), color.name());
    return style;
}

} // namespace timestep
