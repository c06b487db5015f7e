// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/probe_job.h"
#include "ui/session/session.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

#include <functional>
#include <string>

using namespace timestep;

namespace {

constexpr int patienceMs = 120000; // sanitizers are slow
const std::string text = "Ann has the red key and Bob has the blue key. Ann has the red";

std::string words(int count)
{
    std::string bytes = "Ann";
    for (int i = 1; i < count; ++i)
        bytes += i % 2 == 0 ? " has" : " the";
    return bytes;
}

constexpr TokenReplacement replacement { 3, 300 };
constexpr EachTokenReplaced eachToken { 12, 300 };
constexpr EachLinkBroken eachLink { { 1, 6 } };
constexpr EarlyQuestion question { { 2, 300 }, 1 };
const LstmIntervention intervention { .forgetGates
    = { { .layer = 1, .steps = { 4, 1000 }, .value = 0.5F } } };

/// A session that has read `bytes` with the untrained pair, and what is tried on it.
class Fixture
{
public:
    explicit Fixture(const std::string& bytes, const ProbeRequest& request = {}, bool shown = true)
        : job(session)
    {
        session.openModels({ "untrained" });
        job.setShown(shown);
        job.setRequest(request);
        read(bytes);
    }

    void read(const std::string& bytes)
    {
        session.setText(bytes);
        if (!waitUntilRead())
            qFatal("the text was not read");
    }
    void change(const std::function<void(Settings&)>& change)
    {
        Settings settings = session.settings();
        change(settings);
        session.setSettings(settings);
        if (!waitUntilRead())
            qFatal("the text was not read again");
    }
    bool waitUntilRead()
    {
        return QTest::qWaitFor(
            [&] {
                return session.run() && session.run()->text == session.text() && !session.busy();
            },
            patienceMs);
    }
    bool wait()
    {
        return QTest::qWaitFor([this] { return !job.computing(); }, patienceMs);
    }

    const Run& run() const { return *session.run(); }
    std::vector<TokenId> ids() const
    {
        std::vector<TokenId> found;
        for (int token = run().window.begin; token < run().window.end; ++token)
            found.push_back(run().tokens[std::size_t(token)].id);
        return found;
    }

    Session session;
    ProbeJob job;
};

ProbeRequest everything()
{
    return { .replacement = replacement,
        .eachToken = eachToken,
        .intervention = intervention,
        .question = question,
        .eachLink = eachLink };
}

std::span<const float> rowOf(const Matrix<float>& logits, int row)
{
    return { logits.row(row).data(), std::size_t(logits.cols()) };
}

} // namespace

/// What a view that shows what was tried relies on.
class TestProbeJob : public QObject
{
    Q_OBJECT
private slots:
    void everyPartIsWhatTheEngineFinds()
    {
        Fixture fixture(text, everything());
        QVERIFY(fixture.wait());
        QVERIFY(fixture.job.complete());
        QCOMPARE(fixture.job.refusal(), QString());
        const ProbeResult& found = *fixture.job.result();
        QCOMPARE(found.run, fixture.session.run());

        const std::vector<TokenId> ids = fixture.ids();
        const std::stop_token stop;
        Executor executor(2);
        for (const bool lstm : { true, false }) {
            const ModelRun& before = lstm ? *fixture.run().lstm : *fixture.run().attention;
            const PackedModel model(before.model, defaultKernels());
            const auto replaced = readWithReplacement(
                model, fixture.run().tokens, before.logits, replacement, {}, executor, stop);
            const ReplacementFound& r = *found.replacement;
            QCOMPARE((lstm ? r.lstm : r.attention).change.divergence, replaced->change.divergence);
            const auto each = changesByEachToken({ model, executor }, ids, eachToken.target,
                rowOf(before.logits, eachToken.target), eachToken.token, stop);
            QCOMPARE(lstm ? found.eachToken->lstm : found.eachToken->attention, *each);
            const auto answers = askAfterEachStep(
                { model, executor }, ids, question.question, question.first, stop);
            QCOMPARE(lstm ? found.question->lstm : found.question->attention, *answers);
            QCOMPARE(lstm ? found.question->lstmAlone : found.question->attentionAlone,
                askAlone({ model, executor }, ids, question.question, stop).value());
        }
        const ModelRun& lstm = *fixture.run().lstm;
        const auto effects = effectsOfBrokenLinks(PackedModel(lstm.model, defaultKernels()),
            fixture.run().tokens, lstm.logits, eachLink.steps, {}, executor, stop);
        QCOMPARE(found.eachLink->effects.size(), effects->size());
        for (std::size_t i = 0; i < effects->size(); ++i)
            QCOMPARE(found.eachLink->effects[i].bits, effects->at(i).bits);
        const ChangedReading& changed = found.intervention->lstm;
        QCOMPARE(changed.run.recording.gates[1].forget(4, 0), 0.5F);
        QVERIFY(changed.run.recording.gates[1].forget(3, 0) != 0.5F);
        QCOMPARE(changed.change.divergence[3], 0.0);
        QVERIFY(changed.change.divergence[4] > 0);
        QCOMPARE(found.intervention->request.forgetGates[0].steps,
            (IndexRange { 4, fixture.run().window.count() })); // as far as the text goes
    }

    void attentionIsReadAsTheSessionReadsIt()
    {
        Fixture fixture(text, { .replacement = replacement }, false);
        fixture.change([](Settings& settings) { settings.causal = false; });
        fixture.job.setShown(true);
        QVERIFY(fixture.wait());
        QVERIFY(fixture.job.result()->replacement->attention.change.divergence[0] > 0);
        QCOMPARE(fixture.job.result()->replacement->lstm.change.divergence[0], 0.0);
    }

    void aMovedWindowIsWhatIsTried()
    {
        Fixture fixture(text, { .replacement = replacement }, false);
        fixture.change([](Settings& settings) {
            settings.windowLength = 6;
            settings.windowBegin = 2;
        });
        QCOMPARE(fixture.run().window, (IndexRange { 2, 8 }));
        fixture.job.setShown(true);
        QVERIFY(fixture.wait());
        const ReplacementFound& found = *fixture.job.result()->replacement;
        QCOMPARE(found.lstm.change.divergence.size(), std::size_t(6));
        QCOMPARE(found.lstm.change.divergence[2], 0.0);
        QVERIFY(found.lstm.change.divergence[3] > 0);
    }

    void anotherRequestKeepsWhatWasAnswered()
    {
        Fixture fixture(text, everything());
        QVERIFY(fixture.wait());
        const auto before = fixture.job.result();
        ProbeRequest next = everything();
        next.replacement->position = 5;
        next.question.reset();
        fixture.job.setRequest(next);
        QVERIFY(fixture.job.computing());
        QCOMPARE(fixture.job.result()->question, nullptr); // is asked no more
        QCOMPARE(fixture.job.result()->replacement, before->replacement); // until the new is there
        QVERIFY(fixture.wait());
        QCOMPARE(fixture.job.result()->replacement->request.position, 5);
        QCOMPARE(fixture.job.result()->eachToken, before->eachToken);
        QCOMPARE(fixture.job.result()->intervention, before->intervention);
        QCOMPARE(before->replacement->request, replacement); // never changed once handed out
    }

    void anotherTextKeepsNothing()
    {
        Fixture fixture(text, everything());
        QVERIFY(fixture.wait());
        const auto before = fixture.job.result();
        bool stale = false;
        connect(&fixture.job, &ProbeJob::changed, this, [&] {
            const ProbeResult& now = *fixture.job.result();
            stale = stale
                || (now.run != before->run && now.replacement
                    && now.replacement == before->replacement);
        });
        fixture.read("Bob" + text.substr(3));
        QVERIFY(fixture.wait());
        QVERIFY(fixture.job.complete() && !stale);
        QCOMPARE(fixture.job.result()->run, fixture.session.run());
        QVERIFY(fixture.job.result()->replacement != before->replacement);
    }

    void allRowsNeedNothingNew()
    {
        Fixture fixture(text, everything());
        QVERIFY(fixture.wait());
        const auto before = fixture.job.result();
        QSignalSpy runs(&fixture.session, &Session::runChanged);
        fixture.session.runAllRows();
        QVERIFY(runs.wait(patienceMs));
        QVERIFY(fixture.job.complete());
        QCOMPARE(fixture.job.result()->run, fixture.session.run());
        QCOMPARE(fixture.job.result()->eachToken, before->eachToken);
    }

    void aRequestOutlivesATextThatItDoesNotFit()
    {
        Fixture fixture("A", everything());
        QVERIFY(fixture.wait());
        QVERIFY(fixture.job.complete()); // of what can be tried
        const ProbeResult& none = *fixture.job.result();
        QVERIFY(!none.replacement && !none.eachToken && !none.intervention && !none.question
            && !none.eachLink);
        fixture.read(text);
        QVERIFY(fixture.wait());
        const ProbeResult& all = *fixture.job.result();
        QVERIFY(
            all.replacement && all.eachToken && all.intervention && all.question && all.eachLink);
        fixture.read({});
        QVERIFY(fixture.job.complete() && !fixture.job.computing());
        QVERIFY(!fixture.job.result()->replacement);
    }

    void tokensThatNoModelKnowsAreNotTried()
    {
        Fixture fixture(text,
            { .replacement = TokenReplacement { 3, 1'000'000 },
                .eachToken = EachTokenReplaced { 12, -1 } });
        QVERIFY(fixture.wait());
        QVERIFY(fixture.job.complete());
        QVERIFY(!fixture.job.result()->replacement && !fixture.job.result()->eachToken);
    }

    void aNewerRequestStopsTheOneThatRuns()
    {
        Fixture fixture(words(200), { .eachToken = EachTokenReplaced { 199, 300 } });
        QVERIFY(fixture.job.computing());
        QTest::qWait(100); // it has begun
        for (int position = 1; position < 20; ++position)
            fixture.job.setRequest({ .replacement = TokenReplacement { position, 300 } });
        QVERIFY(fixture.wait());
        QCOMPARE(fixture.job.result()->replacement->request.position, 19);
        QVERIFY(!fixture.job.result()->eachToken);
    }

    void aKeystrokeStopsWhatRuns()
    {
        Fixture fixture(words(200), { .eachToken = EachTokenReplaced { 199, 300 } });
        QVERIFY(fixture.job.computing());
        fixture.read(text); // too short for what was asked for
        QVERIFY(fixture.job.complete());
        QTest::qWait(200);
        QVERIFY(!fixture.job.result()->eachToken);
    }

    void nothingIsTriedUnseen()
    {
        Fixture fixture(text, everything(), false);
        QVERIFY(!fixture.job.computing());
        QTest::qWait(200);
        QVERIFY(!fixture.job.result()->replacement);
        fixture.job.setShown(true);
        QVERIFY(fixture.job.computing());
        fixture.job.setShown(false); // hiding stops it
        QVERIFY(!fixture.job.computing());
        fixture.job.setShown(true);
        QVERIFY(fixture.wait());
        QVERIFY(fixture.job.complete());
    }

    void whatIsRefusedIsSaidAndTheRestIsThere()
    {
        ProbeRequest request = everything();
        request.intervention->forgetGates[0].layer = 7;
        Fixture fixture(text, request);
        QVERIFY(fixture.wait());
        QVERIFY(!fixture.job.complete());
        QVERIFY2(
            fixture.job.refusal().contains("layers 0 to 1"), qPrintable(fixture.job.refusal()));
        QVERIFY(fixture.job.result()->replacement && fixture.job.result()->question);
        QVERIFY(!fixture.job.result()->intervention);
        request.intervention->forgetGates[0].layer = 0;
        fixture.job.setRequest(request);
        QCOMPARE(fixture.job.refusal(), QString());
        QVERIFY(fixture.wait());
        QVERIFY(fixture.job.complete());
    }

    void theJobMayEndWhileItRuns()
    {
        Session session;
        {
            ProbeJob job(session);
            job.setShown(true);
            job.setRequest({ .eachToken = EachTokenReplaced { 199, 300 } });
            session.openModels({ "untrained" });
            session.setText(words(200));
            QVERIFY(QTest::qWaitFor([&] { return job.computing(); }, patienceMs));
            QTest::qWait(100);
        }
        QCoreApplication::processEvents();
    }
};

QTEST_GUILESS_MAIN(TestProbeJob)
#include "tst_probe_job.moc"
