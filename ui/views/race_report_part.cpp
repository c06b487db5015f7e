// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_report_part.h"

#include "ui/views/race_baseline.h"
#include "ui/views/race_pictures.h"
#include "ui/views/race_plot.h"
#include "ui/views/race_plots.h"
#include "ui/views/race_sentence.h"
#include "ui/views/race_verdict_panel.h"

namespace timestep {

namespace {

QStringList verdictLines(const RaceMeasurement& measurement)
{
    QStringList lines;
    if (measurement.request.question == RaceQuestion::Length)
        for (const VerdictLine& line : raceVerdict(measurement))
            lines.append(verdictText(line));
    return lines;
}

std::vector<ReportPicture> picturesOf(
    const RaceMeasurement& measurement, const RaceMeasurement* baseline)
{
    std::vector<ReportPicture> pictures;
    for (RacePicture picture : racePictures(measurement.request)) {
        const auto plot = racePlot(measurement, baseline, picture);
        pictures.push_back(pictureOnPaper(lookOf(measurement.request, picture).title, *plot));
    }
    return pictures;
}

} // namespace

RaceReportPart raceReportPart(RaceMeasurement measurement, const RaceMeasurement* baseline)
{
    RaceReportPart part;
    part.sentence = raceSentence(measurement, false);
    part.verdict = verdictLines(measurement);
    part.figures = raceFigures(measurement);
    if (baseline)
        part.baseline = baselineSentence(*baseline, measurement);
    part.pictures = picturesOf(measurement, baseline);
    part.measurement = std::move(measurement);
    return part;
}

} // namespace timestep
