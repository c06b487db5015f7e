// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/lstm_test_run.h"
#include "ui/views/cell_numbers.h"
#include "ui/views/live_lstm_images.h"
#include "ui/views/lstm_data.h"
#include "ui/views/lstm_image.h"
#include "ui/views/lstm_layout.h"

#include <QSignalSpy>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace timestep;

namespace {

constexpr int Units = 12;

std::vector<std::string> words(int count)
{
    std::vector<std::string> some;
    for (int word = 0; word < count; ++word)
        some.push_back("w" + std::to_string(word));
    return some;
}

LstmPicturePointer pictureOf(int tokens, UnitOrder order, int layer = 0)
{
    return LstmPicture::of(runWithGates(words(tokens), 2, Units), layer, order);
}

TokenAxis whole(int tokens)
{
    TokenAxis axis;
    axis.setTokens(tokens);
    return axis;
}

} // namespace

class LstmPictureTest : public QObject
{
    Q_OBJECT
private slots:
    void everyUnitHasOneRow_data()
    {
        QTest::addColumn<int>("order");
        QTest::newRow("likeness") << int(UnitOrder::Similarity);
        QTest::newRow("memory") << int(UnitOrder::ForgetGate);
        QTest::newRow("activity") << int(UnitOrder::Activity);
        QTest::newRow("number") << int(UnitOrder::Number);
    }

    void everyUnitHasOneRow()
    {
        QFETCH(int, order);
        const auto picture = pictureOf(9, static_cast<UnitOrder>(order));
        QCOMPARE(picture->units(), Units);
        for (int unit = 0; unit < Units; ++unit)
            QCOMPARE(picture->unitOfRow[picture->rowOfUnit[unit]], unit);
    }

    void unitsStandInTheOrderThatIsNamed()
    {
        const auto memory = pictureOf(9, UnitOrder::ForgetGate);
        const auto activity = pictureOf(9, UnitOrder::Activity);
        const auto mean = [](const LstmPicture& picture, LstmQuantity quantity, int row) {
            return picture.values(quantity).col(picture.unitOfRow[row]).cwiseAbs().mean();
        };
        for (int row = 1; row < Units; ++row) {
            QVERIFY(mean(*memory, LstmQuantity::Forget, row - 1)
                > mean(*memory, LstmQuantity::Forget, row) - 1e-6F);
            QVERIFY(mean(*activity, LstmQuantity::Hidden, row - 1)
                > mean(*activity, LstmQuantity::Hidden, row) - 1e-6F);
        }
        QCOMPARE(pictureOf(9, UnitOrder::Number)->unitOfRow.back(), Units - 1);
    }

    void fullColourIsOfNearlyAllValues()
    {
        const auto picture = pictureOf(40, UnitOrder::Number, 1);
        QCOMPARE(picture->fullColorOf(LstmQuantity::Forget), 1.0F);
        QCOMPARE(picture->fullColorOf(LstmQuantity::Candidate), 1.0F);
        const float full = picture->fullColorOf(LstmQuantity::Cell);
        const Matrix<float>& cell = picture->values(LstmQuantity::Cell);
        const auto beyond = (cell.array().abs() > full).count();
        QVERIFY(beyond <= cell.size() / 100);
        QCOMPARE(picture->exceeded[size_t(LstmQuantity::Cell)], beyond > 0);
    }

    void aPixelShowsTheMeanOfWhatItCovers()
    {
        const auto picture = pictureOf(8, UnitOrder::ForgetGate);
        const QImage image
            = lstmImage(*picture, LstmQuantity::Cell, whole(8), QSize(4, Units / 2), false);
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                float sum = 0;
                for (int row = 2 * y; row < 2 * y + 2; ++row)
                    for (int step = 2 * x; step < 2 * x + 2; ++step)
                        sum += picture->value(LstmQuantity::Cell, step, picture->unitOfRow[row]);
                const QRgb expected = lstmColor(*picture, LstmQuantity::Cell, sum / 4, false);
                QVERIFY(std::abs(qRed(image.pixel(x, y)) - qRed(expected)) <= 3);
                QVERIFY(std::abs(qBlue(image.pixel(x, y)) - qBlue(expected)) <= 3);
            }
        }
    }

    void aLargeCellHasItsValuesColour()
    {
        const auto picture = pictureOf(5, UnitOrder::Similarity);
        TokenAxis axis = whole(5);
        axis.zoom(0.8, 5); // tokens 1 … 4
        const QImage image
            = lstmImage(*picture, LstmQuantity::Forget, axis, QSize(400, Units * 5), true);
        for (int row = 0; row < Units; ++row)
            for (int step = 1; step < 5; ++step)
                QCOMPARE(image.pixel((step - 1) * 100 + 50, row * 5 + 2),
                    lstmColor(*picture, LstmQuantity::Forget,
                        picture->value(LstmQuantity::Forget, step, picture->unitOfRow[row]), true));
    }

    void signsAreToldByColour()
    {
        const auto picture = pictureOf(5, UnitOrder::Number);
        const QColor above(lstmColor(*picture, LstmQuantity::Candidate, 0.7F, false));
        const QColor below(lstmColor(*picture, LstmQuantity::Candidate, -0.7F, false));
        QVERIFY(above.red() > above.blue() + 60);
        QVERIFY(below.blue() > below.red() + 20);
    }

    void imagesOfALongTextAreMadeBesideTheInterface()
    {
        LiveLstmImages live;
        QSignalSpy changed(&live, &LiveLstmImages::changed);
        const auto picture
            = LstmPicture::of(runWithGates(words(20000), 1, Units), 0, UnitOrder::Number);
        const LstmPart part { picture, { lstmQuantities.begin(), lstmQuantities.end() },
            whole(20000), QSize(300, 40), false };
        QVERIFY(live.images(part).images.empty());
        QTRY_VERIFY(live.exact(part));
        QVERIFY(changed.count() > 0);
        const LstmImages images = live.images(part);
        QCOMPARE(images.images.size(), size_t(6));
        QCOMPARE(images.images[4],
            lstmImage(*picture, LstmQuantity::Cell, part.axis, part.pixels, false));
    }

    void mapsStandOnOneAnothersColumns()
    {
        const LstmLetters letters { 40, 80, 16, 18 };
        const std::vector<LstmQuantity> all(lstmQuantities.begin(), lstmQuantities.end());
        const LstmLayout layout = LstmLayout::of({ 700, 400 }, all, 24, letters);
        QCOMPARE(layout.maps.size(), size_t(6));
        for (std::size_t map = 0; map < 6; ++map) {
            const QRect& cells = layout.maps[map].cells;
            QCOMPARE(cells.left(), layout.left());
            QCOMPARE(cells.width(), layout.width());
            QVERIFY(std::abs(cells.height() - layout.maps[0].cells.height()) <= 1);
            if (map > 0)
                QVERIFY(cells.top() > layout.maps[map - 1].cells.bottom());
        }
        QVERIFY(layout.maps.back().cells.bottom() < layout.note.top());
        QVERIFY(QRect(0, 0, 700, 400).contains(layout.note));
        const LstmLayout one = LstmLayout::of({ 700, 400 }, { LstmQuantity::Cell }, 24, letters);
        QVERIFY(one.maps.front().cells.height() > 5 * layout.maps.front().cells.height());
    }

    void everyRowOfAMapCanBeReached()
    {
        const QRect cells(10, 20, 100, 60);
        for (const int units : { 1, 7, 60 }) {
            for (int row = 0; row < units; ++row) {
                const QRect line = unitRow(cells, row, units);
                QVERIFY(cells.contains(line));
                QCOMPARE(unitRowAt(cells, line.center().y(), units), row);
            }
        }
        QCOMPARE(unitRowsUnder(cells, 20, 600), (IndexRange { 0, 10 }));
        QCOMPARE(unitRowsUnder(cells, 79, 600), (IndexRange { 590, 600 }));
    }

    void theEquationIsThatOfTheStep()
    {
        const auto picture = pictureOf(6, UnitOrder::Number, 1);
        const CellNumbers first = CellNumbers::of(*picture, 0, 3);
        QCOMPARE(first.before, 0.0F);
        const CellNumbers later = CellNumbers::of(*picture, 4, 3);
        QCOMPARE(later.before, picture->value(LstmQuantity::Cell, 3, 3));
        QVERIFY(
            qAbs(later.forget * later.before + later.input * later.candidate - later.cell) < 1e-6F);
        const QString text = cellEquation(later).join(u'\n');
        for (const float number : { later.forget, later.before, later.input, later.candidate,
                 later.cell, later.output, std::tanh(later.cell), later.hidden })
            QVERIFY2(text.contains(stateText(number)), qPrintable(text));
    }

    void theFilesHoldEveryNumber()
    {
        const auto picture = pictureOf(3, UnitOrder::ForgetGate, 1);
        const QStringList lines = QString::fromStdString(lstmCsv(*picture)).split(u'\n');
        QCOMPARE(lines.front(), QStringLiteral("step,token,layer,unit,i,f,g,o,c,h,override"));
        QCOMPARE(lines.size(), 1 + 3 * Units + 1);
        const QStringList last = lines[3 * Units].split(u',');
        QCOMPARE(last[0].toInt(), 2);
        QCOMPARE(last[1], QStringLiteral(" w2"));
        QCOMPARE(last[2].toInt(), 2);
        const int unit = last[3].toInt();
        QCOMPARE(unit, picture->unitOfRow.back());
        QCOMPARE(last[8].toFloat(), picture->value(LstmQuantity::Cell, 2, unit));

        const auto json = nlohmann::json::parse(lstmJson(*picture, {}));
        QCOMPARE(json["layer"].get<int>(), 2);
        QCOMPARE(json["tokens"][2].get<std::string>(), std::string(" w2"));
        QCOMPARE(json["units"][0].get<int>(), picture->unitOfRow[0]);
        QCOMPARE(json["h"][1][5].get<float>(), picture->value(LstmQuantity::Hidden, 1, 5));
        QCOMPARE(json["half_lives"][5].get<double>(), picture->halfLives[5]);
    }

    void whatWasForcedIsInTheFilesAndTellsNoHalfLife()
    {
        const auto run = runWithGates(words(3), 2, Units);
        auto found = std::make_shared<InterventionFound>();
        found->lstm.run = *run->lstm;
        found->lstm.run.recording.gates[1].forget.row(2).setZero();
        found->request.forgetGates = { { .layer = 1, .steps = { 2, 3 } } };
        const auto picture = LstmPicture::of(run, 1, UnitOrder::Number, {}, found);
        QVERIFY(picture->changed());
        QVERIFY(picture->halfLife.longest > 0);
        QCOMPARE(picture->halfLives,
            halfLives(run->lstm->recording.gates[1].forget.topRows(2), { 0, 2 }));
        const QStringList lines = QString::fromStdString(lstmCsv(*picture)).split(u'\n');
        QVERIFY(lines[1].endsWith(u','));
        QVERIFY(lines[3 * Units].endsWith(QStringLiteral(",f=0")));
        const auto json = nlohmann::json::parse(lstmJson(*picture, {}));
        const auto& gate = json["override"]["forget_gates"][0];
        QCOMPARE(gate["layer"].get<int>(), 2);
        QCOMPARE(gate["last_step"].get<int>(), 2);
        QVERIFY(gate["units"].is_null());
        QVERIFY(nlohmann::json::parse(
            lstmJson(*LstmPicture::of(run, 1, UnitOrder::Number), {}))["override"]
                    .is_null());
    }

    void theShownAnswerIsInTheFiles()
    {
        const auto picture = pictureOf(3, UnitOrder::Number);
        ShownAnswer answer { QStringLiteral("Replace"), {} };
        answer.bars.series = { { ModelKind::Lstm, { 0, 0.5, std::nan("") }, "LSTM", {} },
            { ModelKind::Attention, { 0, 0.25, 1 }, "Attention", {} } };
        const auto json = nlohmann::json::parse(lstmJson(*picture, answer))["answer"];
        QCOMPARE(json["name"].get<std::string>(), std::string("Replace"));
        QCOMPARE(json["series"][1]["model"].get<std::string>(), std::string("attention"));
        QCOMPARE(json["series"][1]["values"][1].get<double>(), 0.25);
        QVERIFY(json["series"][0]["values"][2].is_null());
        QCOMPARE(QString::fromStdString(lstmStripCsv(*picture, answer)),
            QStringLiteral("step,token,Replace of lstm: LSTM,Replace of attention: Attention\n"
                           "0,w0,0,0\n1, w1,0.5,0.25\n2, w2,,1\n"));
    }

    void anEmptyTextHasAPictureToo()
    {
        const auto picture = LstmPicture::of(std::make_shared<Run>(), 3, UnitOrder::Similarity);
        QCOMPARE(picture->tokens(), 0);
        QCOMPARE(picture->units(), 0);
        QVERIFY(nlohmann::json::parse(lstmJson(*picture, {}))["f"].empty());
        QCOMPARE(QString::fromStdString(lstmCsv(*picture)).count(u'\n'), 1);
    }
};

QTEST_GUILESS_MAIN(LstmPictureTest)
#include "tst_lstm_picture.moc"
