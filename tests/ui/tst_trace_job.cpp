// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"
#include "ui/session/trace_job.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <functional>

using namespace timestep;

namespace {

using State = TraceJob::State;

constexpr int patience = 120000; // ms: sanitizers are slow

class Fixture
{
public:
    explicit Fixture(const std::string& text = "Ann has the red key", bool shown = true)
        : job(session)
    {
        session.openModels({ "untrained" });
        change([](Settings& settings) {
            settings.rows = 4;
            settings.subBatches = 2;
            settings.threads = 2;
        });
        job.setShown(shown);
        session.setText(text);
        if (!QTest::qWaitFor([&] { return session.run() && !session.busy(); }, patience))
            qFatal("the text was not read");
    }

    void change(const std::function<void(Settings&)>& change)
    {
        Settings settings = session.settings();
        change(settings);
        session.setSettings(settings);
    }
    bool waitFor(State state)
    {
        return QTest::qWaitFor([&] { return job.state() == state; }, patience);
    }
    bool waitForRuns(std::size_t count)
    {
        return QTest::qWaitFor(
            [&] { return job.runs().size() >= count && job.state() == State::Done; }, patience);
    }

    Session session;
    TraceJob job;
};

} // namespace

class TraceJobTest : public QObject
{
    Q_OBJECT
private slots:
    void theNumbersOfRowsAreRunOneAfterTheOther()
    {
        Fixture fixture;
        QVERIFY(fixture.waitFor(State::Done));
        const TracedRunPointer run = fixture.job.newest();
        QCOMPARE(run->groups.size(), std::size_t(4));
        for (const TracedGroup& group : run->groups) {
            QCOMPARE(group.trace.spans.size(), group.plan.operations().size());
            QVERIFY(group.endNs > 0);
            QVERIFY(!group.criticalPath.empty());
            QVERIFY(group.pathNs <= group.endNs); // it was really waited for
            const LaneTotals totals = group.totals();
            double sum = 0;
            for (const double ns : totals.ns)
                sum += ns;
            QVERIFY(qAbs(sum - double(group.lanes.size()) * double(group.endNs)) < 1e3);
        }
        QVERIFY(std::is_sorted(run->moments.begin(), run->moments.end()));
        QVERIFY(run->moments.back() <= run->durationMs);
    }

    void aNewerTextReplacesARunThatGoesOn()
    {
        Fixture fixture;
        for (const char* text : { "Bob", "Bob has", "Bob has the", "Bob has the blue key" }) {
            fixture.session.editText(text);
            QTest::qWait(20);
        }
        QVERIFY(fixture.waitFor(State::Done));
        QCOMPARE(fixture.job.newest()->request.tokens.size(),
            std::size_t(fixture.session.tokenized()->count()));
        QCOMPARE(fixture.session.text(), std::string("Bob has the blue key"));
    }

    void theLastRunsAreKept()
    {
        Fixture fixture;
        QVERIFY(fixture.waitFor(State::Done));
        for (int run = 2; run <= int(TraceJob::mostRuns) + 2; ++run) {
            fixture.job.runAgain();
            QVERIFY(fixture.job.state() == State::Running);
            QVERIFY(QTest::qWaitFor([&] { return fixture.job.newest()->number == run; }, patience));
        }
        const auto& runs = fixture.job.runs();
        QCOMPARE(runs.size(), TraceJob::mostRuns);
        for (std::size_t i = 0; i < runs.size(); ++i)
            QCOMPARE(runs[i]->number, int(i) + 3);
    }

    void muchIsRunOnlyOnDemand()
    {
        Fixture fixture("");
        QVERIFY(fixture.job.state() == State::Nothing);
        fixture.change([](Settings& settings) { settings.rows = 256; });
        std::string text;
        for (int i = 0; i < 300; ++i)
            text += " the";
        fixture.session.setText(text);
        QVERIFY(fixture.waitFor(State::TooMuch));
        fixture.job.runAgain();
        QVERIFY(fixture.job.state() == State::Running);
        fixture.job.setShown(false); // or it takes a while
    }

    void aRefusalIsOneLine()
    {
        Fixture fixture;
        fixture.change([](Settings& settings) { settings.memoryBudget = 1000; });
        QVERIFY(fixture.waitFor(State::Refused));
        QVERIFY(!fixture.job.refusal().contains('\n'));
        QVERIFY(fixture.job.refusal().contains("traced run"));
        fixture.change([](Settings& settings) { settings.memoryBudget = 0; });
        QVERIFY(fixture.waitFor(State::Done));
    }

    void nothingRunsUnseen()
    {
        Fixture fixture("Ann has the red key", false);
        QTest::qWait(500); // longer than the pause
        QVERIFY(fixture.job.runs().empty());
        QVERIFY(!fixture.job.running());
        fixture.job.setShown(true);
        QVERIFY(fixture.waitForRuns(1));
    }
};

QTEST_GUILESS_MAIN(TraceJobTest)
#include "tst_trace_job.moc"
