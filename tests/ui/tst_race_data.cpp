// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/measurement/sweep_columns.h"
#include "engine/measurement/sweep_json.h"
#include "engine/measurement/timed_passes.h"
#include "tests/ui/race_examples.h"
#include "ui/session/race_json.h"
#include "ui/session/strict_json.h"
#include "ui/views/race_data.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace timestep;

namespace {

using Json = nlohmann::json;

std::string written(const std::vector<RaceMeasurement>& measurements)
{
    return raceJson(measurements).dump();
}

std::vector<RaceMeasurement> read(const Json& json)
{
    return racesFromJson(StrictJson(json, "races.json"));
}

/// What reading it says; empty: it is read.
std::string complaint(const Json& json)
{
    try {
        read(json);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

RaceMeasurement oneRace(RaceQuestion question, bool models)
{
    RaceRequest request = exampleRequest(question);
    if (models) {
        request.models = examplePair();
        request.text = { 1, 2, 3 };
    }
    return exampleRace(request);
}

} // namespace

class RaceDataTest : public QObject
{
    Q_OBJECT
private slots:
    void isTheSameWhenReadBack_data()
    {
        QTest::addColumn<int>("question");
        QTest::addColumn<bool>("models");
        for (const RaceQuestion question : raceQuestions)
            for (const bool models : { false, true })
                QTest::addRow("%d %s", int(question), models ? "models" : "bare layers")
                    << int(question) << models;
    }

    void isTheSameWhenReadBack()
    {
        QFETCH(int, question);
        QFETCH(bool, models);
        RaceMeasurement race = oneRace(RaceQuestion(question), models);
        race.disturbed = true;
        race.refusal = "4096 tokens would need \xC2\xBD TB";
        race.points.front().point.maxError = std::nan("");
        race.points.back().point.medianMs = 0.1 + 0.2; // all digits count
        const std::vector<RaceMeasurement> back = read(Json::parse(written({ race, race })));
        QCOMPARE(back.size(), std::size_t(2));
        QCOMPARE(written(back), written({ race, race }));
        QVERIFY(back[0].machine == race.machine);
        QVERIFY(std::isnan(back[0].points.front().point.maxError));
        QCOMPARE(back[0].points.back().point.medianMs, 0.1 + 0.2);
        for (std::size_t point = 0; point < race.points.size(); ++point) {
            QVERIFY(back[0].points[point].places == race.points[point].places);
            QCOMPARE(back[0].points[point].point.index, point);
        }
    }

    void modelsKeepTheirSizes()
    {
        const RaceMeasurement race = oneRace(RaceQuestion::Memory, true);
        const RaceMeasurement back = read(Json::parse(written({ race }))).front();
        QCOMPARE(back.request.models.attention->name, std::string("attention <tiny>"));
        for (const RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
            const PlanShape before = shapeOf(raceCell(race.request, line, 64, 8));
            const PlanShape after = shapeOf(raceCell(back.request, line, 64, 8));
            QCOMPARE(after.layers, before.layers);
            QCOMPARE(after.width, before.width);
            QCOMPARE(after.heads, before.heads);
            QCOMPARE(after.bareLayer, before.bareLayer);
        }
    }

    void neitherTokensNorWeightsAreWritten()
    {
        RaceMeasurement race = oneRace(RaceQuestion::Length, true);
        const std::string before = written({ race });
        race.request.text.assign(1000, 7);
        QCOMPARE(written({ race }), before);
    }

    void csvIsThatOfBench()
    {
        const RaceMeasurement race = oneRace(RaceQuestion::Rows, false);
        const auto formats = raceDataFormats({ race, race });
        const DataFormat* csv = dataFormatOf(formats, QStringLiteral("race.csv"));
        QVERIFY(csv);
        const QByteArrayList lines = QByteArray::fromStdString(csv->write()).trimmed().split('\n');
        QCOMPARE(lines.size(), qsizetype(1 + 2 * race.points.size()));
        QCOMPARE(lines.front().toStdString() + '\n', sweepCsv({}));
        QVERIFY(lines[1].startsWith("lstm,inference,"));
    }

    void csvHasTheSpreadOfTheTable()
    {
        RaceMeasurement race = oneRace(RaceQuestion::Rows, false);
        SweepPoint& point = race.points.front().point;
        point.lowerQuartileMs = 4.5;
        point.upperQuartileMs = 6;
        point.lowerMedianMs = 4.75;
        point.upperMedianMs = 5.25;
        point.disturbed = 7; // of 25: more than a quarter
        point.readGBps = 11.5;
        const auto formats = raceDataFormats({ race });
        const QByteArrayList lines
            = QByteArray::fromStdString(dataFormatOf(formats, QStringLiteral("race.csv"))->write())
                  .split('\n');
        QVERIFY2(lines[1].endsWith(",4.5,6,4.75,5.25,7,yes,11.5"), lines[1].constData());
        QVERIFY2(lines[2].contains(",1,no,"), lines[2].constData());
    }

    void jsonHasWhatBenchWritesOfEachPoint()
    {
        const RaceMeasurement race = oneRace(RaceQuestion::Length, false);
        const auto formats = raceDataFormats({ race });
        const Json json = Json::parse(dataFormatOf(formats, QStringLiteral("race.json"))->write());
        const Json& measurement = json.at("measurements").at(0);
        QCOMPARE(measurement.at("points").size(), race.points.size());
        Json point = measurement.at("points").at(0);
        QCOMPARE(
            point.at("places").at(0).at("picture").get<std::string>(), std::string("time-of-rows"));
        point.erase("places");
        QCOMPARE(point.dump(), Json(pointJson(race.points.front().point, race.machine)).dump());
        QCOMPARE(measurement.at("request").at("lengths").get<std::vector<int>>(),
            (std::vector<int> { 16, 32, 64 }));
        QCOMPARE(measurement.at("planned_not_measured").size(), race.lines.size());
    }

    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QString>("place"); // a JSON pointer
        QTest::addColumn<QString>("value"); // empty: taken out
        QTest::addColumn<QString>("said");
        const auto row = [](const char* place, const char* value, const char* said) {
            QTest::newRow(qPrintable(QString::fromLatin1(place) + ' ' + value))
                << place << value << said;
        };
        row("/0/request/rows", "", "races.json: [0].request: there is no \"rows\"");
        row("/0/request/rows", "0", "[0].request.rows: expected a whole number from 1 to 65536");
        row("/0/request/rows", "8.5", "[0].request.rows: ");
        row("/0/request/rows", "99999999999999999999", "[0].request.rows: ");
        row("/0/request/rows", "4294967297", "[0].request.rows: ");
        row("/0/request/longest", "2147483647", "[0].request.longest: ");
        row("/0/request/longest", "1", "[0].request.longest: ");
        row("/0/request/question", "\"why\"", "found \"why\"");
        row("/0/request/question", "5", "expected a text, found 5");
        row("/0/request/lstm", "{\"name\":\"x\"}", "[0].request.lstm: there is no \"vocabulary\"");
        row("/0/request/thread_counts", "[1,1]", "[0].request.thread_counts[1]: ");
        row("/0/request/thread_counts", "[]", "[0].request.thread_counts: ");
        row("/0/machine", "null", "[0].machine: expected an object, found null");
        row("/0/disturbed", "1", "expected true or false, found 1");
        row("/0/points", "{}", "[0].points: expected a list, found an object");
        row("/0/points/3/places", "[]", "[0].points[3].places: expected one place at least");
        row("/0/points/3/places/0/line", "\"rnn\"", "[0].points[3].places[0].line: ");
        row("/0/points/3/median_ms", "0", "[0].points[3].median_ms: expected a number from");
        row("/0/points/3/median_ms", "-1", "[0].points[3].median_ms: ");
        row("/0/points/3/median_ms", "1e300", "[0].points[3].median_ms: ");
        row("/0/points/3/median_ms", "\"3\"", "[0].points[3].median_ms: ");
        row("/0/points/3/median_ms", "null", "[0].points[3].median_ms: ");
        row("/0/points/3/median_interval_ms", "[1]", "median_interval_ms: expected two numbers");
        row("/0/points/3/median_interval_ms", "[2,1]", "median_interval_ms[1]: ");
        row("/0/points/3/peak_bytes", "-1", "peak_bytes: expected a whole number");
        row("/0/points/3/disturbed_repeats", "26", "disturbed_repeats: ");
        row("/0/points/3/compute", "\"gru\"", "compute: expected \"attention-causal\"");
        row("/0/planned_not_measured/0/points/1/speed_up", "0", "points[1].speed_up: ");
    }

    void whatIsWrongIsNamed()
    {
        QFETCH(QString, place);
        QFETCH(QString, value);
        QFETCH(QString, said);
        Json json = Json::parse(written({ oneRace(RaceQuestion::Length, false) }));
        QVERIFY(complaint(json).empty());
        const Json::json_pointer pointer(place.toStdString());
        if (value.isEmpty())
            json.at(pointer.parent_pointer()).erase(pointer.back());
        else
            json.at(pointer) = Json::parse(value.toStdString());
        const QString told = QString::fromStdString(complaint(json));
        QVERIFY2(told.startsWith("races.json: ") && told.contains(said), qPrintable(told));
    }
};

QTEST_GUILESS_MAIN(RaceDataTest)
#include "tst_race_data.moc"
