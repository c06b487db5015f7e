// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/untrained_model.h"
#include "engine/text/vocabulary.h"
#include "tests/ui/influence_twin.h"
#include "ui/session/influence_job.h"
#include "ui/session/session.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <string>

using namespace timestep;

namespace {

using State = InfluenceJob::State;

constexpr int patienceMs = 120000; // sanitizers are slow
const std::string text = "Ann has the red key. Ann has the red"; // the twin's work is its square

std::string words(int count)
{
    std::string bytes = "Ann";
    for (int i = 1; i < count; ++i)
        bytes += i % 2 == 0 ? " has" : " the";
    return bytes;
}

/// Models of one layer of 16, which read each byte as a token: for texts that must be long.
ModelPair narrowPair()
{
    const std::shared_ptr<const Vocabulary> bytes = Vocabulary::fromMerges({});
    const auto narrow = [&bytes](ModelKind kind) {
        const ModelShape shape { .kind = kind,
            .vocabulary = bytes->size(),
            .layers = 1,
            .width = 16,
            .embedding = 16,
            .heads = kind == ModelKind::Lstm ? 0 : 1 };
        return untrainedModel(shape, Positions::Sinusoids, bytes, 1);
    };
    return { narrow(ModelKind::Lstm), narrow(ModelKind::Attention) };
}

/// A session that has read `bytes`, with the untrained pair unless another is given, and its
/// influence.
class Fixture
{
public:
    explicit Fixture(const std::string& bytes, bool shown = true, const ModelPair& models = {})
        : job(session)
    {
        if (models.lstm)
            session.setModels(models);
        else
            session.openModels({ "untrained" });
        job.setShown(shown);
        session.setText(bytes);
        if (!waitUntilRead(bytes))
            qFatal("the text was not read");
    }

    void change(const std::function<void(Settings&)>& change)
    {
        Settings settings = session.settings();
        change(settings);
        session.setSettings(settings);
        if (!waitUntilRead(session.text()))
            qFatal("the text was not read again");
    }

    bool waitUntilRead(const std::string& bytes)
    {
        return QTest::qWaitFor(
            [&] { return session.run() && session.run()->text == bytes && !session.busy(); },
            patienceMs);
    }

    bool waitFor(State state)
    {
        return QTest::qWaitFor([&] { return job.state() == state; }, patienceMs);
    }

    int known() const { return job.lstm().known() + job.attention().known(); }
    bool waitForRows()
    {
        return QTest::qWaitFor([this] { return known() > 0; }, patienceMs);
    }

    Session session;
    InfluenceJob job;
};

/// The first difference from the readable twin; empty where there is none.
QString difference(const ModelInfluence& found, const Run& run, const Model& model, bool causal)
{
    const Influence twin = influenceTwin(run, model, causal);
    const int tokens = run.window.count();
    if (std::ssize(found.rows) != tokens)
        return QStringLiteral("%1 rows").arg(found.rows.size());
    for (int t = 0; t < tokens; ++t) {
        const InfluenceOnPrediction& row = found.rows[static_cast<std::size_t>(t)];
        if (std::ssize(row.shares) != (causal ? t + 1 : tokens))
            return QStringLiteral("row %1: %2 shares").arg(t).arg(row.shares.size());
        if (row.target != twin.targets[static_cast<std::size_t>(t)])
            return QStringLiteral("row %1: another target").arg(t);
        if (std::abs(row.norm - twin.norms(t)) > 1e-4 * twin.norms(t))
            return QStringLiteral("row %1: norm %2, not %3")
                .arg(t)
                .arg(row.norm)
                .arg(twin.norms(t));
        if (row.largest != *std::max_element(row.shares.begin(), row.shares.end()))
            return QStringLiteral("row %1: %2 is not the largest").arg(t).arg(row.largest);
        for (int i = 0; i < static_cast<int>(row.shares.size()); ++i) {
            const float share = row.shares[static_cast<std::size_t>(i)];
            if (std::abs(share - twin.shares(t, i)) > 1e-5)
                return QStringLiteral("row %1: share %2 is %3").arg(t).arg(i).arg(share);
        }
    }
    return {};
}

void compareWithTwin(const Fixture& fixture)
{
    const Run& run = *fixture.session.run();
    QCOMPARE(difference(fixture.job.lstm(), run, *run.lstm->model, true), QString());
    QCOMPARE(difference(fixture.job.attention(), run, *run.attention->model,
                 fixture.session.settings().causal),
        QString());
}

} // namespace

class TestInfluenceJob : public QObject
{
    Q_OBJECT
private slots:
    void bothModelsAgreeWithTheReadableTwin_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("threads");
        QTest::newRow("one token") << std::string("Ann") << true << 2;
        QTest::newRow("two threads") << text << true << 2;
        QTest::newRow("one thread") << text << true << 1;
        QTest::newRow("more threads than cores") << text << true << 7;
        QTest::newRow("attention sees all") << text << false << 2;
    }

    void bothModelsAgreeWithTheReadableTwin()
    {
        QFETCH(std::string, bytes);
        QFETCH(bool, causal);
        QFETCH(int, threads);
        Fixture fixture(bytes, false);
        fixture.change([&](Settings& settings) {
            settings.causal = causal;
            settings.threads = threads;
        });
        fixture.job.setShown(true);
        QVERIFY(fixture.waitFor(State::Done));
        QCOMPARE(fixture.job.causal(), causal);
        compareWithTwin(fixture);
    }

    void rowsThatStayTrueAreKept_data()
    {
        QTest::addColumn<std::string>("next");
        QTest::addColumn<bool>("causal");
        QTest::newRow("a word more") << text + " key" << true;
        QTest::newRow("a word less") << text.substr(0, text.rfind(' ')) << true;
        QTest::newRow("another end") << text.substr(0, text.rfind(' ')) + " blue key" << true;
        QTest::newRow("another beginning") << "Bob" + text.substr(3) << true;
        QTest::newRow("attention sees all") << text + " key" << false;
        QTest::newRow("the same") << text << false;
    }

    void rowsThatStayTrueAreKept()
    {
        QFETCH(std::string, next);
        QFETCH(bool, causal);
        Fixture fixture(text);
        fixture.change([causal](Settings& settings) { settings.causal = causal; });
        QVERIFY(fixture.waitFor(State::Done));
        const auto before = fixture.session.run()->tokens;
        int lstmKept = -1, attentionKept = -1;
        connect(&fixture.job, &InfluenceJob::restarted, this, [&] {
            lstmKept = fixture.job.lstm().known();
            attentionKept = fixture.job.attention().known();
        });
        fixture.session.editText(next);
        QVERIFY(fixture.waitUntilRead(next));
        const auto after = fixture.session.run()->tokens;
        const auto sameId = [](const Token& a, const Token& b) { return a.id == b.id; };
        const auto prefix = static_cast<int>(
            std::mismatch(before.begin(), before.end(), after.begin(), after.end(), sameId).first
            - before.begin());
        QCOMPARE(lstmKept, prefix);
        QCOMPARE(attentionKept, causal || next == text ? prefix : 0);
        QVERIFY(fixture.waitFor(State::Done));
        compareWithTwin(fixture);
    }

    void anotherModelKeepsNothing()
    {
        Fixture fixture(text);
        QVERIFY(fixture.waitFor(State::Done));
        int kept = -1;
        connect(&fixture.job, &InfluenceJob::restarted, this, [&] { kept = fixture.known(); });
        fixture.change([](Settings& settings) { settings.seed = 2; });
        QCOMPARE(kept, 0);
        QVERIFY(fixture.waitFor(State::Done));
        compareWithTwin(fixture);
    }

    void aNewerKeystrokeStopsTheSweep()
    {
        Fixture fixture(words(240));
        QVERIFY(fixture.waitForRows());
        QVERIFY(fixture.job.state() == State::Computing);
        const int before = fixture.known();
        bool grew = false;
        connect(&fixture.job, &InfluenceJob::advanced, this,
            [&] { grew = grew || (fixture.session.reading() && fixture.known() > before); });
        fixture.session.editText(text);
        QCOMPARE(fixture.known(), before); // nothing that was on its way arrives any more
        QVERIFY(fixture.waitUntilRead(text));
        QVERIFY(!grew);
        QVERIFY(fixture.waitFor(State::Done));
        compareWithTwin(fixture);
    }

    void aBurstOfKeysIsFollowedByOneSweep()
    {
        Fixture fixture("A");
        QVERIFY(fixture.waitFor(State::Done));
        for (std::size_t end = 2; end <= text.size(); ++end)
            fixture.session.editText(text.substr(0, end));
        QVERIFY(fixture.waitUntilRead(text));
        QVERIFY(fixture.waitFor(State::Done));
        compareWithTwin(fixture);
    }

    void nothingIsComputedUnseen()
    {
        Fixture fixture(text, false);
        QTest::qWait(200);
        QCOMPARE(fixture.known(), 0);
        fixture.job.setShown(true);
        QVERIFY(fixture.waitFor(State::Done));
    }

    void hidingStopsAndShowingGoesOn()
    {
        Fixture fixture(words(120));
        QVERIFY(fixture.waitForRows());
        fixture.job.setShown(false);
        const int known = fixture.known();
        QTest::qWait(200);
        QCOMPARE(fixture.known(), known);
        fixture.job.setShown(true);
        QVERIFY(fixture.waitFor(State::Done));
        const auto complete = [](const ModelInfluence& influence) {
            return influence.complete() && std::ssize(influence.rows) == influence.known();
        };
        QVERIFY(complete(fixture.job.lstm()) && complete(fixture.job.attention()));
    }

    void allRowsNeedNothingNew()
    {
        Fixture fixture(text);
        QVERIFY(fixture.waitFor(State::Done));
        QSignalSpy restarts(&fixture.job, &InfluenceJob::restarted);
        bool stayed = true;
        connect(&fixture.job, &InfluenceJob::restarted, this,
            [&] { stayed = fixture.job.state() == State::Done; });
        fixture.session.runAllRows();
        QVERIFY(restarts.wait(patienceMs));
        QVERIFY(stayed);
    }

    void aLongTextIsComputedOnDemand()
    {
        const std::string bytes = words(InfluenceJob::MostTokensUnasked / 4 + 8); // of 4 bytes
        Fixture fixture("Ann", true, narrowPair());
        fixture.change([](Settings& settings) { settings.windowLength = 4096; });
        QVERIFY(fixture.waitFor(State::Done));
        const int known = fixture.known();
        fixture.session.editText(bytes);
        QVERIFY(fixture.waitUntilRead(bytes));
        QVERIFY(fixture.session.run()->window.count() > InfluenceJob::MostTokensUnasked);
        QVERIFY(fixture.job.state() == State::TooLong);
        QTest::qWait(200);
        QCOMPARE(fixture.known(), known); // of the tokens both texts begin with
        fixture.job.computeAnyway();
        QVERIFY(fixture.job.state() == State::Computing);
        QVERIFY(
            QTest::qWaitFor([&] { return fixture.job.lstm().rows.back().known(); }, patienceMs));
        fixture.session.editText(bytes + " key"); // asked for that text only
        QVERIFY(fixture.waitUntilRead(bytes + " key"));
        QVERIFY(fixture.job.state() == State::TooLong);
    }

    void tooMuchMemoryIsSaid()
    {
        Fixture fixture(words(120), false);
        const Run& run = *fixture.session.run();
        const std::size_t tokens = std::size_t(run.window.count());
        const int threads = fixture.session.settings().threads;
        fixture.change([&](Settings& settings) {
            settings.memoryBudget
                = InfluenceSweep::bytesNeeded(run.lstm->model->shape, tokens, threads)
                + InfluenceSweep::bytesNeeded(run.attention->model->shape, tokens, threads);
        });
        fixture.job.setShown(true);
        QVERIFY(fixture.waitFor(State::Refused));
        QVERIFY(fixture.job.refusal().contains(QStringLiteral("influence")));
        QCOMPARE(fixture.known(), 0);
        fixture.change([](Settings& settings) { settings.memoryBudget = 0; });
        QVERIFY(fixture.waitFor(State::Done));
    }

    void emptyTextsHaveNone()
    {
        Fixture fixture(text);
        QVERIFY(fixture.waitFor(State::Done));
        fixture.session.editText({});
        QVERIFY(fixture.waitUntilRead({}));
        QVERIFY(fixture.job.state() == State::Nothing);
        QVERIFY(fixture.job.lstm().rows.empty());
    }

    void theJobMayEndDuringASweep()
    {
        Session session;
        {
            InfluenceJob job(session);
            job.setShown(true);
            session.openModels({ "untrained" });
            session.setText(words(240));
            QVERIFY(QTest::qWaitFor([&] { return job.lstm().known() > 0; }, patienceMs));
        }
        QCoreApplication::processEvents();
    }
};

QTEST_GUILESS_MAIN(TestInfluenceJob)
#include "tst_influence_job.moc"
