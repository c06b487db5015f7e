// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/influence_sentence.h"

#include <QTest>

#include <vector>

using namespace timestep;

namespace {

InfluenceOnPrediction row(std::vector<float> shares, float norm = 0, TokenId target = 0)
{
    InfluenceOnPrediction result;
    result.shares = std::move(shares);
    result.norm = norm;
    result.target = target;
    return result;
}

TokenId idOf(const std::string& bytes)
{
    const Vocabulary& vocabulary = *Vocabulary::bundled();
    for (TokenId id = 0; id < static_cast<TokenId>(vocabulary.size()); ++id) {
        if (vocabulary.bytes(id) == bytes)
            return id;
    }
    qFatal("no such token");
}

} // namespace

class TestInfluenceSentence : public QObject
{
    Q_OBJECT
private slots:
    void aRowInWords_data()
    {
        QTest::addColumn<std::vector<float>>("lstm");
        QTest::addColumn<std::vector<float>>("attention");
        QTest::addColumn<QString>("expected");
        using Shares = std::vector<float>;
        QTest::newRow("the two that sway most")
            << Shares { 0.22F, 0.37F, 0.41F } << Shares { 0.6F, 0.0042F, 0.3958F }
            << "After “red”, swayed most by: LSTM “red” 0.41, “the” 0.37; attention “Ann” 0.60, "
               "“red” 0.40.";
        QTest::newRow("ties: the earliest")
            << Shares { 0.2F, 0.4F, 0.4F } << Shares { 0.25F, 0.5F, 0.25F }
            << "After “red”, swayed most by: LSTM “the” 0.40, “red” 0.40; attention “the” 0.50, "
               "“Ann” 0.25.";
        QTest::newRow("one token alone")
            << Shares { 0, 1, 0 } << Shares { 0, 0, 0 }
            << "After “red”, swayed most by: LSTM “the” 1.00; attention nothing.";
        QTest::newRow("one model first")
            << Shares {} << Shares { 0.5F, 0.3F, 0.2F }
            << "After “red”, swayed most by: LSTM not computed yet; attention “Ann” 0.50, “the” "
               "0.30.";
        QTest::newRow("neither") << Shares {} << Shares {} << "";
    }

    void aRowInWords()
    {
        QFETCH(std::vector<float>, lstm);
        QFETCH(std::vector<float>, attention);
        const ModelInfluence inLstm { { {}, {}, row(lstm) } };
        const ModelInfluence inAttention { { {}, {}, row(attention) } };
        const QStringList labels { "Ann", "the", "red" };
        const InfluenceText text { inLstm, inAttention, labels, *Vocabulary::bundled() };
        QTEST(text.row(2), "expected");
    }

    void longLabelsAreCut()
    {
        const ModelInfluence influence { { row({ 1 }) } };
        const QStringList labels { "antidisestablishmentarianism" };
        const InfluenceText text { influence, influence, labels, *Vocabulary::bundled() };
        QVERIFY(text.row(0).startsWith("After “antidisesta…”, "));
    }

    void aCellTellsSharesAndNorms()
    {
        const ModelInfluence lstm { { {}, row({ 0.7F, 0.3F }, 0.0123456F, idOf(" the")) } };
        const ModelInfluence attention { { {}, row({ 0.2F, 0.8F }, 1234.56F, idOf(".")) } };
        const QStringList labels { "Ann", "has" };
        const InfluenceText text { lstm, attention, labels, *Vocabulary::bundled() };
        const QStringList lines = text.cell({ 0, 1 }).split(u'\n');
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0], QString("“Ann” sways the prediction after “has” (1 token back)"));
        QCOMPARE(lines[1], QString("share: LSTM 0.70 · attention 0.20"));
        QCOMPARE(lines[2],
            QString("whole row: LSTM ‖∂ log p(“the”)‖ = 0.0123 · attention ‖∂ log p(“.”)‖ = "
                    "1.23e+03"));
        QCOMPARE(lines[3], QString("Shares may be compared; the norms of two models may not."));
        QVERIFY(text.cell({ 0, 0 }).contains("share: LSTM not computed yet"));
    }

    void normsAreToldWithTheTokenThatIsSwayed()
    {
        const ModelInfluence lstm { { row({ 1 }, 0.0123456F, idOf(" the")), {} } };
        const ModelInfluence attention { { {}, {} } };
        const QStringList labels { "Ann", "has" };
        const InfluenceText text { lstm, attention, labels, *Vocabulary::bundled() };
        QCOMPARE(
            text.norms(0), QString("‖∂ log p‖: LSTM 0.0123 (“the”), attention not computed yet"));
        QCOMPARE(text.norms(1), QString());
    }

    void whatAModelDoesNotRead()
    {
        const ModelInfluence lstm { { row({ 1 }), {} } };
        const ModelInfluence attention { { row({ 0.4F, 0.6F }), {} } }; // without the mask
        const QStringList labels { "Ann", "has" };
        const InfluenceText text { lstm, attention, labels, *Vocabulary::bundled() };
        const QString cell = text.cell({ 1, 0 });
        QVERIFY(cell.contains("(1 token ahead)"));
        QVERIFY(cell.contains("share: LSTM not read, it comes later · attention 0.60"));
    }

    void theScaleIsSaid()
    {
        QCOMPARE(influenceCaption(0.5, true),
            QString("which earlier tokens, as shares; full colour: 0.50 in both"));
        QCOMPARE(
            influenceCaption(1, false), QString("which tokens, as shares; full colour: 1 in both"));
    }

    void progressCountsRows()
    {
        const ModelInfluence lstm { { {}, row({ 1 }), row({ 1 }) } };
        const ModelInfluence attention { { {}, {}, row({ 1 }) } };
        QCOMPARE(influenceProgress(lstm, attention), QString("3 of 6 rows"));
    }

    void tooLongSaysHowMuchMore()
    {
        QVERIFY(influenceTooLong(2048).contains("4.0 times as much"));
        QVERIFY(influenceTooLong(2048).contains("1,024 tokens"));
    }
};

QTEST_APPLESS_MAIN(TestInfluenceSentence)
#include "tst_influence_sentence.moc"
