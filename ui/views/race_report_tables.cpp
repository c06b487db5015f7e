// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_report_tables.h"

#include "ui/models/number_text.h"
#include "ui/models/race_text.h"
#include "ui/models/sweep_point_model.h"
#include "ui/views/race_comparison.h"
#include "ui/views/race_curves.h"
#include "ui/views/race_pictures.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <functional>
#include <set>

namespace timestep {

namespace {

struct Tables
{
    Q_DECLARE_TR_FUNCTIONS(RaceReport)
};

struct Column
{
    QString head; // of several lines, perhaps
    bool number = true; // to the right
};

QString rowOf(const std::vector<Column>& columns, const QString& tag,
    const std::function<QString(std::size_t)>& htmlOf)
{
    QString row = QStringLiteral("<tr>");
    for (std::size_t column = 0; column < columns.size(); ++column)
        row += QStringLiteral("<%1 align=\"%2\">")
                   .arg(tag,
                       columns[column].number ? QStringLiteral("right") : QStringLiteral("left"))
            + htmlOf(column) + QStringLiteral("</%1>").arg(tag);
    return row + QStringLiteral("</tr>\n");
}

QString tableOf(
    const std::vector<Column>& columns, const std::vector<QStringList>& rows, const QString& style)
{
    QString table = QStringLiteral("<table class=\"%1\" width=\"99%\" cellspacing=\"0\">\n<thead>")
                        .arg(style);
    table += rowOf(columns, QStringLiteral("th"), [&](std::size_t column) {
        return columns[column].head.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
    });
    table += QStringLiteral("</thead>\n<tbody>\n");
    for (const QStringList& row : rows)
        table += rowOf(columns, QStringLiteral("td"),
            [&](std::size_t column) { return row[qsizetype(column)].toHtmlEscaped(); });
    return table + QStringLiteral("</tbody></table>\n");
}

QString modelText(const RacePoint& race)
{
    return race.places.front().line == RaceLine::Attention ? Tables::tr("attention")
                                                           : Tables::tr("LSTM");
}

/// "sub-batch × 4"
QString cutName(const SweepCell& cell)
{
    const QString strategy = strategyText(cell.strategy);
    return cell.subBatches > 1 ? QStringLiteral("%1 × %2").arg(strategy).arg(cell.subBatches)
                               : strategy;
}

QString rangeText(double from, double to)
{
    return durationRangeText(from, to, 3, QStringLiteral("–"));
}

QString intervalText(const SweepPoint& point)
{
    return TimePair { &point, &point }.hasIntervals()
        ? rangeText(point.lowerMedianMs, point.upperMedianMs)
        : QStringLiteral("–");
}

QString shareText(const SweepPoint& point)
{
    return shareOfPeak(point) ? shareOfPeakText(point) : QStringLiteral("–");
}

/// Memory is measured of two passes at once, and writing beside reading.
bool severalPasses(const RaceMeasurement& measurement)
{
    return std::any_of(
        measurement.points.begin(), measurement.points.end(), [&](const RacePoint& race) {
            return race.point.cell.pass != measurement.points.front().point.cell.pass;
        });
}

QStringList cellsOf(const RacePoint& race, bool withPass)
{
    const SweepPoint& point = race.point;
    QStringList cells { modelText(race) };
    if (withPass)
        cells.append(passText(point.cell.pass));
    cells.append({ cutName(point.cell), countNumber(point.cell.threads),
        countNumber(point.cell.length), countNumber(point.cell.batch),
        durationText(point.medianMs, 4), rangeText(point.lowerQuartileMs, point.upperQuartileMs),
        intervalText(point), countNumber(point.repeats), countNumber(point.disturbed),
        QString::number(point.flops / 1e9, 'g', 3), shareText(point),
        bytesText(double(point.stateBytes)), bytesText(double(point.peakBytes)) });
    return cells;
}

/// "LSTM, 32 rows, 64 tokens"
QString lineName(const PlannedLine& line)
{
    return Tables::tr("%1, %2, %3 tokens")
        .arg(raceLineText(line.line), rowsText(line.rows), countNumber(line.length));
}

QString speedUpAt(const PlannedLine& line, int count)
{
    const auto found = std::find_if(line.points.begin(), line.points.end(),
        [count](const PlannedSpeedUp& point) { return point.count == count; });
    return found == line.points.end() ? QStringLiteral("–")
                                      : numberLocale().toString(found->speedUp, 'f', 2);
}

} // namespace

QString pointsTable(const RaceMeasurement& measurement)
{
    if (measurement.points.empty())
        return {};
    const bool withPass = severalPasses(measurement);
    std::vector<Column> columns { { Tables::tr("model"), false } };
    if (withPass)
        columns.push_back({ Tables::tr("pass"), false });
    columns.push_back({ Tables::tr("cut"), false });
    for (const QString& head : { Tables::tr("threads"), Tables::tr("tokens"), Tables::tr("rows"),
             Tables::tr("median"), Tables::tr("middle\nhalf"), Tables::tr("95 %\ninterval"),
             Tables::tr("runs"), Tables::tr("dis-\nturbed"), Tables::tr("GFLOP"),
             Tables::tr("of\npeak"), Tables::tr("kept"), Tables::tr("allo-\ncated") })
        columns.push_back({ head, true });
    std::vector<QStringList> rows;
    for (const RacePoint& race : measurement.points)
        rows.push_back(cellsOf(race, withPass));
    return tableOf(columns, rows, QStringLiteral("points"));
}

QString plansTable(const RaceMeasurement& measurement)
{
    if (measurement.lines.empty())
        return {};
    const bool subBatches = measurement.request.question == RaceQuestion::SubBatches;
    std::vector<Column> columns { { subBatches ? Tables::tr("sub-batches")
                                               : Tables::tr("workers") } };
    std::set<int> counts;
    QStringList most { Tables::tr("at most") };
    for (const PlannedLine& line : measurement.lines) {
        columns.push_back({ lineName(line) });
        for (const PlannedSpeedUp& point : line.points)
            counts.insert(point.count);
        most.append(numberLocale().toString(line.most, 'f', 2));
    }
    std::vector<QStringList> rows;
    for (int count : counts) {
        QStringList row { countNumber(count) };
        for (const PlannedLine& line : measurement.lines)
            row.append(speedUpAt(line, count));
        rows.push_back(std::move(row));
    }
    rows.push_back(std::move(most));
    return tableOf(columns, rows, QStringLiteral("plans"));
}

} // namespace timestep
