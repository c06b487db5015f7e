// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/untrained_model.h"
#include "ui/session/continuation.h"
#include "ui/session/session.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <string>

using namespace timestep;

namespace {

constexpr int patienceMs = 60000; // sanitizers are slow
constexpr int endless = 1'000'000; // more than a test waits for
const std::string text = "Ann has the red key and Bob";

/// Every byte is a token, so that what is written is cut as it was written.
ModelPair bytePair() { return untrainedPair(Vocabulary::fromMerges({}), 1); }

struct Fixture
{
    explicit Fixture(const std::string& bytes = text, const ModelPair& models = bytePair())
        : continuation(session)
    {
        session.setModels(models);
        session.setText(bytes);
        if (!waitUntilRead())
            qFatal("the text was not read");
    }

    bool waitUntilRead()
    {
        return QTest::qWaitFor(
            [this] {
                return session.run() && session.run()->text == session.text() && !session.busy();
            },
            patienceMs);
    }

    std::string write(ModelKind writer, const TokenChoice& choice, int count)
    {
        continuation.start(writer, choice, count);
        if (!QTest::qWaitFor([this] { return !continuation.running(); }, patienceMs))
            qFatal("it did not end");
        return session.text();
    }

    bool waitForText(const std::string& before)
    {
        return QTest::qWaitFor([&] { return session.text().size() > before.size(); }, patienceMs);
    }

    Session session;
    Continuation continuation;
};

void addWriters()
{
    QTest::addColumn<ModelKind>("writer");
    QTest::newRow("lstm") << ModelKind::Lstm;
    QTest::newRow("attention") << ModelKind::Attention;
}

} // namespace

class TestContinuation : public QObject
{
    Q_OBJECT
private slots:
    void itGoesOnWithWhatTheRunExpects_data() { addWriters(); }
    void itGoesOnWithWhatTheRunExpects()
    {
        QFETCH(ModelKind, writer);
        Fixture f;
        const auto run = f.session.run();
        const Matrix<float>& logits
            = (writer == ModelKind::Lstm ? run->lstm : run->attention)->logits;
        Eigen::Index best = 0;
        logits.row(logits.rows() - 1).maxCoeff(&best);
        const auto& vocabulary = *run->lstm->model->vocabulary;
        QCOMPARE(f.write(writer, { 0, 1 }, 1),
            text + std::string(vocabulary.bytes(static_cast<TokenId>(best))));
    }

    void theSameSeedWritesTheSame_data() { addWriters(); }
    void theSameSeedWritesTheSame()
    {
        QFETCH(ModelKind, writer);
        Fixture f;
        const std::string once = f.write(writer, { 1, 3 }, 20);
        QCOMPARE(once.size(), text.size() + 20);
        QVERIFY(once.starts_with(text));
        f.session.setText(text);
        QCOMPARE(f.write(writer, { 1, 3 }, 20), once);
        f.session.setText(text);
        QVERIFY(f.write(writer, { 1, 4 }, 20) != once);
    }

    void oneByOneIsTheSameAsAtOnce_data() { addWriters(); }
    void oneByOneIsTheSameAsAtOnce()
    {
        QFETCH(ModelKind, writer);
        Fixture f, other;
        const std::string atOnce = f.write(writer, { 1, 3 }, 12);
        std::string oneByOne;
        for (int i = 0; i < 12; ++i)
            oneByOne = other.write(writer, { 1, 3 }, 1);
        QCOMPARE(oneByOne, atOnce);
        QCOMPARE(other.continuation.times().size(), std::size_t(12));
    }

    void whatWasReadBeforeSwaysNothing()
    {
        const std::string another = "Ann has the blue key and";
        Fixture f, fresh(another);
        f.write(ModelKind::Lstm, { 1, 3 }, 5);
        f.session.setText(another);
        QCOMPARE(f.write(ModelKind::Attention, { 1, 3 }, 10),
            fresh.write(ModelKind::Attention, { 1, 3 }, 10));
    }

    void bothModelsAreTimed()
    {
        Fixture f;
        f.write(ModelKind::Attention, { 1, 3 }, 9);
        QCOMPARE(f.continuation.times().size(), std::size_t(9));
        for (const TokenTimes& times : f.continuation.times())
            QVERIFY(times.lstm > 0 && times.attention > 0);
        f.session.setText("Bob");
        f.write(ModelKind::Lstm, { 1, 3 }, 2);
        QCOMPARE(f.continuation.times().size(), std::size_t(2)); // another text
    }

    void whateverChangesTheTextStopsIt_data()
    {
        QTest::addColumn<int>("what");
        QTest::newRow("typing") << 0;
        QTest::newRow("a sample") << 1;
        QTest::newRow("another pair") << 2;
        QTest::newRow("another kernel") << 3;
        QTest::newRow("told to") << 4;
    }
    void whateverChangesTheTextStopsIt()
    {
        QFETCH(int, what);
        Fixture f;
        f.continuation.start(ModelKind::Lstm, { 1, 3 }, endless);
        QVERIFY(f.continuation.running());
        QVERIFY(f.waitForText(text));
        std::string expected = f.session.text();
        if (what == 0) {
            expected += "!";
            f.session.editText(expected);
        } else if (what == 1) {
            expected = "Bob";
            f.session.setText(expected);
        } else if (what == 2) {
            f.session.setModels(bytePair());
            QVERIFY(f.continuation.times().empty());
        } else if (what == 3) {
            Settings settings = f.session.settings();
            settings.kernel = "reference";
            f.session.setSettings(settings);
        } else {
            f.continuation.stop();
        }
        QVERIFY(!f.continuation.running());
        QVERIFY(f.waitUntilRead());
        QTest::qWait(250); // nothing is on its way any more
        QCOMPARE(f.session.text(), expected);
    }

    void rowsAndWorkersDoNotStopIt()
    {
        Fixture f;
        f.continuation.start(ModelKind::Lstm, { 1, 3 }, endless);
        Settings settings = f.session.settings();
        settings.rows = 8;
        settings.workers = 9;
        f.session.setSettings(settings);
        QVERIFY(f.continuation.running());
        f.continuation.stop();
    }

    void withoutATextThereIsNothingToGoOnFrom()
    {
        Fixture f("");
        QVERIFY(!f.continuation.possible());
        QCOMPARE(f.write(ModelKind::Lstm, { 1, 3 }, 3), std::string());
    }

    void withoutModelsItWaits()
    {
        Session session;
        session.setText(text);
        Continuation continuation(session);
        QVERIFY(!continuation.possible());
        continuation.start(ModelKind::Lstm, { 1, 3 }, 3);
        QVERIFY(!continuation.running());
    }

    void theWindowMovesWhenItIsFull()
    {
        Fixture f;
        Settings settings = f.session.settings();
        settings.windowLength = 16; // of 27 tokens
        f.session.setSettings(settings);
        QVERIFY(f.waitUntilRead());
        const std::string written = f.write(ModelKind::Attention, { 1, 3 }, 40);
        QCOMPARE(written.size(), text.size() + 40);
        QTRY_COMPARE_WITH_TIMEOUT(f.session.tokenized()->window.end, 67, patienceMs);
        QVERIFY(f.waitUntilRead());
        QCOMPARE(f.session.tokenized()->window.begin, 51);
        // Only the text counts, not how it came about.
        f.session.setText(written.substr(0, 50));
        QVERIFY(f.waitUntilRead());
        QCOMPARE(f.write(ModelKind::Attention, { 1, 3 }, 17), written);
        QTRY_COMPARE_WITH_TIMEOUT(f.session.tokenized()->window.end, 67, patienceMs);
        // Whoever looks at the beginning then is left there.
        settings = f.session.settings();
        settings.windowBegin = 0;
        f.session.setSettings(settings);
        QVERIFY(f.waitUntilRead());
        QCOMPARE(f.session.tokenized()->window.begin, 0);
    }

    void readersBeginWhereTheWindowHasRoom_data()
    {
        QTest::addColumn<int>("window");
        for (const int window : { 1, 2, 3, 16, 17, 1024 })
            QTest::addRow("%d", window) << window;
    }
    void readersBeginWhereTheWindowHasRoom()
    {
        QFETCH(int, window);
        std::size_t before = 0;
        for (std::size_t count = 1; count < 4000; ++count) {
            const std::size_t first = firstTokenRead(count, window);
            const std::size_t read = count - first;
            QVERIFY(first < count && read <= std::size_t(window));
            QVERIFY(first == 0 || read >= std::size_t(window) / 2);
            QVERIFY(first >= before);
            before = first;
        }
        QCOMPARE(firstTokenRead(std::size_t(window), window), std::size_t(0));
    }

    void theModelMayEndTheText()
    {
        ModelPair models = bytePair();
        Model ending = *models.lstm;
        const TokenId end = ending.vocabulary->endOfText().value();
        std::get<LstmWeights<float>>(ending.weights).headBias(end) = 1000;
        models.lstm = std::make_shared<const Model>(std::move(ending));
        Fixture f(text, models);
        QCOMPARE(f.write(ModelKind::Lstm, { 1, 3 }, 5), text);
        QCOMPARE(f.continuation.note(), QStringLiteral("the model ended the text"));
        f.write(ModelKind::Attention, { 0, 3 }, 1);
        QVERIFY(f.continuation.note().isEmpty());
    }

    void tooMuchMemoryIsRefusedInALine()
    {
        Fixture f;
        Settings settings = f.session.settings();
        settings.windowLength = 16384;
        settings.memoryBudget = 4 << 20; // enough for the text, not for the window
        f.session.setSettings(settings);
        QVERIFY(f.waitUntilRead());
        QSignalSpy failed(&f.continuation, &Continuation::failed);
        QCOMPARE(f.write(ModelKind::Lstm, { 1, 3 }, 5), text);
        QCOMPARE(failed.count(), 1);
        QVERIFY2(failed[0][0].toString().contains("--memory"), qPrintable(failed[0][0].toString()));
    }
};

QTEST_GUILESS_MAIN(TestContinuation)
#include "tst_continuation.moc"
