// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_report_facts.h"

#include "ui/models/number_text.h"
#include "ui/models/race_text.h"
#include "ui/session/race_plan.h"
#include "ui/views/race_pictures.h"

#include <QCoreApplication>
#include <QStringList>

namespace timestep {

namespace {

struct Facts
{
    Q_DECLARE_TR_FUNCTIONS(RaceReport)
};

QString numbersText(const std::vector<int>& numbers)
{
    QStringList texts;
    for (int number : numbers)
        texts.append(countNumber(number));
    return texts.join(QStringLiteral(" · "));
}

QString sizesText(const ModelPointer& model)
{
    const ModelShape& shape = model->shape;
    const QString layers
        = shape.layers == 1 ? Facts::tr("1 layer") : Facts::tr("%1 layers").arg(shape.layers);
    const QString heads
        = shape.kind == ModelKind::Attention ? Facts::tr(", %1 heads").arg(shape.heads) : QString();
    return Facts::tr("%1: %2 of width %3%4")
        .arg(QString::fromStdString(model->name), layers)
        .arg(shape.width)
        .arg(heads);
}

/// Of the points: what is timed of a model, without the vocabulary head.
QString parametersText(const RaceMeasurement& measurement)
{
    QStringList parts;
    for (const RaceLine line : { RaceLine::Lstm, RaceLine::Attention })
        for (const RacePoint& race : measurement.points)
            if (race.places.front().line == line) {
                parts.append(
                    (line == RaceLine::Lstm ? Facts::tr("LSTM %1") : Facts::tr("attention %1"))
                        .arg(countNumber(race.point.parameters)));
                break;
            }
    return parts.join(QStringLiteral(", "));
}

void addModels(std::vector<ReportFact>& facts, const RaceMeasurement& measurement)
{
    const RaceRequest& request = measurement.request;
    if (request.models.lstm) {
        facts.push_back({ Facts::tr("LSTM"), sizesText(request.models.lstm) });
        facts.push_back({ Facts::tr("attention"), sizesText(request.models.attention) });
    } else {
        facts.push_back({ Facts::tr("raced"), racedText(request) });
    }
    if (!measurement.points.empty())
        facts.push_back({ Facts::tr("parameters timed"), parametersText(measurement) });
}

QString oneLengthName(const RaceRequest& request)
{
    switch (request.question) {
    case RaceQuestion::Length:
        return Facts::tr("tokens of the speed-ups");
    case RaceQuestion::Rows:
    case RaceQuestion::SubBatches:
        return Facts::tr("tokens of a row");
    case RaceQuestion::Memory:
        break;
    }
    return {};
}

void addSizes(std::vector<ReportFact>& facts, const RaceRequest& request)
{
    if (request.question == RaceQuestion::Rows)
        facts.push_back({ Facts::tr("rows"), numbersText(raceRowCounts(request)) });
    else
        facts.push_back({ Facts::tr("rows"), countNumber(request.rows) });
    if (request.question == RaceQuestion::SubBatches)
        facts.push_back({ Facts::tr("sub-batches"), numbersText(raceSubBatchCounts(request)) });
    else
        facts.push_back({ Facts::tr("sub-batches, wished"), countNumber(request.subBatches) });
    if (request.question == RaceQuestion::Length || request.question == RaceQuestion::Memory)
        facts.push_back({ Facts::tr("tokens of the times"), numbersText(raceLengths(request)) });
    const QString oneLength = oneLengthName(request);
    if (!oneLength.isEmpty())
        facts.push_back({ oneLength, countNumber(request.speedUpLength) });
}

} // namespace

std::vector<ReportFact> settingFacts(const RaceMeasurement& measurement)
{
    const RaceRequest& request = measurement.request;
    std::vector<ReportFact> facts;
    addModels(facts, measurement);
    addSizes(facts, request);
    facts.push_back({ Facts::tr("cut of the LSTM, wished"), strategyText(request.lstmStrategy) });
    facts.push_back(
        { Facts::tr("cut of attention, wished"), strategyText(request.attentionStrategy) });
    facts.push_back({ Facts::tr("threads"),
        Facts::tr("%1 on %2").arg(countNumber(request.threads), coresText(request.cores)) });
    if (request.question == RaceQuestion::Length)
        facts.push_back(
            { Facts::tr("threads of the speed-ups"), numbersText(request.threadCounts) });
    facts.push_back({ Facts::tr("runs of each point"), countNumber(raceRepeats(request)) });
    const QString asked = request.kernel.empty() ? Facts::tr("the fastest")
                                                 : QString::fromStdString(request.kernel);
    const QString used = kernelText(measurement);
    facts.push_back({ Facts::tr("instruction set"),
        used.isEmpty() || used == asked ? asked : Facts::tr("%1 (%2)").arg(used, asked) });
    facts.push_back({ Facts::tr("memory budget"),
        request.memoryBudget == 0 ? Facts::tr("half of what is free")
                                  : bytesText(double(request.memoryBudget)) });
    return facts;
}

std::vector<ReportFact> machineFacts(const Machine& machine, const QString& qtVersion)
{
    const QString cores = machine.cores > 0 ? countNumber(machine.cores) : QString();
    const QString memory
        = machine.memoryBytes > 0 ? bytesText(double(machine.memoryBytes)) : QString();
    std::vector<ReportFact> facts {
        { Facts::tr("processor"), QString::fromStdString(machine.processor) },
        { Facts::tr("cores in use"), cores },
        { Facts::tr("memory"), memory },
        { Facts::tr("operating system"), QString::fromStdString(machine.system) },
        { Facts::tr("system's kernel"), QString::fromStdString(machine.systemKernel) },
        { Facts::tr("Timestep"), QString::fromStdString(machine.version) },
        { Facts::tr("Qt"), qtVersion },
        { Facts::tr("compiler"), QString::fromStdString(machine.compiler) },
    };
    std::erase_if(facts, [](const ReportFact& fact) { return fact.value.isEmpty(); });
    return facts;
}

QString measurementTitle(const RaceRequest& request)
{
    switch (request.question) {
    case RaceQuestion::Length:
        return Facts::tr("Against length: %1").arg(passText(request.pass));
    case RaceQuestion::Rows:
        return Facts::tr("Against rows: %1").arg(passText(request.pass));
    case RaceQuestion::SubBatches:
        return Facts::tr("Against sub-batches: %1").arg(passText(request.pass));
    case RaceQuestion::Memory:
        return Facts::tr("Memory: reading and training");
    }
    return {};
}

} // namespace timestep
