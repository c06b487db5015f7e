// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <string>

using namespace timestep;

namespace {

constexpr int patienceMs = 120000; // sanitizers are slow

bool waitUntilIdle(Session& session)
{
    return QTest::qWaitFor([&session] { return !session.busy(); }, patienceMs);
}

/// A session with the untrained pair that has read `text`.
std::unique_ptr<Session> readySession(const std::string& text)
{
    auto session = std::make_unique<Session>();
    session->setText(text);
    session->openModels({ "untrained" });
    return waitUntilIdle(*session) ? std::move(session) : nullptr;
}

std::string longText(std::size_t bytes)
{
    std::string text;
    while (text.size() < bytes)
        text += "Ann has the red key and Bob has the blue key. ";
    text.resize(bytes);
    return text;
}

Settings changed(const Session& session, const std::function<void(Settings&)>& change)
{
    Settings settings = session.settings();
    change(settings);
    return settings;
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT
private slots:
    void aTextIsReadByBothModels()
    {
        const std::string text = "Ann has the red key.";
        const auto session = readySession(text);
        QVERIFY(session);
        const auto run = session->run();
        QVERIFY(run);
        QCOMPARE(run->text, text);
        QCOMPARE(run->rows, 1);
        const int tokens = session->tokenized()->count();
        QCOMPARE(run->window.count(), tokens);
        QCOMPARE(static_cast<int>(run->lstm->logits.rows()), tokens);
        QCOMPARE(static_cast<int>(run->attention->logits.rows()), tokens);
        QVERIFY(!run->lstm->recording.gates.empty());
        QVERIFY(run->attention->recording.affinities != nullptr);
        QVERIFY(session->plannedPair());
        QCOMPARE(session->plannedPair()->lstm.plan.shape().steps, tokens);
        QCOMPARE(session->clock().duration(), session->plannedPair()->duration());
    }

    void onlyTheLatestOfManyKeystrokesArrives()
    {
        const auto session = readySession("A");
        QVERIFY(session);
        QSignalSpy runs(session.get(), &Session::runChanged);
        std::string text;
        for (const char letter : std::string("Ann has the red key and Bob has the blue key.")) {
            text += letter;
            session->editText(text);
        }
        QVERIFY(waitUntilIdle(*session));
        QCOMPARE(runs.count(), 1);
        QCOMPARE(session->run()->text, text);
        QCOMPARE(session->tokenized()->text, text);
    }

    void resultsNeverGoBackWhileTyping()
    {
        const auto session = readySession("A");
        QVERIFY(session);
        std::size_t longest = 0;
        bool wentBack = false;
        connect(session.get(), &Session::runChanged, this, [&] {
            wentBack = wentBack || session->run()->text.size() < longest;
            longest = session->run()->text.size();
        });
        std::string text;
        for (int i = 0; i < 40; ++i) {
            text += " key";
            session->editText(text);
            QTest::qWait(i % 5);
        }
        QVERIFY(waitUntilIdle(*session));
        QVERIFY(!wentBack);
        QCOMPARE(session->run()->text, text);
    }

    void allRowsRunWithATrace()
    {
        const auto session = readySession("Ann has the red key.");
        QVERIFY(session);
        session->setSettings(changed(*session, [](Settings& s) {
            s.rows = 6;
            s.subBatches = 3;
        }));
        session->runAllRows();
        QVERIFY(waitUntilIdle(*session));
        QCOMPARE(session->run()->rows, 6);
        QCOMPARE(session->run()->lstm->plan.cut().subBatches, 3);
        QVERIFY(!session->run()->lstm->trace.spans.empty());
        QVERIFY(!session->run()->attention->trace.spans.empty());
    }

    void rowsAloneRunNothing()
    {
        const auto session = readySession("Ann has the red key.");
        QVERIFY(session);
        QSignalSpy runs(session.get(), &Session::runChanged);
        QSignalSpy plans(session.get(), &Session::plannedPairChanged);
        session->setSettings(changed(*session, [](Settings& s) { s.workers = 64; }));
        QVERIFY(waitUntilIdle(*session));
        QCOMPARE(plans.count(), 1);
        QCOMPARE(session->plannedPair()->workers, 64);
        QCOMPARE(runs.count(), 0);
    }

    void theStrategyMayChangeDuringARun()
    {
        const auto session = readySession(longText(4000));
        QVERIFY(session);
        session->runAllRows();
        QVERIFY(session->busy());
        session->setSettings(
            changed(*session, [](Settings& s) { s.attentionStrategy = Strategy::QueryBlock; }));
        QVERIFY(waitUntilIdle(*session));
        QVERIFY(session->run()->attention->plan.cut().strategy == Strategy::QueryBlock);
        QVERIFY(session->plannedPair()->attention.plan.cut().strategy == Strategy::QueryBlock);
    }

    void theSessionMayCloseDuringARun()
    {
        auto session = readySession(longText(4000));
        QVERIFY(session);
        QSignalSpy runs(session.get(), &Session::runChanged);
        session->runAllRows();
        QVERIFY(session->busy());
        session.reset();
        QCoreApplication::processEvents();
        QCOMPARE(runs.count(), 0);
    }

    void aMegabyteIsCutIntoTokensWithoutHoldingUpTheCaller()
    {
        const auto session = readySession("A");
        QVERIFY(session);
        const std::string text = longText(1 << 20);
        session->setText(text);
        QCOMPARE(session->tokenized()->text, std::string("A")); // not yet
        QVERIFY(waitUntilIdle(*session));
        const auto tokenized = session->tokenized();
        QCOMPARE(tokenized->text.size(), text.size());
        QCOMPARE(tokenized->tokens.back().end, text.size());
        QCOMPARE(tokenized->window.count(), session->settings().windowLength);
        QCOMPARE(session->run()->window.count(), tokenized->window.count());
        QCOMPARE(session->plannedPair()->lstm.plan.shape().steps, tokenized->window.count());
    }

    void theWindowMoves_data()
    {
        QTest::addColumn<int>("asked");
        QTest::addColumn<int>("begin");
        QTest::newRow("inside") << 3 << 3;
        QTest::newRow("before the text") << -5 << 0;
        QTest::newRow("beyond the text: the last tokens") << 1000000 << -1;
    }

    void theWindowMoves()
    {
        QFETCH(int, asked);
        QFETCH(int, begin);
        const auto session = readySession(longText(500));
        QVERIFY(session);
        session->setSettings(changed(*session, [asked](Settings& s) {
            s.windowLength = 8;
            s.windowBegin = asked;
        }));
        QVERIFY(waitUntilIdle(*session));
        const int last = session->tokenized()->count() - 8;
        const IndexRange expected { begin < 0 ? last : begin, (begin < 0 ? last : begin) + 8 };
        QVERIFY(session->run()->window == expected);
        QVERIFY(session->tokenized()->window == expected);
        QCOMPARE(session->settings().windowBegin, expected.begin);
    }

    void anEmptyTextIsATextToo()
    {
        const auto session = readySession("Ann has");
        QVERIFY(session);
        session->selection().pinToken(1);
        session->editText({});
        QVERIFY(waitUntilIdle(*session));
        QVERIFY(session->run());
        QVERIFY(!session->run()->lstm);
        QVERIFY(!session->run()->attention);
        QVERIFY(!session->plannedPair());
        QCOMPARE(session->clock().duration(), 0.0);
        QVERIFY(!session->selection().pinnedToken());
        session->editText("Bob");
        QVERIFY(waitUntilIdle(*session));
        QVERIFY(session->run()->lstm);
        QVERIFY(session->plannedPair());
    }

    void settingsStayInTheirRanges_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("subBatches");
        QTest::addColumn<int>("clampedRows");
        QTest::addColumn<int>("clampedSubBatches");
        QTest::newRow("too few") << 0 << 0 << 1 << 1;
        QTest::newRow("too many") << 1000 << 1000 << 256 << 32;
        QTest::newRow("more sub-batches than rows: the wish is kept") << 3 << 8 << 3 << 8;
    }

    void settingsStayInTheirRanges()
    {
        QFETCH(int, rows);
        QFETCH(int, subBatches);
        Session session;
        session.setSettings(changed(session, [&](Settings& s) {
            s.rows = rows;
            s.subBatches = subBatches;
            s.workers = 100000;
        }));
        QTEST(session.settings().rows, "clampedRows");
        QTEST(session.settings().subBatches, "clampedSubBatches");
        QCOMPARE(session.settings().workers, 512);
    }

    void aWrongModelFolderLeavesAUsableSession()
    {
        Session session;
        QSignalSpy failures(&session, &Session::failed);
        session.setText("Ann has the red key.");
        session.openModels({ "/nowhere/model" });
        QVERIFY(waitUntilIdle(session));
        QCOMPARE(failures.count(), 1);
        QVERIFY(failures.first().first().toString().contains(QStringLiteral("/nowhere/model")));
        QVERIFY(session.models().lstm);
        QVERIFY(session.run());
    }

    void aWrongModelFolderLeavesThePairThatWasThere()
    {
        const auto session = readySession("Ann");
        QVERIFY(session);
        const ModelPointer before = session->models().lstm;
        QSignalSpy failures(session.get(), &Session::failed);
        session->openModels({ "/nowhere/model" });
        QVERIFY(waitUntilIdle(*session));
        QCOMPARE(failures.count(), 1);
        QVERIFY(session->models().lstm == before);
    }

    void aRefusedRunKeepsWhatWasShown()
    {
        const auto session = readySession("Ann has the red key.");
        QVERIFY(session);
        const auto before = session->run();
        QSignalSpy failures(session.get(), &Session::failed);
        session->setSettings(changed(*session, [](Settings& s) { s.memoryBudget = 1; }));
        QVERIFY(waitUntilIdle(*session));
        QCOMPARE(failures.count(), 1);
        QVERIFY(!failures.first().first().toString().contains(u'\n'));
        QVERIFY(session->run() == before);
    }

    void theSeedMakesOtherUntrainedModels()
    {
        const auto session = readySession("Ann has");
        QVERIFY(session);
        const auto before = session->run();
        session->setSettings(changed(*session, [](Settings& s) { s.seed = 2; }));
        QVERIFY(waitUntilIdle(*session));
        QVERIFY(session->run()->lstm->model != before->lstm->model);
        QVERIFY(session->run()->lstm->logits != before->lstm->logits);
    }

    void busyIsToldOnceEachWay()
    {
        const auto session = readySession("Ann has");
        QVERIFY(session);
        QSignalSpy busy(session.get(), &Session::busyChanged);
        session->editText("Ann has the");
        QVERIFY(session->busy());
        QVERIFY(waitUntilIdle(*session));
        QCOMPARE(busy.count(), 2);
        QCOMPARE(busy[0].first().toBool(), true);
        QCOMPARE(busy[1].first().toBool(), false);
    }

    void readingIsToldOfTheModelsAlone()
    {
        const auto session = readySession("Ann has");
        QVERIFY(session);
        QSignalSpy reading(session.get(), &Session::readingChanged);
        session->setSettings(changed(*session, [](Settings& s) { s.workers = 64; }));
        QVERIFY(waitUntilIdle(*session));
        QCOMPARE(reading.count(), 0); // a plan is no reading
        session->editText("Ann has the");
        QVERIFY(session->reading());
        QCOMPARE(reading.count(), 1);
        QVERIFY(waitUntilIdle(*session));
        QVERIFY(!session->reading());
        QCOMPARE(reading.count(), 2);
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
